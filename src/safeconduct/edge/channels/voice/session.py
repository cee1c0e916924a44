# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call: it says what the flow says, does what the flow wants done, and tells the flow what came of it.

What a caller says is in memory and nowhere else, until the line has sealed it; it is kept too when the call breaks off.
"""

import asyncio
import contextlib
import dataclasses
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from safeconduct.edge.channels.contract import Address, Take
from safeconduct.edge.channels.errors import NotStored
from safeconduct.edge.channels.inside import Inside
from safeconduct.edge.channels.voice import flow, queueing, screens
from safeconduct.edge.channels.voice.asking import CODE_DIGITS, Answer, Asking, Held
from safeconduct.edge.channels.voice.calling_back import NUMBER_MOST, Wanted, chat_of, number_of, wanted
from safeconduct.edge.channels.voice.engine import Call, Ended, Engine
from safeconduct.edge.channels.voice.keys import WORD, Keys
from safeconduct.edge.channels.voice.places import Act, Answers, Key, Report, Silence, Step
from safeconduct.edge.channels.voice.recording import Recording
from safeconduct.edge.channels.voice.replies import Replies
from safeconduct.edge.channels.voice.settings import Settings
from safeconduct.edge.channels.voice.sounds import Sounds, engaged, tone
from safeconduct.edge.channels.voice.speaker import Speaker, Speechless
from safeconduct.edge.channels.voice.waiting import Switchboard

CODE_TRIES = 5  # of one call; a code has 76 bits, and a telephone needs a minute for each
NUMBER_TRIES = 4
_KEEPS = frozenset({Act.KEEP_ANY, Act.KEEP_MORNING, Act.KEEP_AFTERNOON, Act.KEEP_EVENING})
LATE_SECONDS = 20.0  # beyond the longest message: nothing comes from who has put us on hold
_PERSON_SECONDS = 4.0  # so long a call for a person waits until the desk can see it

T = TypeVar("T")


@dataclass(slots=True)
class Shared:
    """What all calls of one process have in common."""

    engine: Engine
    sounds: Sounds
    switchboard: Switchboard
    take: Take
    held: Held
    inside: Inside
    settings: Settings
    clock: Callable[[], float]
    joined: Callable[[Address, "Session"], None]  # from now on this address is this call's
    background: set["asyncio.Task[Any]"] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """To be done whether or not the call goes on."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)
        return task


