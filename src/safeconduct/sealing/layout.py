# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every byte of an envelope, out and in (`docs/envelope.md`). Reading is strict: one spelling of each envelope, no more."""

import functools
import hashlib
import re
import struct
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from typing import Final

from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.sealing.errors import Malformed, Tampered, TooLarge, UnknownVersion
from safeconduct.sealing.keys import SEAL_OVERHEAD
from safeconduct.sealing.padding import PADDED_MAX, PADDED_MIN
from safeconduct.sealing.signatures import SIGNATURE_BYTES
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, ConversationId, EnvelopeId, KeyId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Sealed

MAGIC: Final = b"SCE"
VERSION: Final = 1
DIGEST_BYTES: Final = 32
SALT_BYTES: Final = 16
TAG_BYTES: Final = 16
CONTENT_KEY_BYTES: Final = 32
WRAP_BYTES: Final = SEAL_OVERHEAD + CONTENT_KEY_BYTES
WRAPS_MAX: Final = 16
CIPHERTEXT_MIN: Final = PADDED_MIN + TAG_BYTES
CIPHERTEXT_MAX: Final = PADDED_MAX + TAG_BYTES

_HEADER = struct.Struct(">3sBB16s16sI32s32s")
_U8 = struct.Struct(">B")
_U16 = struct.Struct(">H")
_U32 = struct.Struct(">I")
_WRAP_HEAD = struct.Struct(">16sH")
HEADER_BYTES: Final = _HEADER.size

_CHANNEL = re.compile(r"[a-z]{2,16}")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_LABEL_MAX: Final = SALT_BYTES + (1 + 16) + (1 + 35) + (1 + max(len(kind.value) for kind in Kind)) + 1
_TRAILER_BYTES: Final = IDENTIFIER_BYTES + SIGNATURE_BYTES
ENVELOPE_MAX: Final = (
    HEADER_BYTES + 2 + _LABEL_MAX + 1 + WRAPS_MAX * (_WRAP_HEAD.size + WRAP_BYTES) + 4 + CIPHERTEXT_MAX + _TRAILER_BYTES
)

_EPOCH = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal() - _EPOCH


class Purpose(IntEnum):
    """Whom an envelope was written for. It is bound into all: a note can never pass for a reply."""

    TO_TEAM = 1
    TO_PERSON = 2
    NOTE = 3


