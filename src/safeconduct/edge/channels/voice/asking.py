# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a caller does that must last, on its way to the line, and what the line answers. Nothing of it is written down here."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from safeconduct.dialogue.scripts import load, sentences
from safeconduct.dialogue.texts import AVAILABLE, SOURCE_LANGUAGE, texts
from safeconduct.edge.channels.contract import Address, FileRef, Inbound, Outgoing, Take
from safeconduct.edge.channels.errors import NotStored, SendRefused
from safeconduct.vocabulary.contact import SafeContactRule

ANSWER_SECONDS = 8.0
TRIES = (1.0, 2.0)  # pauses while the caller waits
PATIENT_TRIES = (1.0, 2.0, 4.0, *(8.0,) * 30)  # when nobody waits any more: what was said is worth some minutes
CODE_DIGITS = 24
WORDS_MOST = 20  # of one call: a telephone in a pocket presses keys for hours
_CODE = re.compile(r"(?<!\d)\d{4}(?: \d{4}){5}(?!\d)")
_PIECE_BYTES = 64 << 10
_BEGIN = "/start"
_REFUSALS = ("unknown", "slip", "malformed")


class Held:
    """Messages in memory between their end and the moment when they are sealed."""

    def __init__(self) -> None:
        self._wavs: dict[str, bytes] = {}
        self._read: set[str] = set()

    def hold(self, handle: str, wav: bytes) -> None:
        self._wavs[handle] = wav

    def drop(self, handle: str) -> bool:
        """Whether it was read to its end meanwhile: so it was sealed, and not left for want of room."""
        self._wavs.pop(handle, None)
        was_read = handle in self._read
        self._read.discard(handle)
        return was_read

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """Raises `SendRefused` for what is not here any more."""
        wav = self._wavs.get(file.handle)
        if wav is None:
            raise SendRefused("the call and what was said in it are gone")
        for start in range(0, len(wav), _PIECE_BYTES):
            yield wav[start : start + _PIECE_BYTES]
        self._read.add(file.handle)


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the line answers to a code, in paragraphs."""

    is_open: bool
    paragraphs: tuple[str, ...]
    language: str


class Asking:
    """One call's. It begins a conversation with the first act that needs one."""

    def __init__(self, take: Take, held: Held, name: str, address: Address, *, has_begun: bool = False) -> None:
        self.address = address
        self.name = name
        self.language = SOURCE_LANGUAGE
        self.has_begun = has_begun
        self._take = take
        self._held = held
        self._numbers = itertools.count(1)
        self._answers: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._parts: list[str] = []
        self._code: str | None = None  # as long as the call
        self._words: list[str] = []
        self._has_called = False  # for a person

    def answered(self, message: Outgoing) -> None:
        """A part of what the line says to something that this call did."""
        self._parts = [*self._parts, message.text] if message.index > 1 else [message.text]
        if message.index == message.total:
            self._answers.put_nowait(("\n\n".join(self._parts), message.language))
            self._parts = []

    async def message(self, wav: bytes, *, is_over: Callable[[], bool]) -> bool:
        """Whether it is durable. Tried for some seconds, and for minutes once the caller has gone."""
        inbound = self._inbound(file=FileRef(f"{self.name}/{next(self._numbers)}", "audio/wav", len(wav)))
        handle = inbound.file.handle if inbound.file is not None else ""
        self._held.hold(handle, wav)
        try:
            is_durable = await self._insist(inbound, is_over)
        finally:
            was_read = self._held.drop(handle)
        return is_durable and was_read

    async def word(self, digits: str) -> bool:
        """R5: whether it was stored. Tried for minutes, whatever the caller does meanwhile."""
        if len(self._words) >= WORDS_MOST:
            return False
        self._words.append(digits)
        return await self._insist(self._inbound(text=digits), lambda: True)

    async def words_again(self) -> None:
        """R5: they may have been agreed in the conversation that was opened only after them. Tried as they were."""
        for again in [self._inbound(text=word) for word in self._words]:
            await self._insist(again, lambda: True)

    async def call_person(self) -> None:
        """Let the desk see that somebody wants to talk, once in a call. Raises `NotStored`."""
        if not self._has_called:
            await self._hand_over(*self._from_the_menu("human"))
        self._has_called = True

    async def code(self) -> str | None:
        """The digits of this call's code; None when the line does not have them. Raises `NotStored`."""
        if self._code is None and self.has_begun:
            self._forget_answers()
            await self._hand_over(*self._from_the_menu("code"))
            found = await self._answer(_CODE.search)
            self._code = re.sub(" ", "", _CODE.findall(found[0])[0]) if found is not None else None
        return self._code

    async def open(self, digits: str) -> Answer | None:
        """What lies under a code. None when no answer came. Raises `NotStored`."""
        self._forget_answers()
        await self._hand_over(self._inbound(text=digits))
        found = await self._answer(lambda _text: True)
        if found is None:
            return None
        answer = understood(*found)
        if answer.is_open:
            self._code = digits
        return answer

    async def wish(self, chat: Address, rule: SafeContactRule) -> None:
        """From now on the conversation is reached in this chat, in these hours (R4). Raises `NotStored`."""
        code = await self.code()
        before, self.address = self.address, chat
        first = self._inbound(text=code or _BEGIN)
        try:
            await self._hand_over(first, self._inbound(pressed="human", wish=rule))
        except NotStored:
            self.address = before
            raise

    async def show_up(self) -> None:
        """Whoever was called is there: what waits for them may be said now. Raises `NotStored`."""
        await self._hand_over(self._inbound(text=_BEGIN))

    def _from_the_menu(self, choice: str) -> tuple[Inbound, Inbound]:
        return self._inbound(text=_BEGIN), self._inbound(pressed=choice)

    def _inbound(self, **what: object) -> Inbound:
        name = f"{self.name}:{next(self._numbers)}"
        return Inbound(self.address, name, language=self.language, **what)  # type: ignore[arg-type]

    async def _hand_over(self, *inbounds: Inbound) -> None:
        await self._take(inbounds)
        self.has_begun = True

    async def _insist(self, inbound: Inbound, is_over: Callable[[], bool]) -> bool:
        """The same message each time: stored twice it counts once."""
        tried = 0
        while True:
            try:
                await self._hand_over(inbound)
            except NotStored:
                pauses = PATIENT_TRIES if is_over() else TRIES
                if tried >= len(pauses):
                    return False
                await asyncio.sleep(pauses[tried])
                tried += 1
            else:
                return True

    def _forget_answers(self) -> None:
        while not self._answers.empty():
            self._answers.get_nowait()

    async def _answer(self, is_wanted: Callable[[str], object]) -> tuple[str, str] | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while not is_wanted((found := await self._answers.get())[0]):
                    pass
        except TimeoutError:
            return None
        return found

    def __repr__(self) -> str:
        return "Asking(…)"


def understood(text: str, language: str) -> Answer:
    """Without what is for readers: the greeting of a chat, and how to choose from a list."""
    tag = language if language in AVAILABLE else SOURCE_LANGUAGE
    say, named = texts(tag).say, sentences()
    outcomes = load("inbox").steps["open"].outcomes
    refusals = {say(outcomes[name].say or "") for name in _REFUSALS}
    greeting = say(named["greeting_telephone"])
    paragraphs = [part.strip() for part in text.split("\n\n")]
    heard = [
        part
        for part in paragraphs
        if part
        and not part.startswith(greeting)
        and part not in {say(named["choose_by_number"]), say(named["choose_one"])}
    ]
    refused = [part for part in heard if part in refusals]
    if refused:
        return Answer(False, tuple(refused), tag)
    nothing = load("inbox").steps["messages"].outcomes["empty"].say or ""
    return Answer(True, tuple(heard) or (say(nothing),), tag)
