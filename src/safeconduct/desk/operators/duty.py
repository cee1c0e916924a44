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
from safeconduct.vocabulary.duty import is_phone
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.skills import SKILLS

HOURS = range(1, 13)
HOURS_USUAL = 8
CASES = range(1, 21)
CASES_USUAL = 5
_FIRST_NUMBER = 100  # three digits from the start: a single key typed by mistake reaches nobody

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """One operator's languages, longest shift, phone (a SIP URI) if one is to ring, and how many cases at a time.

    And their skills, which are not theirs to say: a supervisor does.
    """

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


def parse(languages: Sequence[str], hours: str, phone: str, capacity: str = str(CASES_USUAL)) -> Card:
    """From their own form. Raises `CardRefused`."""
    if not languages or not set(languages) <= set(LANGUAGES):
        raise CardRefused("languages")
    if hours not in {str(known) for known in HOURS}:
        raise CardRefused("hours")
    uri = phone.strip()
    if uri and not is_phone(uri):
        raise CardRefused("phone")
    if capacity not in {str(known) for known in CASES}:
        raise CardRefused("capacity")
    return Card(_in_order(languages, LANGUAGES), hours=int(hours), phone=uri, capacity=int(capacity))


def parse_skills(said: Sequence[str]) -> tuple[str, ...]:
    """From a supervisor's form. Raises `CardRefused`."""
    if not set(said) <= set(SKILLS):
        raise CardRefused("skills")
    return _in_order(said, SKILLS)


def card_of(keyring: Keyring) -> Card | None:
    """The operator's own. A phone that was sealed to an earlier key of theirs is gone. Raises `Locked`."""
    row = _row(keyring.operator)
    if row is None:
        return None
    return replace(_spoken(row), phone=_phone(row, keyring))


def brings(operator: Operator) -> Card | None:
    """The same without the phone, for what needs no key."""
    row = _row(operator)
    return _spoken(row) if row is not None else None


def skills_of(operator: Operator) -> tuple[str, ...]:
    """What a supervisor noted; they may have said no language yet."""
    row = DutyCard.objects.filter(operator=operator).first()
    return tuple(row.skills.split()) if row is not None else ()


def shift_of(operator: Operator, *, clock: Clock = time.time) -> Shift | None:
    """Of who is on duty now; None for everybody else, whatever row there is still."""
    shift = Shift.objects.filter(operator=operator).first()
    return shift if shift is not None and is_running(shift, operator, clock=clock) else None


def on_duty(*, clock: Clock = time.time) -> list[OnDuty]:
    """Everybody who is on duty now, by name."""
    shifts = Shift.objects.select_related("operator__duty_card").order_by("operator__name")
    running = [shift for shift in shifts if _is_now(shift, clock)]
    unlocked = sessions.unlocked({shift.session: shift.operator for shift in running}, clock=clock)
    return [_on_duty(shift) for shift in running if shift.session in unlocked]


def number_of(operator: Operator) -> str:
    """What a colleague types on a telephone to reach them: theirs for good, and nobody else's, whatever their name is."""
    return str(_FIRST_NUMBER + operator.pk)


def is_running(shift: Shift, operator: Operator, *, clock: Clock = time.time) -> bool:
    """Silence is the safe answer: a lock, a sign-out, a new passphrase and the end of the shift all end it by themselves."""
    return _is_now(shift, clock) and sessions.is_unlocked(shift.session, operator, clock=clock)


def _is_now(shift: Shift, clock: Clock) -> bool:
    """One that ends farther ahead than any shift lasts was begun before the clock was set back."""
    return 0 < shift.until - clock() <= HOURS[-1] * 3600 + sessions.SET_BACK_SECONDS


def _on_duty(shift: Shift) -> OnDuty:
    row = getattr(shift.operator, "duty_card", None)
    card = _spoken(row) if row is not None else Card(())
    return OnDuty(shift, shift.operator, card.languages, card.skills, card.capacity)


def _row(operator: Operator) -> DutyCard | None:
    """None too for whom a supervisor noted skills, and who has not said what they speak."""
    return DutyCard.objects.filter(operator=operator).exclude(languages="").first()


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
