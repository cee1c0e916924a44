# SPDX-License-Identifier: AGPL-3.0-or-later
"""Callers who wait for a person, in their order, and the phones that may ring for them. Kept in memory, for these calls alone."""

import asyncio
import contextlib
import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from safeconduct.edge.channels.duty import OnDuty, Phone
from safeconduct.edge.channels.voice.engine import Call, Engine, NotReached
from safeconduct.vocabulary.skills import TELEPHONE

RING_SECONDS = 20.0
REST_SECONDS = 30.0  # so long a phone that nobody answered is left in peace, even if there is no other
LOOK_SECONDS = 2.0
_LAST_CALLS = 20
_BASIS = 3  # of fewer talks nothing can be told


@dataclass(slots=True, eq=False, repr=False)
class Waiter:
    """One caller in the queue."""

    language: str
    headers: Mapping[str, str] = field(default_factory=dict)
    since: float = 0.0
    is_ringing: bool = False  # a phone rings for them: they stand in nobody's way
    was_rung_for: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Reached:
    """A person's phone that was answered."""

    phone: Phone
    call: Call


class Switchboard:
    """One for the process."""

    def __init__(self, engine: Engine, duty: OnDuty, clock: Callable[[], float] = time.monotonic) -> None:
        self._duty = duty
        self._engine = engine
        self._clock = clock
        self._queue: list[Waiter] = []
        self._busy: set[str] = set()
        self._idle_since: dict[str, float] = {}
        self._resting: dict[str, float] = {}
        self._talks: deque[float] = deque(maxlen=_LAST_CALLS)
        self._changed = asyncio.Event()

    def join(self, language: str, headers: Mapping[str, str]) -> Waiter:
        waiter = Waiter(language, headers, self._clock())
        self._queue.append(waiter)
        return waiter

    def leave(self, waiter: Waiter) -> None:
        """Not there is fine."""
        with contextlib.suppress(ValueError):
            self._queue.remove(waiter)
        self._wake()

    def first_again(self, waiter: Waiter) -> None:
        """They were talking to somebody, and it was not they who ended it."""
        self.leave(waiter)
        self._queue.insert(0, waiter)

    def position(self, waiter: Waiter) -> int:
        """From 1, among those who wait for the same language."""
        before = self._queue[: self._queue.index(waiter)] if waiter in self._queue else []
        return 1 + sum(other.language == waiter.language for other in before)

    async def minutes(self, waiter: Waiter) -> int | None:
        """How long they will wait, as far as the last talks tell it; None when they tell nothing."""
        on_duty = len(await self._duty.phones(waiter.language))
        if len(self._talks) < _BASIS or not on_duty:
            return None
        mean = sum(self._talks) / len(self._talks)
        return max(1, math.ceil(self.position(waiter) * mean / on_duty / 60))

    async def find(self, waiter: Waiter) -> Reached | None:
        """Ring those on duty until one answers. None when nobody is on duty. Cancelled when the caller goes."""
        while True:
            self._changed.clear()
            phones = await self._duty.phones(waiter.language)
            if not phones:
                return None
            phone = self._phone_for(waiter, phones)
            if phone is not None:
                reached = await self._ring(phone, waiter)
                if reached is not None:
                    return reached
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._changed.wait()

    async def bring(self, extension: str, waiter: Waiter, languages: Sequence[str]) -> Reached | None:
        """Another phone that is on duty, by its extension. None: not on duty, or no answer."""
        for language in languages:
            for phone in await self._duty.phones(language):
                if phone.extension == extension and phone.uri not in self._busy:
                    return await self._dial(phone, self._told(waiter))
        return None

    async def bring_skilled(self, skill: str, waiter: Waiter) -> Reached | None:
        """Somebody on duty who can do this in the caller's language, longest idle first. None: nobody, or no answer."""
        able = [phone for phone in await self._duty.phones(waiter.language) if skill in phone.skills]
        for phone in sorted(able, key=lambda phone: self._idle_since.get(phone.uri, 0.0)):
            if phone.uri not in self._busy and (reached := await self._dial(phone, self._told(waiter))) is not None:
                return reached
        return None

    def free(self, phone: Phone, *, talked: float | None = None) -> None:
        """The person is there for the next one; `talked`: how many seconds it took."""
        self._busy.discard(phone.uri)
        self._idle_since[phone.uri] = self._clock()
        if talked is not None:
            self._talks.append(talked)
        self._wake()

    def _phone_for(self, waiter: Waiter, phones: Sequence[Phone]) -> Phone | None:
        now, before = self._clock(), self._before(waiter)
        free = [phone for phone in phones if phone.uri not in self._busy]
        free = [phone for phone in free if not any(other.language in phone.languages for other in before)]
        rested = [phone for phone in free if self._resting.get(phone.uri, 0.0) <= now]
        return min(rested, key=self._turn, default=None)

    def _turn(self, phone: Phone) -> tuple[bool, float]:
        """Who is trained to answer calls first, then who was idle longest: nobody waits for training while anybody is free."""
        return TELEPHONE not in phone.skills, self._idle_since.get(phone.uri, 0.0)

    def _before(self, waiter: Waiter) -> list[Waiter]:
        ahead = self._queue[: self._queue.index(waiter)] if waiter in self._queue else []
        return [other for other in ahead if not other.is_ringing]

    async def _ring(self, phone: Phone, waiter: Waiter) -> Reached | None:
        waiter.is_ringing = waiter.was_rung_for = True
        try:
            reached = await self._dial(phone, self._told(waiter))
        finally:
            waiter.is_ringing = False
        if reached is not None:
            with contextlib.suppress(ValueError):
                self._queue.remove(waiter)
        return reached

    def _told(self, waiter: Waiter) -> Mapping[str, str]:
        """What the person's telephone shows before they answer: which case, which language, how long they have waited."""
        waited = int(self._clock() - waiter.since)
        return {**waiter.headers, "X-Language": waiter.language, "X-Waited": str(waited)}

    async def _dial(self, phone: Phone, headers: Mapping[str, str]) -> Reached | None:
        self._busy.add(phone.uri)
        try:
            call = await self._engine.dial(phone.uri, seconds=RING_SECONDS, headers=headers)
        except NotReached:
            self._busy.discard(phone.uri)
            self._resting[phone.uri] = self._clock() + REST_SECONDS
            self._wake()
            return None
        except BaseException:
            self._busy.discard(phone.uri)
            self._wake()
            raise
        return Reached(phone, call)

    def _wake(self) -> None:
        self._changed.set()
