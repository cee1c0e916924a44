# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page's ticket: random, so that what is sent twice from one page is known, whatever else is."""

import hashlib
import secrets
from contextlib import suppress
from datetime import date, timedelta

import msgspec
from django.db import transaction
from django.http import QueryDict

from safeconduct.desk.custody import days
from safeconduct.desk.custody.models import Used

TICKET_BYTES = 16
# A page can be sent until the session in which it was opened is locked or ends: each unlocking gives forms another token, and
# no session outlives a shift of 12 hours. The rest is room for clocks.
LIFE = timedelta(days=7)


def new_ticket() -> str:
    return secrets.token_hex(TICKET_BYTES)


def ticket(said: QueryDict) -> bytes:
    """Of the page that was typed on; a page that has none gets one now."""
    with suppress(ValueError):
        told = bytes.fromhex(said.get("ticket", ""))
        if len(told) == TICKET_BYTES:
            return told
    return bytes.fromhex(new_ticket())


def of(said: QueryDict, *what: object) -> bytes:
    """The same for what was typed: whoever goes back to a page that was sent and types another thing has not sent it yet."""
    return hashlib.sha256(ticket(said) + msgspec.json.encode(what)).digest()


def use(ticket: bytes) -> bool:
    """Whether it was not used yet. Called inside the act: what is refused uses none, and two at one moment wait for each other."""
    return Used.objects.get_or_create(ticket=ticket, defaults={"day": days.entered()})[1]


@transaction.atomic
def forget(today: date) -> int:
    """Clears the tickets of pages that nobody can send any more, and says how many. Whatever has no day gets this one first."""
    Used.objects.filter(day=None).update(day=today)
    return Used.objects.filter(day__lt=today - LIFE).delete()[0]
