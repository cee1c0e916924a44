# SPDX-License-Identifier: AGPL-3.0-or-later
"""Device cookies (OWASP): a browser in which an operator has signed in is remembered for that operator.

One browser may be shared by a shift, so the cookie holds several marks. A mark proves nothing but "not a stranger":
it opens no page, and after ten wrong guesses with it its owner is a stranger again.
"""

import secrets
from collections.abc import Iterator

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from safeconduct.desk.operators.pressure import keyed, lane_of
from safeconduct.sealing import tickets
from safeconduct.sealing.errors import TicketRefused

LIFE = 90 * 24 * 60 * 60  # seconds
GUESSES = 10
_MOST = 8  # operators per browser; the one seen longest ago gives way
_PURPOSE = b"desk/known"


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """One operator's mark in one browser. The account is an HMAC of the name."""

    account: str
    nonce: str


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Mark])


def lane_for(request: HttpRequest, name: str, now: int) -> str | None:
    """The lane that this browser has for that operator, if it has one."""
    for mark in _marks(request, now):
        if mark.account == _account(name):
            return lane_of("known", mark.account, mark.nonce)
    return None


def remember(request: HttpRequest, response: HttpResponseBase, name: str, now: int) -> None:
    """Give the browser a fresh mark for this operator; the others' stay."""
    mark = Mark(_account(name), secrets.token_hex(16))
    others = [kept for kept in _marks(request, now) if kept.account != mark.account]
    value = tickets.issue(_key(), _encoder.encode([mark, *others][:_MOST]), purpose=_PURPOSE, expires=now + LIFE)
    response.set_cookie(settings.KNOWN_COOKIE_NAME, value, max_age=LIFE, secure=True, httponly=True, samesite="Strict")


def _marks(request: HttpRequest, now: int) -> Iterator[Mark]:
    try:
        payload = tickets.redeem(_key(), request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), purpose=_PURPOSE, now=now)
        yield from _decoder.decode(payload)
    except (TicketRefused, msgspec.DecodeError):
        return


def _account(name: str) -> str:
    return keyed("account", name).hex()


def _key() -> bytes:
    return keyed("known browsers")
