# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the medical office does. Weights are opened with its key alone, so that only its acts can tell when a review is due."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import CustodyError, NotYours
from safeconduct.desk.custody.medical import sheets
from safeconduct.desk.custody.medical.errors import (
    InspectedThatDay,
    NobodyEntered,
    NoSuchInspection,
    NoTransfer,
    RowsRefused,
    WordsNeeded,
)
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import LEAVES, PersonEvent
from safeconduct.vocabulary.medical import Course, HealthWord, Inspection, MedicalNote, StateOnArrival

P = PersonEvent
# What the office may write a note beside; each is entered with its note in one act.
NOTED = (
    P.REVIEWED, P.FELL_SICK, P.TAKEN_TO_HOSPITAL, P.SERIOUSLY_ILL, P.NO_LONGER_SERIOUSLY_ILL, P.TO_BE_SENT_HOME_SICK,
)  # fmt: skip
_ANSWERS = frozenset({P.TRANSFER_PASSED, P.TRANSFER_REFUSED})


@dataclass(frozen=True, slots=True)
class Found:
    """What an inspection found. It becomes a page once the register has given it a row."""

    grams: int
    health: str = ""
    contagious: str = ""
    treatment: str = ""
    signed: str = ""


@crossing.act
def inspect(keyring: Keyring, person: Person, day: date, found: Found) -> None:
    """One inspection; a loss of weight makes a review due by itself (R28).

    Raises `InspectedThatDay`, `DayRefused`, `NobodyReads`, `NotAdmitted`, `Tampered`.
    """
    _inspect_all(keyring, day, {person: found})


@crossing.act
def inspect_many(keyring: Keyring, day: date, found: Mapping[Person, Found]) -> None:
    """A ward's inspections of one day: all of them or, with the reason for each that cannot be, none.

    Raises `NobodyEntered`, `RowsRefused`.
    """
    if not found:
        raise NobodyEntered
    try:
        with transaction.atomic():
            _inspect_all(keyring, day, found)
    except CustodyError:
        _inspect_each(keyring, day, found)  # tells which of them


def _inspect_all(keyring: Keyring, day: date, found: Mapping[Person, Found]) -> None:
    rows = acts.happen_to_all(keyring.operator, list(found), [P.INSPECTED], When(day))
    others = EventRow.objects.filter(person__in=list(found), kind=P.INSPECTED.value, happened=day, stands=True)
    if others.exclude(pk__in=[row.pk for row in rows]).exists():
        raise InspectedThatDay
    records = {person: _page(row, found[person]) for person, row in zip(found, rows, strict=True)}
    sealed.keep_all(records, sheets.INSPECTION, entered=acts.today())
    _settle(keyring, list(found))
    audit.record_each(keyring.operator, "medical.inspected", [person.number for person in found])


def _inspect_each(keyring: Keyring, day: date, found: Mapping[Person, Found]) -> None:
    """One after the other, each by itself. Raises `RowsRefused`."""
    why: dict[str, CustodyError] = {}
    for person, one in sorted(found.items(), key=lambda row: row[0].pk):  # two pages lock in one order
        try:
            inspect(keyring, person, day, one)
        except CustodyError as error:
            why[person.number] = error
    if why:
        raise RowsRefused(why)


@crossing.act
def correct(keyring: Keyring, person: Person, event: int, day: date, found: Found) -> None:
    """Another weight or another day. What was written before stays sealed; reviews follow from what stands.

    Raises `NoSuchInspection`, `InspectedThatDay`, `DayRefused`.
    """
    row = _inspection(person, event)
    was = row.happened
    if was != day:
        row = acts.amend(person, row.pk, When(day))
        if person.events.filter(kind=row.kind, happened=day, stands=True).exclude(pk=row.pk).exists():
            raise InspectedThatDay
        _redate_review(person, was, day)
    sealed.keep(person, sheets.INSPECTION, _page(row, found), entered=acts.today())
    _settle(keyring, [person])
    audit.record(keyring.operator, "medical.corrected", person.number)


@crossing.act
def strike(keyring: Keyring, person: Person, event: int) -> None:
    """There was no such inspection. Raises `NoSuchInspection`."""
    acts.amend(person, _inspection(person, event).pk, None)
    _settle(keyring, [person])
    audit.record(keyring.operator, "medical.corrected", person.number)


