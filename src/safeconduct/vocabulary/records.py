# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies inside a sealed body, the same for every channel (MessagePack, strict both ways).

Facts and free text are two records in two envelopes, so that text can be destroyed alone (R3).
"""

from typing import Annotated

import msgspec

from safeconduct.vocabulary.applications import HEAD_COUNT_MAX, ApplicationType, Stage
from safeconduct.vocabulary.contact import ChannelCode, SafeContactRule
from safeconduct.vocabulary.secrets import Plain

TEXT_MAX = 10_000  # characters; a longer text is refused with this number, never cut


class ApplicationFacts(msgspec.Struct, frozen=True, tag_field="record", tag="application/1"):
    """R2's questions and no more, and the public key that a reply is sealed to."""

    type: ApplicationType
    language: str
    stage: Stage
    head_count: Annotated[int, msgspec.Meta(ge=1, le=HEAD_COUNT_MAX)]
    channel: ChannelCode
    safe_contact: SafeContactRule | None
    duress_word_set: bool
    mailbox: bytes


class PersonText(msgspec.Struct, frozen=True, tag_field="record", tag="text/1"):
    """A person's own words, letter by letter, and whether the duress word stood in them (R5)."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]
    duress: bool = False


class ReplyText(msgspec.Struct, frozen=True, tag_field="record", tag="reply/1"):
    """An operator's answer. `day` is an ISO date: no precise time reaches the person's screen."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]
    day: str


class NoteText(msgspec.Struct, frozen=True, tag_field="record", tag="note/1"):
    """An operator's internal note."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]


class ErasureWish(msgspec.Struct, frozen=True, tag_field="record", tag="erasure/1"):
    """R48: the person wishes that everything be erased. The door that took it has already forgotten."""


Record = ApplicationFacts | PersonText | ReplyText | NoteText | ErasureWish

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def encode(record: Record) -> Plain:
    """The bytes that are sealed."""
    return Plain(_encoder.encode(record))


def decode(body: bytes) -> Record:
    """Read a sealed body back. Raises `msgspec.DecodeError` (of which `ValidationError` is a kind) if it is not one."""
    record: Record = _decoder.decode(body)
    return record
