# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key pairs that things are sealed to. One suite, no options: a weaker one cannot be chosen.

HPKE (RFC 9180), base mode, KEM MLKEM768-X25519 (X-Wing, draft-connolly-cfrg-xwing-kem; KEM id 0x647a),
HKDF-SHA256, ChaCha20-Poly1305. Breaking a seal takes breaking both ML-KEM-768 and X25519.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.sealing.errors import KeyRefused, Tampered
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, KeyId
from safeconduct.vocabulary.secrets import KeySeed

SEED_BYTES: Final = 32
MLKEM_PUBLIC_BYTES: Final = 1184
MLKEM_SEED_BYTES: Final = 64
X25519_BYTES: Final = 32
PUBLIC_BYTES: Final = MLKEM_PUBLIC_BYTES + X25519_BYTES
ENCAPSULATION_BYTES: Final = 1088 + X25519_BYTES
SEAL_OVERHEAD: Final = ENCAPSULATION_BYTES + 16  # what HPKE adds: the encapsulated key and the tag

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_FIELD_PRIME: Final = 2**255 - 19  # of Curve25519 (RFC 7748)
_PROBE = X25519PrivateKey.from_private_bytes(b"safeconduct: any scalar will do.")


def key_id_of(raw: bytes) -> KeyId:
    """The name of a public key, of either kind."""
    return KeyId(hashlib.sha256(raw).digest()[:IDENTIFIER_BYTES])


@dataclass(frozen=True, slots=True, repr=False)
class PublicKey:
    """X-Wing's encoding: ML-KEM-768's encapsulation key (1,184 bytes), then X25519's point (32).

    One that exists is valid: parsing is paid once, here. Raises `KeyRefused`.
    """

    raw: bytes
    key_id: KeyId = field(init=False, compare=False)
    _parsed: MLKEM768X25519PublicKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.raw) != PUBLIC_BYTES:
            raise KeyRefused(f"A public key has {PUBLIC_BYTES} bytes; this has {len(self.raw)}.")
        object.__setattr__(self, "_parsed", _parsed_public(self.raw))
        object.__setattr__(self, "key_id", key_id_of(self.raw))

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Take a key from bytes that somebody sent. Raises `KeyRefused`."""
        return cls(bytes(raw))

    @classmethod
    def _of_ours(cls, raw: bytes, parsed: MLKEM768X25519PublicKey) -> Self:
        """The public half of a private key that we just expanded: it needs no checking, which is a third of the cost."""
        key = object.__new__(cls)
        object.__setattr__(key, "raw", raw)
        object.__setattr__(key, "_parsed", parsed)
        object.__setattr__(key, "key_id", key_id_of(raw))
        return key

    def __repr__(self) -> str:
        return f"PublicKey({self.key_id.hex()})"


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """The half that opens. It is kept and moved as its 32-byte X-Wing seed, never in expanded form."""

    seed: KeySeed
    public: PublicKey = field(init=False, compare=False)
    _parsed: MLKEM768X25519PrivateKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise KeyRefused(f"A private key's seed has {SEED_BYTES} bytes; this has {len(self.seed)}.")
        expanded = hashlib.shake_256(self.seed).digest(MLKEM_SEED_BYTES + X25519_BYTES)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[MLKEM_SEED_BYTES:])
        lattice, point = mlkem.public_key(), x25519.public_key()
        raw = lattice.public_bytes_raw() + point.public_bytes_raw()
        public = PublicKey._of_ours(raw, MLKEM768X25519PublicKey(lattice, point))  # noqa: SLF001 - its own module
        object.__setattr__(self, "_parsed", MLKEM768X25519PrivateKey(mlkem, x25519))
        object.__setattr__(self, "public", public)

    @classmethod
    def generate(cls) -> Self:
        return cls(KeySeed(secrets.token_bytes(SEED_BYTES)))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The same key pair from the same 32 bytes. Raises `KeyRefused`."""
        return cls(KeySeed(bytes(seed)))

    def __repr__(self) -> str:
        return f"PrivateKey(of {self.public.key_id.hex()})"


def seal_to(public: PublicKey, plain: bytes, *, purpose: bytes) -> bytes:
    """HPKE seal of a few bytes: encapsulated key (1,120), ciphertext, tag (16). `purpose` goes into `info`."""
    return _SUITE.encrypt(plain, public._parsed, PROTOCOL + purpose)  # noqa: SLF001 - one room


def open_with(private: PrivateKey, sealed: bytes, *, purpose: bytes) -> bytes:
    """What `seal_to` was given. Raises `Tampered`: HPKE cannot tell a wrong key from a changed byte."""
    try:
        return _SUITE.decrypt(sealed, private._parsed, PROTOCOL + purpose)  # noqa: SLF001 - one room
    except InvalidTag:
        raise Tampered("Sealed for another key or purpose, or altered.") from None


def _parsed_public(raw: bytes) -> MLKEM768X25519PublicKey:
    mlkem, point = raw[:MLKEM_PUBLIC_BYTES], raw[MLKEM_PUBLIC_BYTES:]
    # X-Wing hashes the point's bytes: what is sealed to another spelling of the same point would open for nobody.
    if int.from_bytes(point, "little") >= _FIELD_PRIME:
        raise KeyRefused("The X25519 half of the public key is not in its canonical form.")
    try:
        x25519 = X25519PublicKey.from_public_bytes(point)
        _PROBE.exchange(x25519)  # refuses a point of low order
        return MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(mlkem), x25519)
    except ValueError:
        raise KeyRefused("These bytes are no public key of the suite.") from None