@dataclass(frozen=True, slots=True)
class Header:
    """What is fixed when an envelope is sealed, and bound into its wraps, its body and its signature."""

    purpose: Purpose
    envelope: EnvelopeId
    conversation: ConversationId
    day: date
    label_digest: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Wrap:
    """The content key, sealed to one recipient."""

    recipient: KeyId
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed body with the keys that open it. `label` and `label_salt` are None once withdrawn."""

    header: Header
    label: Label | None
    label_salt: bytes | None
    wraps: tuple[Wrap, ...]
    ciphertext: bytes = field(repr=False)
    signer: KeyId
    signature: bytes = field(repr=False)


def encode_header(header: Header) -> bytes:
    """The first 105 bytes of an envelope."""
    _exact(header.envelope, IDENTIFIER_BYTES, "An envelope id")
    _exact(header.conversation, IDENTIFIER_BYTES, "A conversation id")
    _exact(header.label_digest, DIGEST_BYTES, "A label digest")
    _exact(header.commitment, DIGEST_BYTES, "A commitment")
    days = header.day.toordinal() - _EPOCH
    if days < 0:
        raise Malformed("An envelope's day is not before 1970.")
    return _HEADER.pack(
        MAGIC,
        VERSION,
        header.purpose,
        header.envelope,
        header.conversation,
        days,
        header.label_digest,
        header.commitment,
    )


def label_digest(label: Label, salt: bytes) -> bytes:
    """What stays in the header when the label leaves the clear. Raises `Malformed` for a label with odd words."""
    return hashlib.sha256(PROTOCOL + b"label" + salt + _encode_label(label)).digest()


def label_fits(envelope: Envelope) -> bool:
    """Whether the label is the one that was signed, or is withdrawn."""
    if envelope.label is None or envelope.label_salt is None:
        return envelope.label is None and envelope.label_salt is None
    return label_digest(envelope.label, envelope.label_salt) == envelope.header.label_digest


def serialise(envelope: Envelope) -> Sealed:
    """The envelope as bytes; `parse` gives the same envelope back. Raises `Malformed` or `TooLarge`."""
    return Sealed(
        b"".join(
            (
                encode_header(envelope.header),
                _encode_label_block(envelope),
                _encode_wraps(envelope.wraps),
                _U32.pack(len(envelope.ciphertext)),
                _sized_ciphertext(envelope.ciphertext),
                _exact(envelope.signer, IDENTIFIER_BYTES, "A signer's key id"),
                _exact(envelope.signature, SIGNATURE_BYTES, "A signature"),
            )
        )
    )


def parse(data: bytes) -> Envelope:
    """Read bytes that anybody may have sent. Raises `EnvelopeRefused` and nothing else; verifies no signature."""
    if len(data) > ENVELOPE_MAX:
        raise TooLarge(f"An envelope has at most {ENVELOPE_MAX} bytes; this has {len(data)}.")
    reader = _Reader(data)
    header = _read_header(reader)
    salt, label = _read_label_block(reader)
    wraps = _read_wraps(reader)
    ciphertext = _sized_ciphertext(reader.take(reader.number(_U32)))
    signer = KeyId(reader.take(IDENTIFIER_BYTES))
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    envelope = Envelope(header, label, salt, wraps, ciphertext, signer, signature)
    if not label_fits(envelope):
        raise Tampered("The label is not the one that was sealed.")
    return envelope


def split(envelope: Envelope) -> tuple[bytes, bytes]:
    """The envelope without wraps, and the wraps: a store keeps the second under an erasure key."""
    return serialise(replace(envelope, wraps=())), _encode_wraps(envelope.wraps)


def join(core: bytes, wraps: bytes) -> Envelope:
    """The reverse of `split`. Raises `EnvelopeRefused`."""
    reader = _Reader(wraps)
    read = _read_wraps(reader)
    reader.end()
    return replace(parse(core), wraps=read)


class _Reader:
    """Takes bytes from the front and never beyond the end."""

    def __init__(self, data: bytes) -> None:
        self._data = bytes(data)  # a view of somebody's buffer must not live on in an envelope
        self._at = 0

    def take(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._data):
            raise Malformed("The envelope is cut short.")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def number(self, kind: struct.Struct) -> int:
        value: int = kind.unpack(self.take(kind.size))[0]
        return value

    def word(self) -> str:
        try:
            return self.take(self.number(_U8)).decode("ascii")
        except UnicodeDecodeError:
            raise Malformed("A word of the label is not ASCII.") from None

    def end(self) -> None:
        if self._at != len(self._data):
            raise Malformed("Something stands after the end of the envelope.")


def _read_header(reader: _Reader) -> Header:
    magic, version, purpose, envelope, conversation, days, digest, commitment = _HEADER.unpack(
        reader.take(HEADER_BYTES)
    )
    if magic != MAGIC:
        raise Malformed("This is not an envelope.")
    if version != VERSION:
        raise UnknownVersion(f"This is an envelope of version {version}; this release reads version {VERSION}.")
    if days > _LAST_DAY:
        raise Malformed("The envelope's day lies beyond the calendar.")
    try:
        written_for = Purpose(purpose)
    except ValueError:
        raise Malformed("The envelope's purpose is unknown.") from None
    day = date.fromordinal(_EPOCH + days)
    return Header(written_for, EnvelopeId(envelope), ConversationId(conversation), day, digest, commitment)


@functools.lru_cache(maxsize=256)  # there are few, and each envelope is asked for it twice
def _encode_label(label: Label) -> bytes:
    if not _CHANNEL.fullmatch(label.channel) or not _LANGUAGE.fullmatch(label.language):
        raise Malformed("A label names a channel (2 to 16 letters a to z) and a language (BCP 47).")
    words = (label.channel, label.language, label.kind.value)
    return b"".join(_U8.pack(len(word)) + word.encode("ascii") for word in words) + _U8.pack(label.urgency)


def _encode_label_block(envelope: Envelope) -> bytes:
    if envelope.label is None or envelope.label_salt is None:
        return _U16.pack(0)
    block = _exact(envelope.label_salt, SALT_BYTES, "A label's salt") + _encode_label(envelope.label)
    return _U16.pack(len(block)) + block


def _read_label_block(reader: _Reader) -> tuple[bytes, Label] | tuple[None, None]:
    length = reader.number(_U16)
    if length == 0:
        return None, None
    block = _Reader(reader.take(length))
    salt = block.take(SALT_BYTES)
    channel, language, kind, urgency = block.word(), block.word(), block.word(), block.number(_U8)
    block.end()
    try:
        return salt, Label(channel, language, Kind(kind), Urgency(urgency))
    except ValueError:
        raise Malformed("The label's kind or urgency is unknown.") from None


def _encode_wraps(wraps: tuple[Wrap, ...]) -> bytes:
    _check_wraps(wraps)
    parts = [_U8.pack(len(wraps))]
    for wrap in wraps:
        parts += (_WRAP_HEAD.pack(_exact(wrap.recipient, IDENTIFIER_BYTES, "A key id"), len(wrap.sealed)), wrap.sealed)
    return b"".join(parts)


def _read_wraps(reader: _Reader) -> tuple[Wrap, ...]:
    wraps = []
    for _ in range(reader.number(_U8)):
        recipient, length = _WRAP_HEAD.unpack(reader.take(_WRAP_HEAD.size))
        wraps.append(Wrap(KeyId(recipient), reader.take(length)))
    read = tuple(wraps)
    _check_wraps(read)
    return read


def _check_wraps(wraps: tuple[Wrap, ...]) -> None:
    if len(wraps) > WRAPS_MAX:
        raise TooLarge(f"An envelope has at most {WRAPS_MAX} wraps; this has {len(wraps)}.")
    if any(len(wrap.sealed) != WRAP_BYTES for wrap in wraps):
        raise Malformed(f"A wrap of the suite has {WRAP_BYTES} bytes.")
    if len({wrap.recipient for wrap in wraps}) != len(wraps):
        raise Malformed("One recipient has one wrap.")


def _sized_ciphertext(ciphertext: bytes) -> bytes:
    if len(ciphertext) > CIPHERTEXT_MAX:
        raise TooLarge(f"A ciphertext has at most {CIPHERTEXT_MAX} bytes; this has {len(ciphertext)}.")
    if len(ciphertext) < CIPHERTEXT_MIN:
        raise Malformed(f"A ciphertext has at least {CIPHERTEXT_MIN} bytes; this has {len(ciphertext)}.")
    return ciphertext


def _exact(data: bytes, length: int, name: str) -> bytes:
    if len(data) != length:
        raise Malformed(f"{name} has {length} bytes; this has {len(data)}.")
    return data
