# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole chat line on disk: real spool, real board, real signatures; a messenger on paper and a clock that the test moves."""

import itertools
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import pytest
from tests.edge.chat.paper import READS, PaperChannel
from tests.edge.conftest import Clock
from tests.edge.conftest import Line as Door

from safeconduct.dialogue.scripts import sentences
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.board import BoardReader
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Inbound
from safeconduct.edge.chat.access import CODE
from safeconduct.edge.chat.conversing import Conversing
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.edge.chat.files import FileStore
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.sending import Sending
from safeconduct.edge.chat.state import ChatState
from safeconduct.sealing.envelope import Envelope, Purpose, seal, serialise
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.spool.contract import Errand, Spool
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import ChatContact, Record, ReplyText, encode
from safeconduct.vocabulary.secrets import Sealed

ANNA, BORYS = "555001", "555002"
Found = TypeVar("Found")


@dataclass
class Chat:
    """Everything on both sides of one channel, without its worker's loops: a test does what is due when it says so."""

    door: Door
    line: Line
    paper: PaperChannel
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def clock(self) -> Clock:
        return self.door.clock

    async def take(self, *inbounds: Inbound) -> None:
        await Conversing(self.line, lambda: None).take(inbounds)

    def message(self, text: str | None, who: str = ANNA, *, number: str | None = None, **more: object) -> Inbound:
        name = number or f"m{next(self.numbers)}"
        return Inbound(Address(who), name, text, delete_id=name, **more)  # type: ignore[arg-type]

    async def tell(self, *said: str, who: str = ANNA, language: str | None = None) -> None:
        """Messages, one after the other at one moment. What is due goes out afterwards."""
        for text in said:
            await self.take(self.message(text, who, language=language))
        await self.settle()

    async def send_file(self, *pieces: bytes | Exception, who: str = ANNA, number: str | None = None) -> None:
        self.paper.files["handle"] = pieces
        await self.take(self.message(None, who, number=number, file=FileRef("handle", "image/jpeg", name="a.jpg")))
        await self.settle()

    async def settle(self) -> None:
        """Do what is due now, until nothing is."""
        sending = Sending(self.line)
        while found := await self.line.spool.errands(self.line.facts.code, self.clock(), 100):
            for due in found:
                await sending.do(due)

    async def wait(self, seconds: float) -> None:
        self.clock.now += seconds
        await self.settle()

    async def apply(self, *, contact: str = "web", who: str = ANNA, hours: tuple[str, str, str] | None = None) -> None:
        """From the first word to the sent application: a soldier at the front, for himself. `hours` are from, to, city."""
        await self.tell("/start", who=who, language="en")
        await self.tell("4", "1", "5", "skip", who=who)
        await self.tell(contact, *(hours or ()), *(["1"] if hours else []), "skip", "skip", "1", who=who)

    def phone(self, who: str = ANNA) -> list[str]:
        return self.paper.phone(who)

    async def arrived(self) -> list[tuple[Envelope, Record]]:
        return await self.door.arrived()

    async def records(self, kind: type[Found]) -> list[Found]:
        return [record for _, record in await self.arrived() if isinstance(record, kind)]

    async def state(self, who: str = ANNA) -> ChatState:
        state = await self.line.state_at(self.line.place(who))
        assert state is not None
        return state

    async def code(self, who: str = ANNA) -> str | None:
        """The digits that the edge still keeps for this chat."""
        found = await self.line.secret_of(CODE, (await self.state(who)).conversation_id)
        return None if found is None else found.decode()

    async def answer(self, text: str, who: str = ANNA, *, to: ConversationId | None = None) -> None:
        """Play the desk: one copy for the mailbox, one for the channel's worker."""
        conversation = to or (await self.state(who)).conversation_id
        contacts = [
            record
            for envelope, record in await self.arrived()
            if isinstance(record, ChatContact) and envelope.header.conversation == conversation
        ]
        keys = (self.door.intake.public, PublicKey.parse(contacts[-1].mailbox), self.line.secrets.delivery.public)
        sealed = seal(
            encode(ReplyText(text, "2026-12-01")),
            purpose=Purpose.TO_PERSON, conversation=conversation,
            label=Label("telegram", "en", Kind.REPLY, Urgency.SOON),
            day=date(2026, 12, 1), recipients=keys, signer=self.door.desk,
        )  # fmt: skip
        body = Sealed(serialise(sealed))
        errand = Errand("telegram", "reply", body, int(self.clock()), priority=1)
        await self.line.spool.deliver(conversation, (body,), key=DedupKey(secrets.token_bytes(32)), errands=(errand,))

    def says(self, name: str, tag: str = "en", **params: object) -> str:
        return texts(tag).say(sentences()[name], **params)  # type: ignore[arg-type]


MakeChat = Callable[..., Awaitable[Chat]]


def chat_line(door: Door, facts: Facts, *, spool: Spool | None = None, demonstration: bool = True) -> Chat:
    """A worker's line over the door's own spool."""
    paper = PaperChannel(facts)
    credentials = ChatCredentials(door.credentials, b"R" * 32, PrivateKey.from_seed(b"D" * 32))
    board = BoardReader(door.spool, root=door.credentials.root, tags=AVAILABLE, clock=door.clock)
    files = FileStore(door.folder / "files", facts.code) if facts.takes_files else None
    used = spool or door.spool
    line = Line(used, credentials, board, paper, facts, door.clock, files=files, demonstration=demonstration)
    return Chat(door, line, paper)


@pytest.fixture
async def chat(line: Door) -> Chat:
    return chat_line(line, READS)
