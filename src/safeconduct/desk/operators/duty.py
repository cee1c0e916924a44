# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator brings to a call, and who is on duty now. Reads; `duty_acts` has what changes it."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from safeconduct.desk.operators import sessions
from safeconduct.desk.operators.errors import CardRefused
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import DutyCard, Operator, Shift
from safeconduct.sealing.duty import open_phone
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary.duty import SKILLS, is_phone
from safeconduct.vocabulary.languages import LANGUAGES

HOURS = range(1, 13)
HOURS_USUAL = 8
CASES = range(1, 21)
CASES_USUAL = 5

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """One operator's languages, skills, longest shift, phone (a SIP URI) if one is to ring, and how many cases at a time."""

    languages: tuple[str, ...]
    skills: tuple[str, ...] = ()
    hours: int = HOURS_USUAL
    phone: str = ""
    capacity: int = CASES_USUAL


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One operator on duty."""

    shift: Shift
    operator: Operator
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int = CASES_USUAL

    @property
    def rings(self) -> bool:
        return bool(self.shift.phone)


def parse(
    languages: Sequence[str], skills: Sequence[str], hours: str, phone: str, capacity: str = str(CASES_USUAL)
) -> Card:
    """From a form. Raises `CardRefused`."""
    if not languages or not set(languages) <= set(LANGUAGES):
        raise CardRefused("languages")
    if not set(skills) <= set(SKILLS):
        raise CardRefused("skills")
    if hours not in {str(known) for known in HOURS}:
        raise CardRefused("hours")
    uri = phone.strip()
    if uri and not is_phone(uri):
        raise CardRefused("phone")
    if capacity not in {str(known) for known in CASES}:
        raise CardRefused("capacity")
    return Card(_in_order(languages, LANGUAGES), _in_order(skills, SKILLS), int(hours), uri, int(capacity))


def card_of(keyring: Keyring) -> Card | None:
    """The operator's own. A phone that was sealed to an earlier key of theirs is gone. Raises `Locked`."""
    row = DutyCard.objects.filter(operator=keyring.operator).first()
    if row is None:
        return None
    return replace(_spoken(row), phone=_phone(row, keyring))


def brings(operator: Operator) -> Card | None:
    """The same without the phone, for what needs no key."""
    row = DutyCard.objects.filter(operator=operator).first()
    return _spoken(row) if row is not None else None


def shift_of(operator: Operator, *, clock: Clock = time.time) -> Shift | None:
    """Of who is on duty now; None for everybody else, whatever row there is still."""
    shift = Shift.objects.filter(operator=operator).first()
    return shift if shift is not None and is_running(shift, operator, clock=clock) else None


def on_duty(*, clock: Clock = time.time) -> list[OnDuty]:
    """Everybody who is on duty now, by name."""
    shifts = Shift.objects.select_related("operator__duty_card").order_by("operator__name")
    running = [shift for shift in shifts if clock() < shift.until]
    unlocked = sessions.unlocked({shift.session: shift.operator for shift in running}, clock=clock)
    return [_on_duty(shift) for shift in running if shift.session in unlocked]


def is_running(shift: Shift, operator: Operator, *, clock: Clock = time.time) -> bool:
    """Silence is the safe answer: a lock, a sign-out, a new passphrase and the end of the shift all end it by themselves."""
    return clock() < shift.until and sessions.is_unlocked(shift.session, operator, clock=clock)


def _on_duty(shift: Shift) -> OnDuty:
    row = getattr(shift.operator, "duty_card", None)
    card = _spoken(row) if row is not None else Card(())
    return OnDuty(shift, shift.operator, card.languages, card.skills, card.capacity)


def _spoken(row: DutyCard) -> Card:
    return Card(tuple(row.languages.split()), tuple(row.skills.split()), row.hours, capacity=row.capacity)


def _phone(row: DutyCard, keyring: Keyring) -> str:
    if row.phone is None:
        return ""
    try:
        return open_phone(bytes(row.phone), keyring.private).decode()
    except (SealingError, UnicodeDecodeError):
        return ""


def _in_order(chosen: Collection[str], known: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for one in known if one in chosen)
