# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closing bytes under a 32-byte key that is used many times: erasure keys and tickets stand on it.

Twelve random bytes of nonce are too few for a key that lives for years, so each box gets a key of its own,
derived with 24 random bytes of salt; the nonce of a key that closes once is zero.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from safeconduct.sealing.derivation import KEY_BYTES, derive_key
from safeconduct.sealing.errors import KeyRefused, Tampered

SALT_BYTES: Final = 24
TAG_BYTES: Final = 16
ONCE: Final = bytes(12)  # the nonce of a key that encrypts one message in its life


def close_box(key: bytes, plain: bytes, *, purpose: bytes, context: bytes) -> bytes:
    """Salt, ciphertext, tag: 40 bytes longer than `plain`. It opens only with the same key, purpose and context."""
    salt = secrets.token_bytes(SALT_BYTES)
    once = derive_key(_checked(key), salt=salt, purpose=purpose)
    return salt + ChaCha20Poly1305(once).encrypt(ONCE, plain, context)


def open_box(key: bytes, box: bytes, *, purpose: bytes, context: bytes) -> bytes:
    """What `close_box` was given. Raises `Tampered` for anything else."""
    once = derive_key(_checked(key), salt=box[:SALT_BYTES], purpose=purpose)
    try:
        return ChaCha20Poly1305(once).decrypt(ONCE, box[SALT_BYTES:], context)
    except InvalidTag:
        raise Tampered("The box was altered, or belongs to another key, purpose or context.") from None


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise KeyRefused(f"A key of {KEY_BYTES} bytes is needed; this has {len(key)}.")
    return key
