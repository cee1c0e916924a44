# SPDX-License-Identifier: AGPL-3.0-or-later
"""A key for each conversation, under which the store keeps all that belongs to it; to erase is to zero that key.

SQLite's secure_delete zeroes deleted rows, but not the copies that stay behind in a page when the tree is balanced and
a row moves to its neighbour: of 4,800 erased conversations some twenty values were still in the file. A secret has a
row of fixed size that never moves and is overwritten in place, so what stays behind elsewhere is closed for good. Only
identifiers (random bytes that lead nowhere any more) may stay behind in clear.
"""

from enum import Enum

from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.shreds import SHRED_BYTES, Shred
from safeconduct.spool.contract import HALF_BYTES
from safeconduct.spool.errors import SpoolUnavailable

SECRET_BYTES = 32 + HALF_BYTES  # what the row of fixed size holds: the key, then the half


class Place(Enum):
    """Where a closed value lies."""

    ENVELOPE = b"spool/envelope"
    REPLY = b"spool/reply"
    DURESS = b"spool/duress"
    KEPT = b"spool/kept"
    ERRAND = b"spool/errand"


def shred_of(secret: bytes) -> Shred:
    return Shred(secret[:-HALF_BYTES])


def half_of(secret: bytes) -> bytes:
    return secret[-HALF_BYTES:]


def closed_size(plain: bytes) -> int:
    """How long `close` makes it."""
    return len(plain) + SHRED_BYTES


def close(shred: Shred, plain: bytes, place: Place) -> bytes:
    return shred.close(plain, context=place.value)


def reopen(secret: bytes | None, stored: bytes, place: Place) -> bytes:
    """What was stored under the conversation's key, or in clear where there is none.

    Raises SpoolUnavailable when the row is damaged.
    """
    if secret is None:
        return stored
    try:
        return shred_of(secret).reopen(stored, context=place.value)
    except SealingError as error:
        raise SpoolUnavailable("a row of the spool is damaged") from error


def reopen_to_pass_on(secret: bytes | None, stored: bytes, place: Place) -> bytes:
    """A damaged one is passed on as it is, for its reader to refuse: it must not stop those behind it."""
    try:
        return reopen(secret, stored, place)
    except SpoolUnavailable:
        return stored
