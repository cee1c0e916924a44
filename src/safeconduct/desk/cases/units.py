# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several people who come together: how many, who speaks for them, whose own cases belong to it, and who arrived.

Everything is a sealed record of the case, only ever added to. A member's conversation stays theirs: the two cases name
each other's number, and nothing of the one is shown in the other. Who only reads a case changes nothing of its unit:
each act raises `HeldByOthers` for that.
"""

from dataclasses import dataclass, field

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import history, holding, reading, standing
from safeconduct.desk.cases.errors import AlreadyMember, CaseGone, HeldByOthers, NoMember, NoUnit
from safeconduct.desk.cases.membership import members_of, unit_of
from safeconduct.desk.cases.models import Case, StoredEnvelope, today
from safeconduct.desk.cases.opening import Item, Opened
from safeconduct.desk.cases.refusing import recorded
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.vocabulary.casework import Casework, UnitArrival, UnitCount, UnitMember, UnitOf, UnitVoice


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to come, as it stands after its corrections."""

    envelope: bytes
    counts: UnitArrival
    item: Item
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """What is known of it now."""

    head_count: int
    voice: str | None  # the case of who speaks for it; None: whoever writes in this one
    members: tuple[str, ...] = ()
    belongs_to: str | None = None  # this case is a member's
    attempts: tuple[Attempt, ...] = field(default=())

    @property
    def arrived(self) -> int:
        return sum(one.counts.received for one in self.attempts)

    @property
    def missing(self) -> int:
        """Who has not come yet; never below none, whatever was counted."""
        return max(0, self.head_count - self.arrived)

    @property
    def is_too_many(self) -> bool:
        """More came than were known: the head count wants a look."""
        return self.arrived > self.head_count


def of(opened: Opened) -> Unit:
    """Read from the records of a case, in their order. What the person said counts until a colleague corrects it."""
    head_count, voice = opened.facts.head_count if opened.facts else 1, None
    records = [item.record for item in opened.items]
    for record in records:
        if isinstance(record, UnitCount):
            head_count = record.head_count
        elif isinstance(record, UnitVoice):
            voice = record.member
    members = members_of(records)
    voice = voice if voice in members else None
    return Unit(head_count, voice, members, unit_of(records), _attempts(opened))


@transaction.atomic
def see(hand: Hand, number: str) -> tuple[Case, Unit]:
    """For its page. A reading like any other. Raises `CaseGone`, `NoUnit`."""
    case = holding.take(hand.operator, number)
    opened = _fit(hand, case)
    audit.record(hand.operator, "cases.read", number)
    history.write_once_a_day(hand, case, "read")
    return case, of(opened)


@recorded
def count(hand: Hand, number: str, written: Writing, head_count: int) -> None:
    """How many they are. Raises `CaseGone`, `NoUnit`."""
    case = holding.take_to_answer(hand.operator, number)
    _fit(hand, case)
    _write(hand, case, UnitCount(head_count), written)


@recorded
def speak(hand: Hand, number: str, written: Writing, member: str | None) -> None:
    """Who speaks for them. Raises `CaseGone`, `NoUnit`, `NoMember`."""
    case = holding.take_to_answer(hand.operator, number)
    if member is not None and member not in of(_fit(hand, case)).members:
        raise NoMember(number)
    _write(hand, case, UnitVoice(member), written)


@recorded
def add(hand: Hand, number: str, written: Writing, member: str) -> None:
    """The person of that case belongs to it. Raises `CaseGone`, `NoUnit` (R6, R7: of either case), `AlreadyMember`."""
    case, other = _both(hand, number, member)
    unit, theirs = of(_fit(hand, case)), of(_fit(hand, other))
    if unit.belongs_to or theirs.members or theirs.belongs_to not in {None, number} or member in unit.members:
        raise AlreadyMember(member)
    if _write(hand, case, UnitMember(member, belongs=True), written):
        _write(hand, other, UnitOf(number, belongs=True))
        for one in (case, other):
            if standing.is_frozen(one):
                standing.freeze_unit(hand, one)


@recorded
def leave(hand: Hand, number: str, written: Writing, member: str) -> None:
    """They no longer belong to it; the member's case may be gone, or another team's. Raises `CaseGone`, `NoMember`."""
    if _is_at_hand(hand, number, member):
        case, other = _both(hand, number, member)
    else:
        case, other = holding.take_to_answer(hand.operator, number), None
    if member not in of(reading.frame(hand, case)).members:
        raise NoMember(number)
    if _write(hand, case, UnitMember(member, belongs=False), written) and other is not None:
        _write(hand, other, UnitOf(number, belongs=False))


@recorded
def arrive(hand: Hand, number: str, written: Writing, counts: UnitArrival) -> None:
    """What became of an attempt, or a correction of what was written down. Raises `CaseGone`, `NoUnit`, `NoMember`.

    An outcome is kept by the month from the start: nothing here tells later on which day somebody came.
    """
    case = holding.take_to_answer(hand.operator, number)
    unit = of(_fit(hand, case))
    if counts.corrects is not None and counts.corrects not in {one.envelope for one in unit.attempts}:
        raise NoMember(number)
    _write(hand, case, counts, written)


def _fit(hand: Hand, case: Case) -> Opened:
    opened = reading.frame(hand, case)
    if not standing.is_ever_handed_over(opened):
        raise NoUnit(case.number)
    return opened


def _both(hand: Hand, number: str, member: str) -> tuple[Case, Case]:
    """Both, locked in one order, so that two colleagues never wait for each other."""
    if number == member:
        raise AlreadyMember(member)
    taken = {one: holding.take(hand.operator, one) for one in sorted((number, member))}
    if not holding.is_answered_by(hand.operator, taken[number]):
        raise HeldByOthers(number)
    if taken[number].whose is not taken[member].whose:
        raise CaseGone(member)  # a unit is of one team; the other's case is not to be reached from here
    return taken[number], taken[member]


def _is_at_hand(hand: Hand, number: str, member: str) -> bool:
    """Of the same team as the unit: else nobody at all could take them out of it."""
    found = {one.number: one for one in Case.objects.filter(number__in=[number, member])}
    if found.keys() != {number, member}:
        return False
    return holding.is_seen_by(hand.operator, found[member]) and found[number].whose is found[member].whose


def _write(hand: Hand, case: Case, record: Casework, written: Writing | None = None) -> bool:
    """False when the same form has written it already."""
    submission = written.submission(hand.operator, case) if written else None
    if submission is not None and StoredEnvelope.objects.filter(submission=submission).exists():
        return False
    day = today().replace(day=1) if isinstance(record, UnitArrival) else today()
    history.write(hand, case, record, submission=submission, is_frame=True, day=day)
    audit.record(hand.operator, "cases.unit", case.number)
    return True


def _attempts(opened: Opened) -> tuple[Attempt, ...]:
    """A correction takes the place of what it corrects, and can be corrected again."""
    found: dict[bytes, Attempt] = {}
    for item in opened.items:
        if isinstance(item.record, UnitArrival):
            name, corrects = bytes(item.stored.envelope), item.record.corrects
            if corrects in found:
                found = {
                    (name if key == corrects else key): (
                        Attempt(name, item.record, item, is_corrected=True) if key == corrects else attempt
                    )
                    for key, attempt in found.items()
                }
            elif corrects is None:
                found[name] = Attempt(name, item.record, item)
    return tuple(found.values())
