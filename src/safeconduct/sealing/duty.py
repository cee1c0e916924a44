# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's word on who is on duty: signed whole; each phone sealed to the channel that rings it."""

import struct
from typing import Final

from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.sealing.keys import PrivateKey, PublicKey, open_with, seal_to
from safeconduct.sealing.padding import pad, unpad
from safeconduct.sealing.signatures import SIGNATURE_BYTES, SigningKey, VerifyKey

_PHONE: Final = b"duty/phone"
_SIGNAL: Final = PROTOCOL + b"duty/signal"
_SHIFT: Final = PROTOCOL + b"duty/shift"
_NUMBERS: Final = struct.Struct(">QQ")


def seal_phone(uri: bytes, public: PublicKey) -> bytes:
    """The same length for every phone. Raises `TooLarge`."""
    return seal_to(public, pad(uri), purpose=_PHONE)


def open_phone(sealed: bytes, private: PrivateKey) -> bytes:
    """Raises `Tampered` for what was sealed to another key, `Malformed` for what is no phone."""
    return unpad(open_with(private, sealed, purpose=_PHONE))


def sign(content: bytes, key: SigningKey) -> bytes:
    """Signature (64 bytes), then `content`."""
    return key.sign(_SIGNAL + content) + content


def verified(signal: bytes, key: VerifyKey) -> bytes:
    """The content of what `sign` made under this key. Raises `BadSignature`."""
    signature, content = signal[:SIGNATURE_BYTES], signal[SIGNATURE_BYTES:]
    key.verify(_SIGNAL + content, signature)
    return content


def sign_shift(operator: int, until: int, phone: bytes, key: SigningKey) -> bytes:
    """64 bytes, kept beside the operator's phone: who only writes to the desk's database can put no phone of theirs there."""
    return key.sign(_shift(operator, until, phone))


def verify_shift(operator: int, until: int, phone: bytes, *, signature: bytes, key: VerifyKey) -> None:
    """Raises `BadSignature`."""
    key.verify(_shift(operator, until, phone), signature)


def _shift(operator: int, until: int, phone: bytes) -> bytes:
    return _SHIFT + _NUMBERS.pack(operator, until) + phone
