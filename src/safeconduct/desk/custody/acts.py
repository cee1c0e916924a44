# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done in custody: each one act, one transaction, one entry in its record. What is owed is worked out anew at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import days, holding, offices, owing, places, readings, rooms, sealed, watching
from safeconduct.desk.custody.duties import Event
from safeconduct.desk.custody.errors import (
    CampClosed,
    CampTaken,
    DayRefused,
    LanguageNeeded,
    NobodyReads,
    NoSuchCamp,
    NoSuchEvent,
    NoSuchPerson,
    NotYours,
    NumberRefused,
    NumberTaken,
    StillHeld,
)
from safeconduct.desk.custody.models import Camp, Person, Quarters
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent, CampKind, Category, PersonEvent, Precision
from safeconduct.vocabulary.reception import Received

_NUMBER = re.compile(r"[A-Z0-9]([A-Z0-9-]{0,18}[A-Z0-9])?")
_OF_LANGUAGES = frozenset(
    {CampEvent.LANGUAGE_PRESENT, CampEvent.LANGUAGE_GONE, CampEvent.CONVENTION_POSTED, CampEvent.ORDERS_POSTED}
)


@dataclass(frozen=True, slots=True)
class When:
    """The day that something happened on, and how much of it is known. It is entered today, whenever it was."""

    day: date
    precision: Precision = Precision.DAY


def today() -> date:
    """The day that something is entered on, in UTC as all that is stored."""
    return days.entered()


@transaction.atomic
def open_camp(actor: Operator, name: str, kind: CampKind, places: Mapping[Category, int], when: When) -> Camp:
    """A camp, and how many of each category it has places for. Raises `CampTaken`, `DayRefused`."""
    _possible(when)
    try:
        with transaction.atomic():
            camp = Camp.objects.create(name=name, kind=kind.value)
    except IntegrityError:
        raise CampTaken from None
    Quarters.objects.bulk_create(
        Quarters(camp=camp, category=category.value, places=count) for category, count in places.items()
    )
    _note(CampEvent.OPENED, when, camp=camp)
    owing.work_out_camp(camp)
    audit.record(actor, "custody.camp", name)
    return camp


@transaction.atomic
def register(actor: Operator, number: str, camp: Camp, received: Received, when: When) -> Person:
    """A person who has arrived at a camp: number and days in clear, all else sealed. A full camp takes them, and it alarms.

    Raises `NumberRefused`, `NumberTaken`, `CampClosed`, `DayRefused`.
    """
    _possible(when)
    if not _held_camp(camp).is_open:
        raise CampClosed
    person = _numbered(number, camp)
    for event in (PersonEvent.REGISTERED, PersonEvent.ARRIVED):
        rooms.follow(_note(event, when, person=person, camp=camp))
    _keep(person, received)  # behind the events: what a room keeps may say on which day they came
    _watch_age(person, received)
    owing.work_out_person(person)
    places.watch(camp)
    audit.record(actor, "custody.register", person.number)
    return person


@transaction.atomic
def describe(actor: Operator, person: Person, received: Received) -> None:
    """A person's details anew. What was written before stays."""
    _keep(person, received)
    if _watch_age(person, received):
        owing.work_out_person(person)
    audit.record(actor, "custody.correct_identity", person.number)


@transaction.atomic
def enter(actor: Operator, person: Person, event: PersonEvent, when: When, *, camp: Camp | None = None) -> EventRow:
    """Something happened to a person. Arriving and being transferred take them to `camp`.

    Raises `NotYours`, `DayRefused`, `CampClosed`, `NoSuchCamp`.
    """
    _theirs(actor, event)
    row = happen(actor, person, event, when, camp=camp)
    audit.record(actor, "custody.event", f"{person.number} {event.value}")
    return row


@transaction.atomic
def happen(actor: Operator, person: Person, event: PersonEvent, when: When, *, camp: Camp | None = None) -> EventRow:
    """The same for an act of a room, which has asked whether the actor may and records itself.

    Raises `DayRefused`, `CampClosed`, `NoSuchCamp`, and what a room's gate raises.
    """
    person = _held(person)
    row = _happened(actor, person, event, when, camp)
    has_moved = _moved(person)
    if has_moved:
        places.watch(person.camp)
    owing.work_out_person(person, None if has_moved else event)
    rooms.follow(row)
    return row


@transaction.atomic
def follow_from(row: EventRow, event: PersonEvent) -> None:
    """What an event of a person brings about by itself, on its day. Called by a room that follows it."""
    if row.person is None:
        return
    rooms.follow(_note(event, When(row.happened, Precision(row.precision)), person=row.person, camp=row.person.camp))
    owing.work_out_person(row.person)