@crossing.act
def describe(keyring: Keyring, person: Person, state: StateOnArrival) -> None:
    """How they came. A height makes the index of body mass known, and with it whether a review is due."""
    sealed.keep(person, sheets.STATE, state, entered=acts.today())
    _settle(keyring, [person])
    audit.record(keyring.operator, "medical.described", person.number)


@crossing.act
def note(keyring: Keyring, person: Person, event: PersonEvent, when: When, words: str) -> None:
    """An illness, a hospital, a review: in clear that it was, sealed what was found. Raises `NotYours`, `DayRefused`."""
    if event not in NOTED:
        raise NotYours
    _noted(keyring, person, event, when, words)
    audit.record(keyring.operator, "medical.noted", person.number)


@crossing.act
def answer_transfer(keyring: Keyring, person: Person, answer: PersonEvent, when: When, words: str) -> None:
    """Whether somebody may travel (art. 47). A refusal says why, sealed. Raises `NoTransfer`, `WordsNeeded`, `NotYours`."""
    if answer not in _ANSWERS:
        raise NotYours
    if not is_to_be_transferred(person):
        raise NoTransfer
    if answer is P.TRANSFER_REFUSED and not words:
        raise WordsNeeded
    _noted(keyring, person, answer, when, words)
    audit.record(keyring.operator, "medical.transfer", person.number)


@crossing.act
def write_word(keyring: Keyring, person: Person, course: Course, words: str) -> None:
    """How it goes with somebody seriously ill, for the Bureau (art. 122). Raises `NobodyReads`."""
    sealed.keep(person, sheets.WORD, HealthWord(course=course, words=words), entered=acts.today())
    audit.record(keyring.operator, "medical.word", person.number)


@crossing.act
def tell(keyring: Keyring, person: Person, when: When) -> None:
    """The Bureau has passed the word on. Raises `DayRefused`."""
    acts.happen(keyring.operator, person, P.BUREAU_TOLD_HEALTH, when)
    audit.record(keyring.operator, "medical.told", person.number)


def is_to_be_transferred(person: Person) -> bool:
    """Whether a transfer is planned that has not been made."""
    ends = [event.value for event in (P.TRANSFERRED, P.TRANSFER_CALLED_OFF, *LEAVES)]
    last = (
        person.events.filter(kind__in=[P.TRANSFER_PLANNED.value, *ends], stands=True).order_by("happened", "pk").last()
    )
    return last is not None and last.kind == P.TRANSFER_PLANNED.value


def _inspection(person: Person, event: int) -> EventRow:
    Person.objects.select_for_update().get(pk=person.pk)
    row = person.events.filter(pk=event, kind=P.INSPECTED.value, stands=True).first()
    if row is None:
        raise NoSuchInspection
    return row


def _redate_review(person: Person, was: date, day: date) -> None:
    """The review that an inspection called for goes with it, so that it stays answered by what was entered since."""
    due = person.events.filter(kind=P.REVIEW_DUE.value, happened=was, stands=True).first()
    if due is not None:
        acts.amend(person, due.pk, When(day))


def _page(row: EventRow, found: Found) -> Inspection:
    return Inspection(
        event=row.pk,
        grams=found.grams,
        health=found.health,
        contagious=found.contagious,
        treatment=found.treatment,
        signed=found.signed,
    )


def _noted(keyring: Keyring, person: Person, event: PersonEvent, when: When, words: str) -> None:
    row = acts.happen(keyring.operator, person, event, when)
    record = MedicalNote(event=row.pk, words=words, signed=keyring.operator.name)
    sealed.keep(person, sheets.NOTE, record, entered=acts.today())


def _settle(keyring: Keyring, people: Sequence[Person]) -> None:
    """The reviews that the weights call for stand in clear, and no others: what was corrected takes its review with it."""
    standing: dict[int, dict[date, int]] = {person.pk: {} for person in people}
    for row in EventRow.objects.filter(person__in=list(people), kind=P.REVIEW_DUE.value, stands=True):
        standing[row.person_id or 0][row.happened] = row.pk
    due: dict[date, list[Person]] = defaultdict(list)
    inspections = sheets.inspections_of(keyring, people)
    for person in people:
        wanted, there = {one.day for one in inspections[person.pk] if one.why}, standing[person.pk]
        for day in sorted(there.keys() - wanted):
            acts.amend(person, there[day], None)
        for day in wanted - there.keys():
            due[day].append(person)
    for day in sorted(due):
        acts.happen_to_all(keyring.operator, due[day], [P.REVIEW_DUE], When(day))
