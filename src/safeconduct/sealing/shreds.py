# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closing what a store keeps for one conversation, so that overwriting 32 bytes destroys all of it.

Unlike an erasure key of the desk, such a key closes a few hundred values in its life. Twelve random bytes of nonce are
enough for that (a collision among 2^16 values has a chance of 2^-65), and a derivation for each value is saved.
"""

import secrets
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from safeconduct.sealing.derivation import KEY_BYTES
from safeconduct.sealing.errors import KeyRefused, Tampered

NONCE_BYTES: Final = 12
SHRED_BYTES: Final = NONCE_BYTES + 16  # how much longer a closed value is


class Shred:
    """One conversation's key. Raises `KeyRefused` for another size than 32 bytes."""

    __slots__ = ("_cipher", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise KeyRefused(f"A shred's key has {KEY_BYTES} bytes; this has {len(raw)}.")
        self.raw = raw
        self._cipher = ChaCha20Poly1305(raw)

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return "Shred(…)"

    def close(self, plain: bytes, *, context: bytes) -> bytes:
        """`context` names the place: what was closed for one opens in no other."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, context)

    def reopen(self, closed: bytes, *, context: bytes) -> bytes:
        """What `close` was given. Raises `Tampered` for another key or context, or for altered bytes."""
        try:
            return self._cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise Tampered("The value was altered, or belongs to another conversation or place.") from None
