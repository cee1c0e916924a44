# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tokens to search by, so short that about ten different values share each: a stolen index names nobody."""

import hashlib
import hmac
import struct
from typing import Final

from safeconduct.sealing.derivation import KEY_BYTES, PROTOCOL
from safeconduct.sealing.errors import KeyRefused

COLLISIONS: Final = 10
BITS_MAX: Final = 32

# Values so few that any token of them can be undone by trying all. They are indexed only as parts of another value.
NEVER_ALONE: Final = frozenset({"year", "unit", "rank"})

_LENGTH = struct.Struct(">H")
_COVERED = struct.Struct(">BI")


def bits_for(population: int) -> int:
    """How long a token may be when `population` different values are expected: about ten share each token."""
    if population < 2 * COLLISIONS:
        raise ValueError(f"Fewer than {2 * COLLISIONS} values are not indexed: a token would name them.")
    return min((population // COLLISIONS).bit_length() - 1, BITS_MAX)


def token(key: bytes, kind: str, value: str, *, bits: int) -> int:
    """The first `bits` bits of an HMAC-SHA256. The caller has brought `value` to its one spelling."""
    if len(key) != KEY_BYTES:
        raise KeyRefused(f"An index key has {KEY_BYTES} bytes; this has {len(key)}.")
    if kind in NEVER_ALONE:
        raise ValueError(f"A {kind} alone is never indexed.")
    if not 1 <= bits <= BITS_MAX:
        raise ValueError(f"A token has 1 to {BITS_MAX} bits.")
    named = kind.encode()
    message = PROTOCOL + b"blind-index" + _LENGTH.pack(len(named)) + named + value.encode()
    digest = hmac.digest(key, message, hashlib.sha256)
    return int.from_bytes(digest[:4], "big") >> 32 - bits


def covered(cover: bytes, kind: str, value: int, *, bits: int) -> int:
    """What a token is looked up as: 63 bits under a second key, without which a stored row says nothing of its token.

    The cover can be destroyed and made anew by whoever still has the tokens; the index key is not needed for it.
    """
    if len(cover) != KEY_BYTES:
        raise KeyRefused(f"A cover has {KEY_BYTES} bytes; this has {len(cover)}.")
    named = kind.encode()
    message = PROTOCOL + b"covered-token" + _LENGTH.pack(len(named)) + named + _COVERED.pack(bits, value)
    return int.from_bytes(hmac.digest(cover, message, hashlib.sha256)[:8], "big") >> 1
