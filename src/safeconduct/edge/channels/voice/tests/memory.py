# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephones on paper: what is played is read instead of heard, and what is said and pressed is put in by the test."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from safeconduct.edge.channels.contract import Address
from safeconduct.edge.channels.duty import Phone
from safeconduct.edge.channels.voice.engine import Ended, NotReached, Why
from safeconduct.edge.channels.voice.sounds import Sounds, engaged, ringing, tone
from safeconduct.speech.wording import required

RATE = 8000
SPEECH = bytes(range(256)) * 100  # loud enough to be a message of 1.6 seconds
PIECE = 320
_MARK = b"\xfe\xca"
_SIGNS = {tone(RATE): "(tone)", engaged(RATE): "(engaged)", ringing(RATE): "(ringing)"}
_WORD_TONE = tone(RATE, hertz=700, seconds=0.15)


@dataclass
class PaperPrompts:
    """Every prompt that a call must have is there, but for what a test takes away. Nothing else is."""

    missing: set[tuple[str, str]] = field(default_factory=set)  # (text, language)
    silent: set[str] = field(default_factory=set)  # languages without any prompt

    def find(self, text: str, language: str, *, rate: int) -> bytes | None:
        is_gone = rate != RATE or (text, language) in self.missing or language in self.silent
        return None if is_gone or text not in _required(language) else sound(text, language)


class UnreadSounds(Sounds):
    """Nothing is read before it is wanted: a test takes prompts away when the line is up."""

    async def load(self, languages: Sequence[str], rates: Sequence[int]) -> None:
        pass


@dataclass
class PaperVoice:
    """Speaks everything, but for the languages that it does not."""

    mute: set[str] = field(default_factory=set)
    spoken: list[str] = field(default_factory=list)

    def say(self, text: str, language: str, *, rate: int) -> bytes | None:
        assert rate == RATE
        if language in self.mute:
            return None
        self.spoken.append(text)
        return sound(text, language)


@cache
def _required(language: str) -> frozenset[str]:
    return frozenset(required(language))


def sound(text: str, language: str) -> bytes:
    """PCM in which the text can be read."""
    said = f"{language}|{text}".encode()
    return _MARK + (said if len(said) % 2 == 0 else said + b" ")


