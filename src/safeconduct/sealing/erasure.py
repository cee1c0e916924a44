# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasure keys: one per conversation, kept in a small store of its own. Destroying it erases all that lies under it."""

import secrets
from dataclasses import dataclass
from typing import Self

from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.derivation import KEY_BYTES
from safeconduct.sealing.errors import KeyRefused


@dataclass(frozen=True, slots=True, repr=False)
class ErasureKey:
    """32 random bytes. Raises `KeyRefused` for another size."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise KeyRefused(f"An erasure key has {KEY_BYTES} bytes; this has {len(self.raw)}.")

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return "ErasureKey(…)"


def protect(key: ErasureKey, plain: bytes, *, context: bytes) -> bytes:
    """Close `plain` (wraps, a note, a token) for one place: `context` names it, so that rows cannot be swapped."""
    return close_box(key.raw, plain, purpose=b"erasure", context=context)


def recover(key: ErasureKey, data: bytes, *, context: bytes) -> bytes:
    """What `protect` was given. Raises `Tampered` for another key or place, or for altered bytes."""
    return open_box(key.raw, data, purpose=b"erasure", context=context)
