# SPDX-License-Identifier: AGPL-3.0-or-later
"""Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019).

A length is rounded up until its binary form is no longer than its exponent's: at most 12% is added, and a size
tells O(log log n) bits. Below 256 bytes, where Padmé would tell "yes" from "no", everything is 256.
"""

import struct
from typing import Final

from safeconduct.sealing.errors import Malformed, TooLarge

PADDED_MIN: Final = 256
PADDED_MAX: Final = 65_536  # 10,000 characters of any script in a record fit, with room to spare
LENGTH_BYTES: Final = 4
PLAIN_MAX: Final = PADDED_MAX - LENGTH_BYTES

_LENGTH = struct.Struct(">I")


def padded_length(length: int) -> int:
    """The size class of `length` bytes."""
    if length <= PADDED_MIN:
        return PADDED_MIN
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


def pad(plain: bytes) -> bytes:
    """Length (u32, big-endian), `plain`, zeros up to the size class. Raises `TooLarge`."""
    if len(plain) > PLAIN_MAX:
        raise TooLarge(f"A body holds at most {PLAIN_MAX} bytes; this has {len(plain)}.")
    return (_LENGTH.pack(len(plain)) + plain).ljust(padded_length(LENGTH_BYTES + len(plain)), b"\0")


def unpad(padded: bytes) -> bytes:
    """What `pad` was given. Raises `Malformed` for another size class and for padding that is not zero."""
    if len(padded) < LENGTH_BYTES:
        raise Malformed("The padded body is cut short.")
    (length,) = _LENGTH.unpack_from(padded)
    end = LENGTH_BYTES + length
    if padded_length(end) != len(padded):
        raise Malformed("The padded body is not of its size class.")
    if padded.count(0, end) != len(padded) - end:
        raise Malformed("The padding holds something.")
    return padded[LENGTH_BYTES:end]
