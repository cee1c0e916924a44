# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's word on whom a conversation is sealed to, signed whole."""

from typing import Final

from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.sealing.signatures import SIGNATURE_BYTES, SigningKey, VerifyKey

_INSTRUCTION: Final = PROTOCOL + b"instruction"


def sign(content: bytes, key: SigningKey) -> bytes:
    """Signature (64 bytes), then `content`."""
    return key.sign(_INSTRUCTION + content) + content


def verified(signed: bytes, key: VerifyKey) -> bytes:
    """The content of what `sign` made under this key. Raises `BadSignature`."""
    signature, content = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    key.verify(_INSTRUCTION + content, signature)
    return content