class Session:
    """`asking.address` is the chat of this call; it may become one that is called back, on the caller's wish."""

    def __init__(  # noqa: PLR0913 - what a call has, by name
        self, call: Call, shared: Shared, languages: Sequence[str], *, name: str, address: Address, is_ours: bool = False
    ) -> None:  # fmt: skip
        self.call = call
        self.asking = Asking(shared.take, shared.held, name, address, has_begun=is_ours)
        self._shared = shared
        self._keys = Keys(call, word=self._word, pressed=call.stop_playing)
        self.speaker = Speaker(call, self._keys, shared.sounds, languages)
        self._languages = tuple(languages)
        self.replies = Replies(self.speaker, self.asking, may_hear=not is_ours)
        self._digits = ""
        self._answer: Answer | None = None
        self._wanted: Wanted | None = None
        self._code_tries = self._number_tries = 0
        self._acts: Mapping[Act, Callable[[], Awaitable[Report]]] = {
            Act.QUEUE: self._queue, Act.RECORD: self._record, Act.SHOW_CODE: self._show_code, Act.OPEN: self._open,
            Act.TAKE_NUMBER: self._take_number, Act.ASK_NUMBER: self._ask_number, Act.DELIVER: self._deliver,
        }  # fmt: skip

    @property
    def is_over(self) -> bool:
        return self.replies.is_closed or self.call.ended.is_set()

    async def run(self, first: Step) -> None:
        """From the first word to the end of the call. Never raises but for a cancellation."""
        step: Step | None = first
        try:
            while step is not None:
                step = await self._one(step)
        except Ended:
            pass
        except Speechless:
            await self._without_words()
        finally:
            await self._close()

    # --- one step after the other ---------------------------------------------------------------------------------

    async def _one(self, step: Step) -> Step | None:
        if step.state.language != self.speaker.language:
            self.speaker.choose(step.state.language)
        self.asking.language = self.speaker.language
        key = await self.replies.say() or await self._say(step)
        state = dataclasses.replace(step.state, language=self.speaker.language)
        if key is None and step.act is Act.HANG_UP:
            await self.call.hang_up()
            return None
        if key is None and step.act is not None:
            return flow.advance(state, await self._perform(step.act))
        if key is None:
            key = await self._key_or_reply(step.patience)
        if key is None:
            return flow.once_more(state) if self.replies.can_be_said else flow.advance(state, Silence())
        if key == WORD:
            return flow.once_more(state)
        if step.state.place in flow.TYPED and key.isdecimal():
            self._keys.give_back(key)
        return flow.advance(state, Key(key))

    async def _say(self, step: Step) -> str | None:
        if not step.says:  # the act begins: keys from now on are for it
            return None
        if Answers() not in step.says or self._answer is None:
            return await self.speaker.say(step.says, digits=self._digits)
        at = step.says.index(Answers())
        return (
            await self.speaker.say(step.says[:at])
            or await self._say_answer(self._answer)
            or await self.speaker.say(step.says[at:])
        )

    async def _say_answer(self, answer: Answer) -> str | None:
        try:
            return await self.speaker.say_text(answer.paragraphs, answer.language)
        except Speechless:  # of this language alone: the call goes on
            return await self.speaker.say(screens.outcome("messages", "unavailable"))

    async def _key_or_reply(self, patience: float) -> str | None:
        """None also when a reply has come: whoever only waits hears it now."""
        came = asyncio.create_task(self.replies.came())
        try:
            await asyncio.wait({self._keys.waiting(), came}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            came.cancel()
        return await self._keys.next(0)

    async def _without_words(self) -> None:
        """Nothing can be said in any language: a person, or at least a sign that nobody is there.

        R4: whom we called has not said yet that they are the one, so they are connected with nobody.
        """
        if not self.replies.may_hear:
            self.replies.refuse()
            await self.call.hang_up()
            return
        with contextlib.suppress(Ended, Speechless):
            if await self._queue() in {Report.NOBODY, Report.LEFT}:
                self.speaker.play(engaged(self.call.rate))
                await self.call.played()
        await self.call.hang_up()

    async def _close(self) -> None:
        self.replies.close()
        self._digits, self._answer, self._wanted = "", None, None
        await self._keys.close()
        await self.call.hang_up()

    def _word(self, digits: str) -> None:
        """R5: it is stored whatever the caller does now. A short tone says that it was: the same for every word."""

        async def keep() -> None:
            if await self.asking.word(digits):
                self.speaker.play(tone(self.call.rate, hertz=700, seconds=0.15))

        self._shared.later(keep())

    # --- acts -----------------------------------------------------------------------------------------------------

    async def _queue(self) -> Report:
        return await queueing.wait_and_talk(
            self.call, self._keys, self.speaker, self._shared.switchboard, self._shared.engine,
            headers=await self._case(), languages=self._languages,
        )  # fmt: skip

    async def _case(self) -> Mapping[str, str]:
        """The desk sees the wish, and the person's telephone which case it is. Without the line they talk all the same."""
        with contextlib.suppress(NotStored, TimeoutError):
            async with asyncio.timeout(_PERSON_SECONDS):
                await self.asking.call_person()
                name = await self._shared.inside.conversation(self.asking.address)
                return {} if name is None else {"X-Conversation": name}
        return {}

    async def _record(self) -> Report:
        self.speaker.play(tone(self.call.rate))
        await self.call.played()
        recording = Recording(self.call.rate, seconds=self._shared.settings.message_seconds)
        full = asyncio.create_task(_is_full(recording, self._shared.settings.message_seconds + LATE_SECONDS))
        self.call.listen(recording.take)
        try:
            await self._until_hash(full)
        except BaseException:
            self._shared.later(self._store(recording))
            raise
        finally:
            self.call.listen(None)
            full.cancel()
        is_long = recording.full.is_set()
        # Not a part of the call: a process that is told to stop in this moment still hands it over.
        report = await asyncio.shield(self._shared.later(self._store(recording)))
        return Report.LONG if is_long and report is Report.STORED else report

    async def _until_hash(self, full: "asyncio.Task[Any]") -> None:
        while True:
            key = self._keys.waiting()
            await asyncio.wait({key, full}, return_when=asyncio.FIRST_COMPLETED)
            if not key.done():
                return
            if await self._keys.next(None) == "#":
                return

    async def _store(self, recording: Recording) -> Report:
        wav = await asyncio.to_thread(recording.wav)
        recording.forget()
        if wav is None:
            return Report.EMPTY
        is_stored = await self.asking.message(wav, is_over=self.call.ended.is_set)
        return Report.STORED if is_stored else Report.FAILED

    async def _show_code(self) -> Report:
        try:
            code = await self.asking.code()
        except NotStored:
            return Report.FAILED
        self._digits = code or ""
        return Report.NO_CODE if code is None else Report.CODE

    async def _open(self) -> Report:
        typed = await self._keys.digits(CODE_DIGITS)
        self._code_tries += 1
        if not typed or self._code_tries > CODE_TRIES:
            return Report.NO_MORE
        if len(typed) != CODE_DIGITS:
            await self.speaker.say(screens.outcome("open", "malformed"))
            return Report.NOT_OPENED
        try:
            answer = await self.asking.open(typed)
        except NotStored:
            answer = None
        if answer is None:
            await self.speaker.say(screens.outcome("messages", "unavailable"))
            return Report.NOT_OPENED
        if not answer.is_open:
            await self.speaker.say_text(answer.paragraphs, answer.language)
            return Report.NOT_OPENED
        self._answer = answer
        self._shared.later(self.asking.words_again())
        return Report.OPENED

    async def _take_number(self) -> Report:
        return self._judged(self.call.number or "")

    async def _ask_number(self) -> Report:
        typed = await self._keys.digits(NUMBER_MOST)
        self._number_tries += 1
        if not typed or self._number_tries > NUMBER_TRIES:
            return Report.NO_MORE
        return self._judged(typed)

    def _judged(self, number: str) -> Report:
        settings = self._shared.settings
        self._wanted = wanted(number, fallback=settings.timezone, now=self._shared.clock())
        if self._wanted is None or not settings.may_call(self._wanted.number):
            return Report.NO_NUMBER
        self._digits = self._wanted.digits
        return Report.NUMBER if self._wanted.zone is not None else Report.ANY_HOUR

    async def _keep(self, act: Act) -> Report:
        """R4: the number that was read back, in the hours that were chosen, and not otherwise."""
        if self._wanted is None:
            return Report.FAILED
        number, chat = self._wanted.number, self.asking.address
        if number_of(chat) != number:
            chat = chat_of(number, self.asking.name)
        try:
            await self.asking.wish(chat, self._wanted.rule(act))
        except NotStored:
            return Report.FAILED
        self._shared.joined(chat, self)
        return Report.KEPT

    async def _deliver(self) -> Report:
        key = await self.replies.say_to_whom_we_called()
        if key is not None and key != WORD:
            self._keys.give_back(key)
        return Report.DELIVERED

    async def _perform(self, act: Act) -> Report:
        return await (self._keep(act) if act in _KEEPS else self._acts[act]())


async def _is_full(recording: Recording, seconds: float) -> None:
    """Or so much time has gone."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await recording.full.wait()