@dataclass(eq=False, repr=False)
class PaperCall:
    """One telephone. `heard` are (language, text), and signs without a language."""

    number: Address | None = None
    called: str = "hotline"
    rate: int = RATE
    heard: list[tuple[str, str]] = field(default_factory=list)
    is_answered: bool = False
    was_lost: bool = False
    refused: int | None = None
    is_slow: bool = False  # what is played takes its time: until a key is pressed, or `let`
    on_word: Callable[[], None] | None = None  # the short tone after a word by keys

    def __post_init__(self) -> None:
        self.ended = asyncio.Event()
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._take: Callable[[bytes], None] | None = None
        self.changed = asyncio.Event()
        self.let = asyncio.Event()
        self.room: PaperRoom | None = None

    async def answer(self) -> None:
        self.is_answered = True

    async def refuse(self, status: int) -> None:
        self.refused = status
        self.end()

    async def hang_up(self) -> None:
        self.end()

    def play(self, pcm: bytes) -> None:
        if self.ended.is_set() or not any(pcm):
            return
        if pcm == _WORD_TONE and self.on_word is not None:
            self.on_word()
        self.heard.append(read(pcm))
        self._tell()

    async def played(self) -> None:
        if self.is_slow:
            await asyncio.wait(
                [asyncio.ensure_future(self.let.wait()), asyncio.ensure_future(self.ended.wait())],
                return_when=asyncio.FIRST_COMPLETED,
            )
        await asyncio.sleep(0)

    def stop_playing(self) -> None:
        self.let.set()

    async def key(self, seconds: float | None) -> str | None:
        getting = asyncio.ensure_future(self._keys.get())
        ending = asyncio.ensure_future(self.ended.wait())
        try:
            done, _ = await asyncio.wait({getting, ending}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if getting in done:
                return getting.result()
            if ending in done:
                raise Ended
            return None
        finally:
            getting.cancel()
            ending.cancel()

    def listen(self, take: Callable[[bytes], None] | None) -> None:
        self._take = take
        self._tell()

    # --- the person at the other end -------------------------------------------------------------------------------

    def press(self, keys: str) -> None:
        for key in keys:
            self._keys.put_nowait(key)

    def end(self, *, lost: bool = False) -> None:
        if not self.ended.is_set():
            self.was_lost = lost
        self.ended.set()
        self._tell()

    async def until(self, *texts: str) -> None:
        """Until these were heard, in this order, since the last time."""
        async with asyncio.timeout(10):
            for text in texts:
                while not any(text in said for _, said in self.heard):
                    self.changed.clear()
                    await self.changed.wait()
                while text not in self.heard.pop(0)[1]:
                    pass

    async def until_it_listens(self) -> None:
        async with asyncio.timeout(10):
            while self._take is None:
                self.changed.clear()
                await self.changed.wait()

    async def speak(self, pcm: bytes = SPEECH) -> None:
        """Into the call, as soon as it listens."""
        await self.until_it_listens()
        for start in range(0, len(pcm), PIECE):
            if self._take is not None:
                self._take(pcm[start : start + PIECE])

    async def until_over(self) -> None:
        async with asyncio.timeout(10):
            await self.ended.wait()

    def texts(self) -> list[str]:
        return [text for _, text in self.heard]

    def _tell(self) -> None:
        self.changed.set()


def read(pcm: bytes) -> tuple[str, str]:
    if pcm.startswith(_MARK):
        language, _, text = pcm.removeprefix(_MARK).decode().rstrip().partition("|")
        return language, text
    return "", _SIGNS.get(pcm, "(sound)")


@dataclass(eq=False)
class PaperRoom:
    inside: list[tuple[PaperCall, bool]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    def join(self, call: PaperCall, *, speaks: bool = True) -> None:
        self.leave(call)
        self.inside.append((call, speaks))
        self.happened.append("join" if speaks else "listen")
        call.room = self

    def leave(self, call: PaperCall) -> None:
        if (call, False) in self.inside:
            self.happened.append("stops listening")
        self.inside = [(one, speaks) for one, speaks in self.inside if one is not call]

    def tell(self, pcm: bytes, rate: int = 8000) -> None:
        assert rate == RATE
        self.told.append(read(pcm)[1])
        self.happened.append(read(pcm)[1])

    @property
    def calls(self) -> list[PaperCall]:
        return [call for call, _ in self.inside]


@dataclass(eq=False)
class PaperEngine:
    """`answers` says what becomes of the next calls of ours: a telephone, or why there is none."""

    answers: deque["PaperCall | Why | Callable[[str], Awaitable[PaperCall]]"] = field(default_factory=deque)
    dialled: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    rooms: list[PaperRoom] = field(default_factory=list)
    calls: list[PaperCall] = field(default_factory=list)
    cancels: bool = False  # what still goes on when it is closed, as the true one does after some seconds

    def __post_init__(self) -> None:
        self.down = asyncio.Event()
        self._on_call: Callable[[PaperCall], Awaitable[None]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, on_call: Callable[[PaperCall], Awaitable[None]]) -> None:
        self._on_call = on_call

    @property
    def is_up(self) -> bool:
        return self._on_call is not None

    async def dial(self, uri: str, *, seconds: float, headers: Mapping[str, str] | None = None) -> PaperCall:
        self.dialled.append(uri)
        self.headers.append(headers or {})
        if not self.answers:
            await asyncio.sleep(min(seconds, 0.05))
            raise NotReached("silent")
        answer = self.answers.popleft()
        if isinstance(answer, str):
            raise NotReached(answer)
        call = answer if isinstance(answer, PaperCall) else await answer(uri)
        self.calls.append(call)
        return call

    def room(self) -> PaperRoom:
        self.rooms.append(PaperRoom())
        return self.rooms[-1]

    async def close(self) -> None:
        for call in self.calls:
            call.end()
        for task in self._tasks if self.cancels else ():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
        self._on_call = None

    def ring(self, call: PaperCall) -> PaperCall:
        """Somebody calls the line."""
        assert self._on_call is not None
        self.calls.append(call)
        task = asyncio.ensure_future(self._serve(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return call

    async def _serve(self, call: PaperCall) -> None:
        assert self._on_call is not None
        try:
            await self._on_call(call)
        finally:
            call.end()


@dataclass
class Duty:
    """Who is on duty."""

    who: list[Phone] = field(default_factory=list)

    async def phones(self, language: str) -> Sequence[Phone]:
        return [phone for phone in self.who if language in phone.languages]


@dataclass
class Allows:
    """The line from inside."""

    tags: Sequence[str] | None
    name: str | None = "c0ffee"

    async def languages(self) -> Sequence[str] | None:
        return self.tags

    async def conversation(self, address: Address) -> str | None:
        del address
        return self.name
