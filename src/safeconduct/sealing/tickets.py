# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tickets: state that the edge hands to the visitor, sealed under the edge's own key, good until a moment."""

import base64
import binascii
import struct
from typing import Final

from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.errors import Tampered, TicketExpired, TicketMalformed

TICKET_MAX: Final = 131_072  # characters; a whole step with the longest text fits

_EXPIRES = struct.Struct(">Q")


def issue(key: bytes, payload: bytes, *, purpose: bytes, expires: int) -> str:
    """A ticket in base64url without padding. `expires` is in Unix seconds and lies inside the seal."""
    box = close_box(key, _EXPIRES.pack(expires) + payload, purpose=b"ticket", context=purpose)
    ticket = base64.urlsafe_b64encode(box).rstrip(b"=").decode("ascii")
    if len(ticket) > TICKET_MAX:
        raise ValueError(f"A ticket has at most {TICKET_MAX} characters; this would have {len(ticket)}.")
    return ticket


def redeem(key: bytes, ticket: str, *, purpose: bytes, now: int) -> bytes:
    """The payload, as often as asked until it expires. Raises `TicketMalformed` or `TicketExpired`."""
    try:
        opened = open_box(key, _decode(ticket), purpose=b"ticket", context=purpose)
    except Tampered:
        raise TicketMalformed("This ticket was not issued here for this purpose.") from None
    if len(opened) < _EXPIRES.size:
        raise TicketMalformed("This ticket holds no end.")
    (expires,) = _EXPIRES.unpack_from(opened)
    if now >= expires:
        raise TicketExpired("This ticket has expired.")
    return opened[_EXPIRES.size :]


def _decode(ticket: str) -> bytes:
    if len(ticket) > TICKET_MAX:
        raise TicketMalformed("This ticket is too long.")
    try:
        box = base64.b64decode(ticket + "=" * (-len(ticket) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise TicketMalformed("This ticket is not base64url.") from None
    if base64.urlsafe_b64encode(box).rstrip(b"=").decode("ascii") != ticket:
        raise TicketMalformed("This ticket is spelled in another way than it was issued.")
    return box
