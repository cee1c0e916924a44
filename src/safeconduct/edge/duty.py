# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is on duty, as this door believes the desk: signed by it, of the last two minutes, and not older than what was seen.

Anything wrong means nobody. While the spool cannot be read, what was believed last holds until its own end.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence

import msgspec

from safeconduct.edge.channels.duty import Phone
from safeconduct.sealing import duty as sealing
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import VerifyKey
from safeconduct.spool.contract import Expiring
from safeconduct.spool.errors import SpoolError
from safeconduct.vocabulary import duty as words
from safeconduct.vocabulary.duty import Duty, SealedPhone

REFRESH_SECONDS = 5.0
AHEAD_SECONDS = 30  # by so much the desk's clock may be before ours

_chance = secrets.SystemRandom()
_log = logging.getLogger(__name__)


class DutyReader:
    """Reads the signal again when it is asked and what it knows is some seconds old. One for each process."""

    def __init__(
        self, spool: Expiring, *, desk: VerifyKey, clock: Callable[[], float], delivery: PrivateKey | None = None
    ) -> None:
        """Without a delivery key no phone opens: for who only asks what is spoken."""
        self._spool = spool
        self._desk = desk
        self._delivery = delivery
        self._clock = clock
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()
        self._said: bytes | None = None  # the signal that `_duty` and `_phones` were read from
        self._duty: Duty | None = None
        self._phones: tuple[Phone, ...] = ()
        self._newest = 0  # `made` of the newest that was believed: an older one is a replay
        self._told = ""

    async def phones(self, language: str) -> Sequence[Phone]:
        """Those who speak it, by chance: nobody is always rung first. Who was rung when, the channel knows itself."""
        if await self._now() is None:
            return ()
        found = [phone for phone in self._phones if language in phone.languages]
        return _chance.sample(found, len(found))

    async def languages(self) -> frozenset[str]:
        """Those of everybody who is on duty, with a phone or without."""
        duty = await self._now()
        return frozenset(duty.languages) if duty is not None else frozenset()

    async def _now(self) -> Duty | None:
        # Compared both ways: a clock that was set back must not stop the reading.
        if abs(self._clock() - self._read_at) >= REFRESH_SECONDS:
            async with self._reading:
                if abs(self._clock() - self._read_at) >= REFRESH_SECONDS:
                    await self._read()
        return self._duty if self._duty is not None and self._is_of_now(self._duty) else None

    async def _read(self) -> None:
        try:
            said = await self._spool.kept(words.KIND, words.KEY)
        except SpoolError as error:
            self._tell(type(error).__name__)
        else:
            self._judge(said)
        self._read_at = self._clock()

    def _judge(self, said: bytes | None) -> None:
        if said is None:
            self._said, self._duty, self._phones = None, None, ()
            return
        if said == self._said:  # judged already; whether it still holds is asked each time
            return
        self._said, self._duty, self._phones = said, None, ()
        try:
            duty = words.decode(sealing.verified(said, self._desk))
        except (SealingError, msgspec.DecodeError) as error:
            self._tell(type(error).__name__)
            return
        if not self._is_of_now(duty) or duty.made < self._seen():
            self._tell("not of now")
            self._said = None  # a clock that was wrong may be set right
            return
        self._told, self._newest = "", duty.made
        phones = duty.phones if self._delivery is not None else ()
        self._duty, self._phones = duty, tuple(filter(None, map(self._opened, phones)))

    def _is_of_now(self, duty: Duty) -> bool:
        now = self._clock()
        return duty.made <= now + AHEAD_SECONDS and now < duty.until

    def _seen(self) -> int:
        """A clock that ran ahead and was set right must not silence the line for as long as it was ahead."""
        return self._newest if self._newest <= self._clock() + AHEAD_SECONDS else 0

    def _opened(self, sealed: SealedPhone) -> Phone | None:
        """None for one that this channel cannot open: sealed to a key that was replaced meanwhile."""
        if self._delivery is None:
            return None
        try:
            said = words.read_phone(sealing.open_phone(sealed.uri, self._delivery).decode())
        except (SealingError, ValueError) as error:
            self._tell(type(error).__name__)
            return None
        if said is None:
            return None
        uri, number = said
        return Phone(uri, sealed.languages, sealed.skills, number)

    def _tell(self, kind: str) -> None:
        """Once for each trouble, not every few seconds."""
        if kind != self._told:
            _log.warning("the signal of who is on duty: %s", kind)
        self._told = kind
