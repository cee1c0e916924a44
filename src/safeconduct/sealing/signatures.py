# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ed25519 (RFC 8032): each door signs what it writes, publishers sign the board, the monitor signs checkpoints."""

import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from safeconduct.sealing.errors import BadSignature, KeyRefused
from safeconduct.sealing.keys import key_id_of
from safeconduct.vocabulary.identifiers import KeyId

SEED_BYTES: Final = 32
VERIFY_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True, repr=False)
class VerifyKey:
    """The public half: 32 bytes."""

    raw: bytes
    key_id: KeyId = field(init=False, compare=False)
    _parsed: Ed25519PublicKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.raw) != VERIFY_KEY_BYTES:
            raise KeyRefused(f"A verifying key has {VERIFY_KEY_BYTES} bytes; this has {len(self.raw)}.")
        object.__setattr__(self, "_parsed", Ed25519PublicKey.from_public_bytes(self.raw))
        object.__setattr__(self, "key_id", key_id_of(self.raw))

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Take a key from bytes. Raises `KeyRefused`."""
        return cls(bytes(raw))

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return if this key signed `message`, else raise `BadSignature`."""
        try:
            self._parsed.verify(signature, message)
        except InvalidSignature:
            raise BadSignature("The signature does not fit.") from None

    def __repr__(self) -> str:
        return f"VerifyKey({self.key_id.hex()})"


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """The half that signs, kept as its 32-byte seed."""

    seed: bytes
    verify_key: VerifyKey = field(init=False, compare=False)
    _parsed: Ed25519PrivateKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise KeyRefused(f"A signing key's seed has {SEED_BYTES} bytes; this has {len(self.seed)}.")
        parsed = Ed25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_parsed", parsed)
        object.__setattr__(self, "verify_key", VerifyKey(parsed.public_key().public_bytes_raw()))

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The same key from the same 32 bytes. Raises `KeyRefused`."""
        return cls(bytes(seed))

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._parsed.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey(of {self.verify_key.key_id.hex()})"