@transaction.atomic
def happen_to_all(
    actor: Operator, people: Sequence[Person], events: Sequence[PersonEvent], when: When, *, camp: Camp | None = None
) -> None:
    """The same events for many people at once; what is owed to each is worked out after the last. All of it happens, or nothing.

    Raises what `happen` raises.
    """
    moved = False
    for one in people:
        person = _held(one)
        rows = [_happened(actor, person, event, when, camp) for event in events]
        moved = _moved(person) or moved
        owing.work_out_person(person)
        for row in rows:
            rooms.follow(row)
    if moved:
        places.watch(camp)


@transaction.atomic
def enter_of_camp(actor: Operator, camp: Camp, event: CampEvent, when: When, *, of: str = "") -> EventRow:
    """Something happened in a camp. Raises `NotYours`, `DayRefused`, `LanguageNeeded`, `StillHeld`."""
    _theirs(actor, event)
    camp = _held_camp(camp)
    _possible(when)
    if event in _OF_LANGUAGES and not of:
        raise LanguageNeeded
    if event is CampEvent.CLOSED:
        rooms.require_unused(camp)
        _close(camp)
    row = happen_in_camp(camp, event, when, of=of if event in _OF_LANGUAGES else "")
    audit.record(actor, "custody.event", f"{camp.name} {event.value}")
    return row


@transaction.atomic
def happen_in_camp(camp: Camp, event: CampEvent, when: When, *, of: str = "") -> EventRow:
    """The same for an act of a room. Raises `DayRefused`."""
    camp = _held_camp(camp)
    _possible(when)
    row = _note(event, when, camp=camp, of=of)
    owing.work_out_camp(camp)
    rooms.follow(row)
    return row


@transaction.atomic
def correct(actor: Operator, person: Person, pk: int, when: When | None) -> None:
    """What was entered was wrong: it happened on another day, or (`None`) not at all. The first entry stays, and counts no more.

    Where the person is follows anew from what stands. Raises `NotYours` and what `amend` raises.
    """
    old = EventRow.objects.filter(pk=pk, person=person, stands=True).first()
    if old is None or old.kind == PersonEvent.REGISTERED.value:
        raise NoSuchEvent
    event = PersonEvent(old.kind)
    _may_correct(actor, event)
    amend(person, pk, when)
    audit.record(actor, "custody.correct", f"{person.number} {event.value}")


@transaction.atomic
def amend(person: Person, pk: int, when: When | None) -> EventRow:
    """The same for an act of a room, which has asked whether the actor may and records itself. Gives the event that corrects it.

    Raises `NoSuchEvent`, `DayRefused`, `LastArrival`, `MovesBySide`, `MovesRest`.
    """
    person = _held(person)
    old = EventRow.objects.filter(pk=pk, person=person, stands=True).first()
    if old is None:
        raise NoSuchEvent
    event, before = PersonEvent(old.kind), holding.journeys(person)
    row = _replace(old, event, _dated(person, event, when, old) if when is not None else None)
    holding.require_sound(person, old, before)
    if _moved(person):
        places.watch(person.camp)
    owing.work_out_person(person)
    if when is None:
        watching.ring_struck(event)
    return row


@transaction.atomic
def correct_of_camp(actor: Operator, camp: Camp, pk: int) -> None:
    """What was entered of a camp did not happen. Raises `NoSuchEvent`, `NotYours`."""
    camp = _held_camp(camp)
    old = EventRow.objects.filter(pk=pk, camp=camp, person=None, stands=True).first()
    if old is None or old.kind == CampEvent.OPENED.value:
        raise NoSuchEvent
    event = CampEvent(old.kind)
    _may_correct(actor, event)
    strike_in_camp(camp, pk)
    if event is CampEvent.CLOSED:
        Camp.objects.filter(pk=camp.pk).update(is_open=True)
        owing.work_out_camp(camp)
    audit.record(actor, "custody.correct", f"{camp.name} {event.value}")


@transaction.atomic
def strike_in_camp(camp: Camp, pk: int) -> EventRow:
    """The same for an act of a room, which has asked whether the actor may and records itself. Raises `NoSuchEvent`."""
    camp = _held_camp(camp)
    old = EventRow.objects.filter(pk=pk, camp=camp, person=None, stands=True).first()
    if old is None:
        raise NoSuchEvent
    row = _replace(old, CampEvent(old.kind), None)
    owing.work_out_camp(camp)
    return row


