# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chat line with everything real but its provider: worker, spool, board, sealed records; the desk is played by its keys."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.edge.conftest import Clock, make_line
from tests.edge.conftest import Line as Door

from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.edge.board import BoardReader
from safeconduct.edge.channels import registry
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.edge.chat.files import FileStore
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.worker import Worker
from safeconduct.sealing.envelope import Purpose, seal, serialise
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.spool.contract import Errand, Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.board import LineNotice, Way
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import ChatContact, Record, ReplyText, encode
from safeconduct.vocabulary.secrets import Sealed

WAYS = (Way("web", "https://line.example/"), Way("sms", "+380000000000"))
BUREAU = "bureau.example, +380000000001"
_DEADLINE = 60  # seconds of the real clock


@dataclass
class ChatLine:
    """One channel, its worker at work, and whatever a test needs to play the desk and the provider."""

    door: Door
    line: Line
    worker: Worker
    double: Any

    @property
    def clock(self) -> Clock:
        return self.door.clock

    async def settle(self) -> None:
        """Until all that arrived is stored, and all that is due has been done."""
        async with asyncio.timeout(_DEADLINE):
            while getattr(self.double, "waiting", ()):  # noqa: ASYNC110 - it says nothing when it is empty
                await asyncio.sleep(0.005)
            while await self._is_busy():
                await self.worker.take(())  # which wakes it: it does not see that its clock was moved
                await asyncio.sleep(0.005)

    async def _is_busy(self) -> bool:
        """Something is due or on its way. In this order of questions nothing can slip from one to the other unseen."""
        spool, code, before = self.line.spool, self.line.facts.code, self._sends()
        return bool(
            await spool.begun(code)
            or await spool.errands(code, self.clock(), 1)
            or await spool.begun(code)
            or self._sends() != before
        )

    def _sends(self) -> int:
        return len(self.double.sent) + len(getattr(self.double, "submitted", ()))

    async def wait_until(self, moment: float) -> None:
        """Time passes, and stands still at each moment at which the worker has something to do."""
        while (due := await self.line.spool.next_due(self.line.facts.code)) is not None and due <= moment:
            self.clock.now = max(self.clock.now, due)
            await self.settle()
        self.clock.now = max(self.clock.now, moment)
        await self.settle()

    async def conversation_of(self, address: str) -> ConversationId:
        state = await self.line.own_state(self.line.place(address))
        assert state is not None
        return state.conversation_id

    async def records(self, conversation: ConversationId) -> list[Record]:
        """What reaches the desk of one conversation, in order, opened with intake's key."""
        return [
            record for envelope, record in await self.door.arrived() if envelope.header.conversation == conversation
        ]

    async def answer(self, conversation: ConversationId, text: str) -> None:
        """Play the desk: one copy of the reply for the mailbox, one for the channel's worker."""
        contact = next(one for one in await self.records(conversation) if isinstance(one, ChatContact))
        keys = (self.door.intake.public, PublicKey.parse(contact.mailbox), self.line.secrets.delivery.public)
        code = self.line.facts.code
        sealed = seal(
            encode(ReplyText(text, "2026-12-01")),
            purpose=Purpose.TO_PERSON, conversation=conversation,
            label=Label(code, contact.language, Kind.REPLY, Urgency.SOON),
            day=date(2026, 12, 1), recipients=keys, signer=self.door.desk,
        )  # fmt: skip
        body = Sealed(serialise(sealed))
        errand = Errand(code, "reply", body, int(self.clock()), priority=1)
        await self.line.spool.deliver(conversation, (body,), key=DedupKey(secrets.token_bytes(32)), errands=(errand,))


@contextlib.asynccontextmanager
async def chat_line(code: str, folder: Path, *, start: float) -> AsyncIterator[ChatLine]:
    """A line that has just opened, at that moment."""
    clock = Clock(start)
    spool = await SqliteSpool.open(folder / "spool.db", quota=Quota(64 << 20), clock=clock)
    try:
        door = await make_line(spool, clock, folder)
        await door.publish_teams()
        await door.publish_line(LineNotice("within_day", WAYS, bureau=BUREAU))
        async with _working(door, code) as line:
            yield line
    finally:
        await spool.close()


@contextlib.asynccontextmanager
async def _working(door: Door, code: str) -> AsyncIterator[ChatLine]:
    double_type = import_module(f"safeconduct.edge.channels.{code}.tests.double").Double
    reach = Reach()
    async with double_type.started() as double:
        channel = registry.make(code, _settings_file(double, door.folder), reach)
        line = _line(door, code, channel)
        worker = Worker(line)
        running = asyncio.create_task(worker.run())
        try:
            await _until_ready(worker, double)
            yield ChatLine(door, line, worker, double)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await channel.close()
            await reach.close()


def _line(door: Door, code: str, channel: Any) -> Line:
    secrets_of_chat = ChatCredentials(door.credentials, b"R" * 32, PrivateKey.generate())
    board = BoardReader(door.spool, root=door.credentials.root, tags=AVAILABLE, clock=door.clock)
    facts = registry.facts(code)
    files = FileStore(door.folder / "files", code) if facts.takes_files else None
    return Line(door.spool, secrets_of_chat, board, channel, facts, door.clock, files=files, demonstration=True)


async def _until_ready(worker: Worker, double: Any) -> None:
    async with asyncio.timeout(_DEADLINE):
        while not worker.owns:  # noqa: ASYNC110 - it says nothing when it does
            await asyncio.sleep(0.01)
    if hasattr(double, "bound"):
        await double.bound()


def _settings_file(double: Any, folder: Path) -> Path:
    """As an administrator writes it: TOML, whose simple values look as they do in JSON."""
    path = folder / "channel.toml"
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in double.settings().items()))
    path.chmod(0o600)
    return path
