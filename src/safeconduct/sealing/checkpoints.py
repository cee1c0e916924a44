# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checkpoints of the audit chain, countersigned by the monitor's offline key."""

import struct
from dataclasses import dataclass
from datetime import date
from typing import Final

from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.sealing.signatures import SigningKey, VerifyKey

HASH_BYTES: Final = 32

_LAYOUT = struct.Struct(f">QI{HASH_BYTES}s")
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain's entry `number`, its day, and the hash that stands for all entries up to it."""

    number: int
    day: date
    hash: bytes

    def __post_init__(self) -> None:
        if self.number < 0 or len(self.hash) != HASH_BYTES:
            raise ValueError(f"A checkpoint has a number from 0 and a hash of {HASH_BYTES} bytes.")


def sign(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """64 bytes."""
    return key.sign(_message(checkpoint))


def verify(checkpoint: Checkpoint, signature: bytes, key: VerifyKey) -> None:
    """Return if the holder of `key` signed exactly this checkpoint, else raise `BadSignature`."""
    key.verify(_message(checkpoint), signature)


def _message(checkpoint: Checkpoint) -> bytes:
    days = checkpoint.day.toordinal() - _EPOCH
    return PROTOCOL + b"checkpoint" + _LAYOUT.pack(checkpoint.number, days, checkpoint.hash)
