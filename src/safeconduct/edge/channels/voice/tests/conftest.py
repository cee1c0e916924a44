# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel with telephones on paper, and a line behind it that takes what it is given."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from safeconduct.dialogue.scripts import hotline
from safeconduct.dialogue.texts import texts
from safeconduct.edge.channels.contract import About, Address, Inbound, Outgoing
from safeconduct.edge.channels.errors import NotStored, SendError
from safeconduct.edge.channels.voice import asking, keys, operating, queueing, screens, waiting
from safeconduct.edge.channels.voice.channel import Settings, Voice
from safeconduct.edge.channels.voice.settings import checked
from safeconduct.edge.channels.voice.tests.memory import (
    Allows,
    Duty,
    PaperCall,
    PaperEngine,
    PaperPrompts,
    PaperVoice,
    UnreadSounds,
)

CALLER = Address("+380671234567")
CODE = "1234 5678 9012 3456 7890 1234"
PATIENCE = 0.25
REPLY = "Tomorrow we will tell you more."


def reply(text: str = REPLY, about: About = "reply", language: str = "en") -> Outgoing:
    return Outgoing(text, about=about, language=language)


@dataclass
class Hotline:
    """Both sides of the channel. `taken` is what was made durable; `answers` what the line says to the next acts."""

    voice: Voice
    engine: PaperEngine
    prompts: PaperPrompts
    speaks: PaperVoice
    duty: Duty
    inside: Allows
    taken: list[Inbound] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)  # text or press of an inbound -> what the line says
    fails: int = 0
    fails_after: int | None = None  # so many more are taken; then it fails three times
    reads_files: bool = True

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        await asyncio.sleep(0)
        for inbound in inbounds:
            if self.fails:
                self.fails -= 1
                raise NotStored("the disk is full")
            if self.fails_after is not None:
                self.fails_after -= 1
                if self.fails_after == 0:
                    self.fails, self.fails_after = 3, None
            if inbound.file is not None and self.reads_files:
                self.files.append(b"".join([piece async for piece in self.voice.fetch(inbound.file)]))
            self.taken.append(inbound)
            said = self.answers.get(inbound.pressed or inbound.text or "file")
            if said is not None:
                with contextlib.suppress(SendError):
                    await self.voice.send(inbound.address, Outgoing(said, language=inbound.language or "en"))

    def ring(self, number: Address | None = CALLER, **more: object) -> PaperCall:
        return self.engine.ring(PaperCall(number, **more))  # type: ignore[arg-type]

    @property
    def said(self) -> list[str | None]:
        """What was handed over, without what only begins a conversation."""
        return [inbound.text or inbound.pressed for inbound in self.taken if inbound.text != "/start"]


def says(name: str, tag: str = "en", **params: int) -> str:
    return texts(tag).say(hotline()[name], **params)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, with less patience."""
    monkeypatch.setattr(screens, "PATIENCE", {})
    monkeypatch.setattr(screens, "PATIENCE_ELSEWHERE", PATIENCE)
    monkeypatch.setattr(keys, "STAR_SECONDS", 0.05)
    monkeypatch.setattr(keys, "DIGIT_SECONDS", 0.1)
    monkeypatch.setattr(keys, "TYPING_SECONDS", PATIENCE)
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(asking, "TRIES", (0.01, 0.01))
    monkeypatch.setattr(asking, "PATIENT_TRIES", (0.01,) * 20)
    monkeypatch.setattr(queueing, "_TICK_SECONDS", 0.05)
    monkeypatch.setattr(queueing, "_AT_ONCE_SECONDS", 0.01)
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(waiting, "REST_SECONDS", 0.05)
    monkeypatch.setattr(operating, "HOLD_SECONDS", 0.05)


@pytest.fixture
async def line(fast: None, tmp_path: Path) -> AsyncIterator[Hotline]:
    async with opened(tmp_path) as hotline:
        yield hotline


@contextlib.asynccontextmanager
async def opened(folder: Path, **settings: object) -> AsyncIterator[Hotline]:
    """A line of two languages that can call people."""
    wanted = {"prompts": str(folder), "languages": ["en", "uk"], "dial": "trunk.example", **settings}
    engine, prompts, speaks = PaperEngine(), PaperPrompts(), PaperVoice()
    voice = Voice(checked(msgspec.convert(wanted, Settings)), lambda _: engine, UnreadSounds(prompts, speaks))  # type: ignore[arg-type,return-value]
    hotline = Hotline(voice, engine, prompts, speaks, Duty(), Allows(("en", "uk")))
    voice.duty, voice.inside = hotline.duty, hotline.inside
    running = asyncio.create_task(voice.receive(hotline.take))
    await asyncio.sleep(0.01)
    try:
        yield hotline
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
