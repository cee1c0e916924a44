# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells the public door who is on duty: at once when it changed, else every 30 seconds. When this stops, nobody is.

It opens no phone: each was sealed to the channel that rings it when its operator went on duty.
"""

import logging
import time
from collections.abc import Callable

from safeconduct.desk.audit import appender
from safeconduct.desk.cases import claiming, escalating
from safeconduct.desk.operators import duty, duty_acts
from safeconduct.desk.operators.duty import Clock, OnDuty
from safeconduct.sealing.duty import sign, verify_shift
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.signatures import VerifyKey
from safeconduct.vocabulary.duty import PHONES_MAX, SIGNAL_SECONDS, Duty, SealedPhone, encode

EVERY_SECONDS = 30

Tell = Callable[[bytes, int], None]  # the signal, and when it ends
log = logging.getLogger("safeconduct.clock")


class Announcer:
    """One for each clock. Nobody on duty is told too: it would otherwise be believed for two minutes that somebody is."""

    def __init__(self, tell: Tell, *, clock: Clock = time.time) -> None:
        self._tell = tell
        self._clock = clock
        self._said: tuple[tuple[str, ...], tuple[SealedPhone, ...]] | None = None
        self._made = 0

    def announce(self) -> None:
        """Raises what telling raises; it is tried again with the next tick."""
        gone = duty_acts.lapse(clock=self._clock)
        claiming.release_of(gone)
        escalating.leave(gone)
        signer = appender.signing_key()
        present = [one for one in duty.on_duty(clock=self._clock) if _is_of_this_desk(one, signer.verify_key)]
        said = _languages(present), _phones(present)
        now = int(self._clock())
        if said == self._said and 0 <= now - self._made < EVERY_SECONDS:
            return
        languages, phones = said
        until = now + SIGNAL_SECONDS
        self._tell(sign(encode(Duty(now, until, languages, phones)), signer), until)
        self._said, self._made = said, now


def _is_of_this_desk(one: OnDuty, key: VerifyKey) -> bool:
    """False for a shift that somebody wrote into the database: calls of people who need help would go to them."""
    shift = one.shift
    try:
        verify_shift(one.operator.pk, shift.until, bytes(shift.phone), signature=bytes(shift.signature), key=key)
    except SealingError:
        log.error("A shift was not begun at this desk. Look at the record.")  # noqa: TRY400 - a trace adds nothing
        return False
    return True


def _languages(present: list[OnDuty]) -> tuple[str, ...]:
    return tuple(sorted({tag for one in present for tag in one.languages}))


def _phones(present: list[OnDuty]) -> tuple[SealedPhone, ...]:
    return tuple(SealedPhone(bytes(one.shift.phone), one.languages, one.skills) for one in present if one.rings)[
        :PHONES_MAX
    ]
