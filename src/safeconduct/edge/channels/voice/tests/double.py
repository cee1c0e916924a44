# SPDX-License-Identifier: AGPL-3.0-or-later
"""A telephone network on paper, and one person with a telephone in it, who wished to be called at their number.

They type with keys, speak messages, and read what they hear. The SIP itself is tested in tests/engine, with sipp and baresip.
"""

import asyncio
import contextlib
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from typing import Any
from unittest import mock

from safeconduct.edge.channels.voice import channel, keys, screens
from safeconduct.edge.channels.voice.channel import Voice
from safeconduct.edge.channels.voice.settings import Settings
from safeconduct.edge.channels.voice.tests.memory import (
    Allows,
    PaperCall,
    PaperEngine,
    PaperPrompts,
    PaperVoice,
    UnreadSounds,
    read,
)

NUMBER = "+380671234567"
_PIECE = 320


class Double:
    """`address` is the number, and the chat of the last call to the line once there was one."""

    _voice: Voice

    def __init__(self, folder: str) -> None:
        self.address = NUMBER
        self.sent: list[tuple[str, str, tuple[tuple[str, str], ...]]] = []
        self.deleted: list[tuple[str, str]] = []
        self.acknowledged: list[str] = []
        self.engine = PaperEngine()
        self._folder = folder
        self._plans: deque[str] = deque()
        self._ours: PaperCall | None = None  # the call that the line made

    @classmethod
    @contextlib.asynccontextmanager
    async def started(cls) -> AsyncIterator["Double"]:
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as patches:
            double = cls(folder)
            for where, name, value in (
                (channel, "make", double._make),
                (screens, "PATIENCE", {}),
                (screens, "PATIENCE_ELSEWHERE", 30.0),
                (keys, "STAR_SECONDS", 0.2),
            ):
                patches.enter_context(mock.patch.object(where, name, value))
            yield double

    def settings(self) -> dict[str, Any]:
        return {"prompts": self._folder, "languages": ["en"], "dial": "trunk.example"}

    # --- the person -----------------------------------------------------------------------------------------------

    @staticmethod
    def typed(text: str) -> str:
        """What a telephone's keys can say of a text."""
        return "".join(str(ord(letter) % 10) for letter in text)[:30]

    async def say(self, text: str, *, message_id: str | None = None) -> str:
        """A word by keys in a call of its own. A short tone acknowledges it."""
        del message_id  # nothing comes twice on a telephone
        name = f"call {len(self.engine.calls)}"
        call = self.engine.ring(PaperCall(on_word=lambda: self.acknowledged.append(name)))
        await _until_heard(call)
        self.address = next(address for address, session in self._voice._live.items() if session.call is call)
        call.press(f"*{self.typed(text)}#")
        return name

    async def send_file(self, data: bytes, media_type: str) -> None:
        """Spoken, whatever it is: a telephone carries nothing but sound."""
        del media_type
        call = self.engine.ring(PaperCall())
        await _until_heard(call)
        call.press("3")
        await call.until_it_listens()
        await call.speak(data)
        call.press("#")

    # --- the network ----------------------------------------------------------------------------------------------

    def refuse_next(self) -> None:
        self._next("declined")

    def delay_next(self, seconds: float) -> None:  # noqa: ARG002
        """A telephone that is not reached does not say for how long."""
        self._next("unreachable")

    def break_next(self) -> None:
        self._next("break")

    async def post(self, _channel: object, _take: object, _payload: bytes | None = None) -> None:
        """A telephone network has no webhook."""

    def _make(self, settings: Settings, _reach: object) -> Voice:
        self.engine.answers = _Answers(self)
        voice = Voice(settings, lambda _: self.engine, UnreadSounds(PaperPrompts(), PaperVoice()))  # type: ignore[arg-type,return-value]
        voice.inside = Allows(("en",))
        self._voice = voice
        return voice

    def _next(self, plan: str) -> None:
        """The call that is up ends, so that the next message needs a new one."""
        if self._ours is not None:
            self._ours.end()
        self._plans.append(plan)

    async def _answer(self, _uri: str) -> PaperCall:
        is_breaking = bool(self._plans) and self._plans.popleft() == "break"
        self._ours = _Listening(self, is_breaking=is_breaking)
        return self._ours


class _Answers(deque[Any]):
    """What becomes of each call of the line, decided when it is made."""

    def __init__(self, double: Double) -> None:
        super().__init__()
        self._double = double

    def __bool__(self) -> bool:
        return True

    def popleft(self) -> Any:
        plans = self._double._plans
        return plans.popleft() if plans and plans[0] != "break" else self._double._answer


class _Listening(PaperCall):
    """The person's telephone: whoever calls is told to go on, and what was said is noted once it was heard."""

    def __init__(self, double: Double, *, is_breaking: bool) -> None:
        super().__init__()
        self._double = double
        self._is_breaking = is_breaking
        self._heard_now: list[str] = []
        self._is_asked = False

    def play(self, pcm: bytes) -> None:
        super().play(pcm)
        language, text = read(pcm) if any(pcm) else ("", "")
        if "You asked for this call" in text:
            self._is_asked = True
            self.press("1")
        elif language and self._is_asked:
            self._heard_now.append(text)

    async def played(self) -> None:
        if self._is_breaking and self._heard_now:
            self.end(lost=True)
        said, self._heard_now = " ".join(self._heard_now), []
        if said and not self.ended.is_set() and not said.startswith("To hear what to do"):
            self._double.sent.append((self._double.address, said, ()))
        await super().played()


async def _until_heard(call: PaperCall) -> None:
    async with asyncio.timeout(20):
        while not call.heard:
            call.changed.clear()
            await call.changed.wait()
