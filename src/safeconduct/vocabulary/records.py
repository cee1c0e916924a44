# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies inside a sealed body, the same for every channel (MessagePack, strict both ways).

Facts and free text are two records in two envelopes, so that text can be destroyed alone (R3).
"""

from typing import Annotated, Literal

import msgspec

from safeconduct.vocabulary.applications import HEAD_COUNT_MAX, ApplicationType, Stage
from safeconduct.vocabulary.casework import CaseAct, CaseNeed, UnitArrival, UnitCount, UnitMember, UnitOf, UnitVoice
from safeconduct.vocabulary.contact import ChannelCode, SafeContactRule
from safeconduct.vocabulary.identity import IdentityClaims
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


class ChatContact(msgspec.Struct, frozen=True, tag_field="record", tag="contact/1"):
    """The first record of a conversation that began in a chat, and again when it moves to another one.

    `channel` is where the person writes now; `mailbox` is the public key that every reply is sealed to, as in the facts.
    """

    channel: ChannelCode
    language: str
    mailbox: bytes


class FileSent(msgspec.Struct, frozen=True, tag_field="record", tag="file/1"):
    """A file that the person sent (R8). Its sealed pieces lie under `storage`; only `key` opens them."""

    storage: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    size: Annotated[int, msgspec.Meta(ge=0)]  # bytes of the file itself
    media_type: Annotated[str, msgspec.Meta(max_length=100)]  # as the provider says: believed by nobody
    name: Annotated[str, msgspec.Meta(max_length=255)] | None = None


class CallForPerson(msgspec.Struct, frozen=True, tag_field="record", tag="call/1"):
    """The person asked to talk to a human being."""


DeliveryOutcome = Literal["delivered", "waiting", "refused", "uncertain"]


class DeliveryReport(msgspec.Struct, frozen=True, tag_field="record", tag="delivery/1"):
    """What became of a reply in a chat. `waiting`: the person was told in neutral words that something waits."""

    reply: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]  # the envelope's id
    outcome: DeliveryOutcome


Record = (
    ApplicationFacts
    | PersonText
    | ReplyText
    | NoteText
    | ErasureWish
    | ChatContact
    | FileSent
    | CallForPerson
    | DeliveryReport
    | CaseAct
    | UnitCount
    | UnitVoice
    | UnitMember
    | UnitOf
    | UnitArrival
    | CaseNeed
    | IdentityClaims
)

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def encode(record: Record) -> Plain:
    """The bytes that are sealed."""
    return Plain(_encoder.encode(record))


def decode(body: bytes) -> Record:
    """Read a sealed body back. Raises `msgspec.DecodeError` (of which `ValidationError` is a kind) if it is not one."""
    record: Record = _decoder.decode(body)
    return record
