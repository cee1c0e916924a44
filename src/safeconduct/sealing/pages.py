# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody signs of each page that it keeps sealed: the page's body, and the place in which it was written.

A seal says who may read and nothing of who wrote: a team's public key stands in the database. The signature says that it was
this register, with a key that is in no copy of the database.
"""

import struct
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.sealing.signatures import SigningKey, VerifyKey

_NUMBERS = struct.Struct(">qqi")  # signed: what nobody ever wrote has a spelling too, and is refused like all else
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: its table and row, what its seal is bound to, whose it is under which key, and its day."""

    table: str
    row: int
    bound: bytes
    team: str
    key_version: int
    day: date


def sign(place: Place, body: bytes, key: SigningKey) -> bytes:
    """64 bytes; the same for the same page in the same place."""
    return key.sign(_message(b"page", place, body))


def verify(place: Place, body: bytes, signature: bytes, key: VerifyKey) -> None:
    """Return if the holder of `key` wrote exactly this page in exactly this place, else raise `BadSignature`."""
    key.verify(_message(b"page", place, body), signature)


def name_of(place: Place, body: bytes, signature: bytes, key: SigningKey) -> bytes:
    """Names what was found in a place, a page or not: 64 bytes that nobody else can make, and so cannot have ready."""
    return key.sign(_message(b"found", place, body + signature))


def set_aside(place: Place, body: bytes, signature: bytes, key: SigningKey) -> bytes:
    """Says that what was found there counts no more: 64 bytes, the same for the same."""
    return key.sign(_message(b"aside", place, body + signature))


def _message(what: bytes, place: Place, content: bytes) -> bytes:
    """Every field of changing length has its length before it, so that two places never have one spelling."""
    days = place.day.toordinal() - _EPOCH
    named = b"".join(_counted(part) for part in (place.table.encode(), place.bound, place.team.encode()))
    return PROTOCOL + what + named + _NUMBERS.pack(place.row, place.key_version, days) + sha256(content).digest()


def _counted(part: bytes) -> bytes:
    return len(part).to_bytes(2, "big") + part
