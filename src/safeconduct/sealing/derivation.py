# SPDX-License-Identifier: AGPL-3.0-or-later
"""HKDF-SHA256 (RFC 5869), the way from one secret to another, and the prefix that keeps our uses of it apart."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PROTOCOL = b"safeconduct/1/"
KEY_BYTES = 32

_SHA256 = SHA256()


def derive_key(secret: bytes, *, salt: bytes | None, purpose: bytes) -> bytes:
    """32 bytes that are good for `purpose` alone; without salt, RFC 5869's default of zeros."""
    return HKDF(algorithm=_SHA256, length=KEY_BYTES, salt=salt, info=PROTOCOL + purpose).derive(secret)
