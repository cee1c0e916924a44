# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing and opening: a body is encrypted once, its content key is wrapped for each recipient (`docs/envelope.md`).

Wraps come and go; header, body and signature never change.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from safeconduct.sealing.boxes import ONCE
from safeconduct.sealing.derivation import PROTOCOL, derive_key
from safeconduct.sealing.errors import NotForThisKey, Tampered, UnknownSigner
from safeconduct.sealing.keys import PrivateKey, PublicKey, open_with, seal_to
from safeconduct.sealing.layout import (
    CONTENT_KEY_BYTES,
    ENVELOPE_MAX,
    SALT_BYTES,
    Envelope,
    Header,
    Purpose,
    Wrap,
    encode_header,
    join,
    label_digest,
    label_fits,
    parse,
    serialise,
    split,
)
from safeconduct.sealing.padding import pad, unpad
from safeconduct.sealing.signatures import SigningKey, VerifyKey
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, ConversationId, EnvelopeId, KeyId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Plain

__all__ = [
    "ENVELOPE_MAX",
    "Envelope",
    "Header",
    "Purpose",
    "Wrap",
    "add_wrap",
    "destroy_wrap",
    "join",
    "open_envelope",
    "parse",
    "replace_wraps",
    "seal",
    "serialise",
    "split",
    "verify",
    "without_label",
]


def seal(  # noqa: PLR0913 - all that an envelope says, by name
    plain: Plain,
    *,
    purpose: Purpose,
    conversation: ConversationId,
    label: Label,
    day: date,
    recipients: Sequence[PublicKey],
    signer: SigningKey,
) -> Envelope:
    """Seal `plain` so that each recipient, and nobody else, opens it. Raises `TooLarge` or `Malformed`."""
    if not recipients:
        raise ValueError("An envelope is sealed to at least one recipient.")
    content_key, salt, identity = _drawn()
    header = Header(purpose, identity, conversation, day, label_digest(label, salt), _commitment(content_key))
    head = encode_header(header)
    ciphertext = _body_cipher(content_key).encrypt(ONCE, pad(plain), head)
    signature = signer.sign(_signed(head, ciphertext))
    wraps = _wraps_for(recipients, content_key, head)
    return Envelope(header, label, salt, wraps, ciphertext, signer.verify_key.key_id, signature)


def verify(envelope: Envelope, doors: Mapping[KeyId, VerifyKey]) -> None:
    """Return if one of our doors wrote it, else raise `UnknownSigner`, `BadSignature` or `Tampered` (the label)."""
    door = doors.get(envelope.signer)
    if door is None:
        raise UnknownSigner("No door that we know wrote this envelope.")
    door.verify(_signed(encode_header(envelope.header), envelope.ciphertext), envelope.signature)
    if not label_fits(envelope):
        raise Tampered("The label is not the one that was sealed.")


def open_envelope(envelope: Envelope, key: PrivateKey) -> Plain:
    """The body. Raises `NotForThisKey`, `Tampered`, or `Malformed` (padding). Says nothing about who wrote it."""
    head = encode_header(envelope.header)
    content_key = _content_key(envelope, key, head)
    try:
        padded = _body_cipher(content_key).decrypt(ONCE, envelope.ciphertext, head)
    except InvalidTag:
        raise Tampered("The body or the header was altered.") from None
    return Plain(unpad(padded))


def add_wrap(envelope: Envelope, holder: PrivateKey, recipient: PublicKey) -> Envelope:
    """Let one more key open it; a wrap that this key had already is made anew."""
    head = encode_header(envelope.header)
    added = _wrap(_content_key(envelope, holder, head), head, recipient)
    return replace(envelope, wraps=(*destroy_wrap(envelope, recipient.key_id).wraps, added))


def replace_wraps(envelope: Envelope, holder: PrivateKey, recipients: Sequence[PublicKey]) -> Envelope:
    """Let these keys and no others open it: what handing a case to another team does."""
    if not recipients:
        raise ValueError("Wraps are replaced by at least one; destroy_wrap takes the last away.")
    head = encode_header(envelope.header)
    return replace(envelope, wraps=_wraps_for(recipients, _content_key(envelope, holder, head), head))


def destroy_wrap(envelope: Envelope, recipient: KeyId) -> Envelope:
    """Take this key's wrap away; nothing changes if there is none."""
    return replace(envelope, wraps=tuple(wrap for wrap in envelope.wraps if wrap.recipient != recipient))


def without_label(envelope: Envelope) -> Envelope:
    """Take the label out of the clear. The signature still fits: it covers the salted digest, which stays."""
    return replace(envelope, label=None, label_salt=None)


def _drawn() -> tuple[bytes, bytes, EnvelopeId]:
    """Content key, salt and name. In one draw: each lets go of Python's lock, and under load has to wait for it."""
    drawn = secrets.token_bytes(CONTENT_KEY_BYTES + SALT_BYTES + IDENTIFIER_BYTES)
    key, rest = drawn[:CONTENT_KEY_BYTES], drawn[CONTENT_KEY_BYTES:]
    return key, rest[:SALT_BYTES], EnvelopeId(rest[SALT_BYTES:])


def _wraps_for(recipients: Sequence[PublicKey], content_key: bytes, head: bytes) -> tuple[Wrap, ...]:
    return tuple(_wrap(content_key, head, recipient) for recipient in recipients)


def _wrap(content_key: bytes, head: bytes, recipient: PublicKey) -> Wrap:
    return Wrap(recipient.key_id, seal_to(recipient, content_key, purpose=b"wrap" + head))


def _content_key(envelope: Envelope, key: PrivateKey, head: bytes) -> bytes:
    for wrap in envelope.wraps:
        if wrap.recipient == key.public.key_id:
            content_key = open_with(key, wrap.sealed, purpose=b"wrap" + head)
            break
    else:
        raise NotForThisKey("This envelope has no wrap for this key.")
    # ChaCha20-Poly1305 does not commit to its key: without this, two recipients could be shown two bodies.
    if not hmac.compare_digest(_commitment(content_key), envelope.header.commitment):
        raise Tampered("The wrap holds another key than the one that the header commits to.")
    return content_key


def _commitment(content_key: bytes) -> bytes:
    return derive_key(content_key, salt=None, purpose=b"commitment")


def _body_cipher(content_key: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive_key(content_key, salt=None, purpose=b"body"))


def _signed(head: bytes, ciphertext: bytes) -> bytes:
    return PROTOCOL + b"envelope" + head + hashlib.sha256(ciphertext).digest()