def person_of(number: str) -> Person:
    """Raises `NoSuchPerson`."""
    person = Person.objects.filter(number=number.replace("\0", "").strip().upper()).select_related("camp").first()
    if person is None:
        raise NoSuchPerson
    return person


def camp_of(pk: int) -> Camp:
    """Raises `NoSuchCamp`."""
    camp = Camp.objects.filter(pk=pk).first()
    if camp is None:
        raise NoSuchCamp
    return camp


def _numbered(number: str, camp: Camp) -> Person:
    told = number.strip().upper()
    if not _NUMBER.fullmatch(told):
        raise NumberRefused
    try:
        with transaction.atomic():
            return Person.objects.create(number=told, camp=camp)
    except IntegrityError:
        raise NumberTaken from None


def _keep(person: Person, received: Received) -> None:
    try:
        sealed.keep(person, sealed.IDENTITY, received, entered=today())
        rooms.keep(person, received)
    except UnknownTeam:
        raise NobodyReads from None


def _watch_age(person: Person, received: Received) -> bool:
    """Whoever may be a minor by the date they gave is reviewed by somebody, once, without anybody's tick (R13).

    A review that was entered before anybody asked for it answers nothing.
    """
    asked = person.events.filter(kind=PersonEvent.MAY_BE_MINOR.value, stands=True)
    if not readings.may_be_minor(received.birth, today()) or asked.exists():
        return False
    rooms.follow(_note(PersonEvent.MAY_BE_MINOR, When(today()), person=person, camp=person.camp))
    return True


def _held(person: Person) -> Person:
    """Two offices that enter something of one person do so one after the other."""
    Person.objects.select_for_update().get(pk=person.pk)
    return Person.objects.select_related("camp").get(pk=person.pk)


def _held_camp(camp: Camp) -> Camp:
    return Camp.objects.select_for_update().get(pk=camp.pk)


def _note(event: Event, when: When, **about: object) -> EventRow:
    """`about`: person, camp, `of`, and what it corrects."""
    told = {"kind": event.value, "happened": when.day, "precision": when.precision.value, "entered": today()}
    return EventRow.objects.create(**told, **about)


def _theirs(actor: Operator, event: Event) -> None:
    if event not in offices.entered_by(actor.plays):
        raise NotYours


def _may_correct(actor: Operator, event: Event) -> None:
    if event not in offices.corrected_by(actor.plays):
        raise NotYours


def _possible(when: When) -> None:
    if when.day > days.here():
        raise DayRefused("ahead")


def _dated(person: Person, event: PersonEvent, when: When, old: EventRow | None = None) -> When:
    _possible(when)
    return replace(when, day=holding.day_of(person, event, when.day, when.precision, old))


def _happened(actor: Operator, person: Person, event: PersonEvent, when: When, camp: Camp | None) -> EventRow:
    """An event whose day can be, which every room lets happen and which whoever has to hears of. The caller holds the person."""
    when = _dated(person, event, when)
    there = _there(camp) if event in holding.MOVES else person.camp
    rooms.require_open(actor, person, event, there)
    watching.ring_left(event)
    return _note(event, when, person=person, camp=there)


def _replace(old: EventRow, event: Event, when: When | None) -> EventRow:
    EventRow.objects.filter(pk=old.pk).update(stands=False)
    about = {"person": old.person, "camp": old.camp, "of": old.of, "corrects": old}
    if when is None:
        row = _note(event, When(old.happened, Precision(old.precision)), stands=False, **about)
    else:
        row = _note(event, when, **about)
    rooms.follow(row)
    return row


def _there(camp: Camp | None) -> Camp:
    if camp is None:
        raise NoSuchCamp
    if not camp.is_open:
        raise CampClosed
    return camp


def _moved(person: Person) -> bool:
    """They are where `holding` has them. Whether that changed."""
    there = holding.place(person)
    if there == person.camp:
        return False
    person.camp, person.quarters = there, _like(person.quarters, there)
    Person.objects.filter(pk=person.pk).update(camp=person.camp, quarters=person.quarters)
    return True


def _like(quarters: Quarters | None, camp: Camp | None) -> Quarters | None:
    """Who lived in women's quarters lives in women's quarters of the next camp, whether or not it has said that it has any."""
    if quarters is None or camp is None or quarters.camp_id == camp.pk:
        return quarters
    return Quarters.objects.get_or_create(camp=camp, category=quarters.category, defaults={"places": 0})[0]


def _close(camp: Camp) -> None:
    if camp.people.exists():
        raise StillHeld
    Camp.objects.filter(pk=camp.pk).update(is_open=False)
