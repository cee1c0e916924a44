# SPDX-License-Identifier: AGPL-3.0-or-later
"""A caller and a person, connected; and what the person does with keys.

`*1` hold, `*2 <extension>#` transfer, `*3 <extension>#` an interpreter (`*3#` whichever is on duty), `*4 <extension>#` a supervisor, who is announced to
everybody before they hear a word. What the desk's telephone says for its operator: `*5` hold, `*6` back (two sides that toggle would
drift apart), `*9` nobody is at this telephone any more.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from safeconduct.edge.channels.voice.engine import Call, Ended, Engine
from safeconduct.edge.channels.voice.keys import Keys
from safeconduct.edge.channels.voice.sounds import engaged, tone
from safeconduct.edge.channels.voice.waiting import Reached, Switchboard, Waiter

HOLD_SECONDS = 15.0  # so often a caller on hold hears that they are not alone
_TYPING_SECONDS = 6.0
_EXTENSION_MOST = 8
_HOLD, _TRANSFER, _INTERPRETER, _SUPERVISOR, _PUT_ON_HOLD, _TAKE_BACK, _LOST = "1", "2", "3", "4", "5", "6", "9"

SoundOf = Callable[[str], bytes | None]
"""A sentence of the hotline by its name, in the caller's language."""


class Talk:
    """One connection, until one of the two has gone. Nothing of it is recorded."""

    def __init__(  # noqa: PLR0913 - who takes part, by name
        self, caller: Call, keys: Keys, reached: Reached, waiter: Waiter, *, engine: Engine, switchboard: Switchboard,
        sound_of: SoundOf, languages: Sequence[str],
    ) -> None:  # fmt: skip
        self._caller = caller
        self._keys = keys
        self._reached = reached
        self._waiter = waiter
        self._switchboard = switchboard
        self._sound_of = sound_of
        self._languages = languages
        self._room = engine.room()
        self._others: list[Reached] = []  # interpreter, supervisor
        self._listening: list[Call] = []  # of the supervisors among them
        self._is_held = False
        self._is_lost = False
        self._began = time.monotonic()

    async def run(self) -> bool:
        """True when the person ended it, False when their line was lost. Raises `Ended` when the caller has gone."""
        self._room.join(self._caller)
        self._room.join(self._reached.call)
        tasks: list[asyncio.Task[Any]] = [_task(self._operate()), _task(self._listen()), _task(self._tend())]
        try:
            done, _ = await asyncio.wait(tasks[:2], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._close()
        return not (self._is_lost or self._reached.call.was_lost)

    async def _close(self) -> None:
        self._room.leave(self._caller)
        for reached in [self._reached, *self._others]:
            self._room.leave(reached.call)
            await reached.call.hang_up()
            talked = time.monotonic() - self._began if reached is self._reached else None
            self._switchboard.free(reached.phone, talked=talked)

    async def _listen(self) -> None:
        """The caller's keys: words by keys are heard here too (R5), anything else means nothing."""
        while True:
            await self._keys.next(None)

    async def _tend(self) -> None:
        """Who is on hold hears that they are not alone; whoever has left the talk is free for the next caller."""
        while True:
            if self._is_held and (pcm := self._sound_of("please_wait")) is not None:
                self._caller.play(pcm)
            for gone in [other for other in self._others if other.call.ended.is_set()]:
                self._others.remove(gone)
                self._switchboard.free(gone.phone)
            await asyncio.sleep(HOLD_SECONDS)

    async def _operate(self) -> None:
        """Until the person's call has ended, whoever the person is by then."""
        while True:
            operator = self._reached.call
            try:
                if await operator.key(None) != "*":
                    continue
                act = await operator.key(_TYPING_SECONDS)
                if act == _HOLD:
                    self._hold(is_held=not self._is_held)
                elif act in {_PUT_ON_HOLD, _TAKE_BACK}:
                    self._hold(is_held=act == _PUT_ON_HOLD)
                elif act == _LOST:
                    self._is_lost = True
                    return
                elif act in {_TRANSFER, _INTERPRETER, _SUPERVISOR}:
                    await self._bring(act, await self._extension(operator))
            except Ended:
                if self._reached.call is operator:
                    return

    async def _extension(self, operator: Call) -> str | None:
        """Empty for whoever can do it; None when it was not typed to its end."""
        typed = ""
        while len(typed) <= _EXTENSION_MOST:
            key = await operator.key(_TYPING_SECONDS)
            if key is None or not key.isdecimal():
                return typed if key == "#" else None
            typed += key
        return None

    async def _bring(self, act: str, extension: str | None) -> None:
        operator, was_held = self._reached.call, self._is_held
        if act == _TRANSFER and extension and not was_held:
            self._hold(is_held=True)
        found = await self._find(act, extension) if act == _TRANSFER else await self._find_for(operator, act, extension)
        if found is None:
            self._is_lost |= (
                act == _TRANSFER and operator.ended.is_set()
            )  # nobody is left, and it was not the caller's wish
            operator.play(engaged(operator.rate))
        elif act == _TRANSFER:
            await self._hand_over(found)
        else:
            await self._add(found, act)
        # Who put the caller on hold and reaches nobody believes that the caller hears nothing: so it stays.
        if act == _TRANSFER and (found is not None or not was_held):
            self._hold(is_held=False)

    async def _find(self, act: str, extension: str | None) -> Reached | None:
        if extension:
            return await self._switchboard.bring(extension, self._waiter, self._languages)
        if extension is not None and act == _INTERPRETER:
            return await self._switchboard.bring_skilled("interpreter", self._waiter)
        return None

    async def _find_for(self, operator: Call, act: str, extension: str | None) -> Reached | None:
        """None as soon as the person hangs up: the caller's menu must not wait for somebody to come to nobody."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None) as patience:
                watching = _task(_end_with(operator, patience))
                try:
                    return await self._find(act, extension)
                finally:
                    watching.cancel()
        return None

    async def _hand_over(self, found: Reached) -> None:
        before, self._reached = self._reached, found
        self._room.leave(before.call)
        try:
            await before.call.hang_up()
        finally:  # the caller may go meanwhile
            self._switchboard.free(before.phone)
        await self._join(found.call)

    async def _add(self, found: Reached, act: str) -> None:
        """All are told first, and heard to be told: without the sentence nobody joins."""
        self._others.append(found)  # from now on it ends with the talk, also while the others are being told
        name = "interpreter_joins" if act == _INTERPRETER else "supervisor_listens"
        if not await self._tell(name):
            self._reached.call.play(engaged(self._reached.call.rate))
            await found.call.hang_up()
        elif act == _INTERPRETER:
            await self._join(found.call)
        else:
            self._listening.append(found.call)
            self._room.join(found.call, speaks=False)

    async def _join(self, newcomer: Call) -> None:
        """A supervisor who listens already hears nothing more until the newcomer was told of it, too."""
        for call in self._listening:
            self._room.leave(call)
        self._room.join(newcomer)
        listening = [call for call in self._listening if not call.ended.is_set()]
        if listening and await self._tell("supervisor_listens"):
            for call in listening:
                self._room.join(call, speaks=False)

    async def _tell(self, name: str) -> bool:
        """Whether all in the room have heard it."""
        pcm = self._sound_of(name)
        if pcm is None:
            return False
        self._room.tell(pcm, self._caller.rate)
        if self._is_held:
            self._caller.play(pcm)
        await asyncio.sleep(len(pcm) / 2 / self._caller.rate)
        return True

    def _hold(self, *, is_held: bool) -> None:
        """The caller alone is outside: an interpreter who is there hears the person, and nobody else hears the caller."""
        self._is_held = is_held
        operator = self._reached.call
        if not is_held:
            self._room.join(self._caller)
            return
        self._room.leave(self._caller)
        operator.play(tone(operator.rate))
        if (pcm := self._sound_of("please_wait")) is not None:
            self._caller.play(pcm)


async def _end_with(operator: Call, patience: asyncio.Timeout) -> None:
    await operator.ended.wait()
    patience.reschedule(asyncio.get_running_loop().time())


def _task(work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    return asyncio.create_task(work)
