# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done in custody: each one act, one transaction, one entry in its record. What is owed is worked out anew at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import offices, owing, sealed
from safeconduct.desk.custody.audited import FULL
from safeconduct.desk.custody.duties import Event
from safeconduct.desk.custody.errors import (
    CampClosed,
    CampTaken,
    DayRefused,
    NoSuchCamp,
    NoSuchEvent,
    NoSuchPerson,
    NotYours,
    NumberRefused,
    NumberTaken,
)
from safeconduct.desk.custody.models import Camp, Person, Quarters
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import LEAVES, CampEvent, CampKind, Category, PersonEvent, Precision
from safeconduct.vocabulary.reception import Received

_NUMBER = re.compile(r"[A-Z0-9]([A-Z0-9-]{0,18}[A-Z0-9])?")
_MOVES = frozenset({PersonEvent.ARRIVED, PersonEvent.TRANSFERRED})


@dataclass(frozen=True, slots=True)
class When:
    """The day that something happened on, and how much of it is known. It is entered today, whenever it was."""

    day: date
    precision: Precision = Precision.DAY


def today() -> date:
    return datetime.now(UTC).date()


@transaction.atomic
def open_camp(actor: Operator, name: str, kind: CampKind, places: Mapping[Category, int], when: When) -> Camp:
    """A camp, and how many of each category it has places for. Raises `CampTaken`, `DayRefused`."""
    _possible(when)
    if Camp.objects.filter(name=name).exists():
        raise CampTaken
    camp = Camp.objects.create(name=name, kind=kind.value)
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
    if not camp.is_open:
        raise CampClosed
    person = Person.objects.create(number=_free(number), camp=camp)
    sealed.keep(person, sealed.IDENTITY, received, entered=today())
    for event in (PersonEvent.REGISTERED, PersonEvent.ARRIVED):
        _note(event, when, person=person, camp=camp)
    owing.work_out_person(person)
    _watch_places()
    audit.record(actor, "custody.register", person.number)
    return person


@transaction.atomic
def describe(actor: Operator, person: Person, received: Received) -> None:
    """A person's details anew. What was written before stays."""
    sealed.keep(person, sealed.IDENTITY, received, entered=today())
    audit.record(actor, "custody.correct_identity", person.number)


@transaction.atomic
def enter(actor: Operator, person: Person, event: PersonEvent, when: When, *, camp: Camp | None = None) -> EventRow:
    """Something happened to a person. Arriving and being transferred take them to `camp`.

    Raises `NotYours`, `DayRefused`, `CampClosed`, `NoSuchCamp`.
    """
    _theirs(actor, event)
    _possible(when)
    _not_before_registration(person, event, when)
    if event in _MOVES:
        _move(person, camp, when)
    elif event in LEAVES:
        Person.objects.filter(pk=person.pk).update(camp=None)
    row = _note(event, when, person=person, camp=camp or person.camp)
    owing.work_out_person(person)
    audit.record(actor, "custody.event", f"{person.number} {event.value}")
    return row


@transaction.atomic
def enter_of_camp(actor: Operator, camp: Camp, event: CampEvent, when: When, *, of: str = "") -> EventRow:
    """Something happened in a camp. Raises `NotYours`, `DayRefused`."""
    _theirs(actor, event)
    _possible(when)
    row = _note(event, when, camp=camp, of=of)
    owing.work_out_camp(camp)
    audit.record(actor, "custody.event", f"{camp.name} {event.value}")
    return row


@transaction.atomic
def correct(actor: Operator, person: Person, pk: int, when: When | None) -> None:
    """What was entered was wrong: it happened on another day, or (`None`) not at all. The first entry stays, and counts no more.

    Raises `NoSuchEvent`, `NotYours`, `DayRefused`.
    """
    old = EventRow.objects.select_for_update().filter(pk=pk, person=person, stands=True).first()
    if old is None:
        raise NoSuchEvent
    event = PersonEvent(old.kind)
    _theirs(actor, event)
    EventRow.objects.filter(pk=old.pk).update(stands=False)
    if when is None:
        EventRow.objects.create(
            person=person,
            camp=old.camp,
            kind=old.kind,
            happened=old.happened,
            entered=today(),
            corrects=old,
            stands=False,
        )
    else:
        _possible(when)
        _note(event, when, person=person, camp=old.camp, corrects=old)
    owing.work_out_person(person)
    audit.record(actor, "custody.correct", f"{person.number} {event.value}")


def person_of(number: str) -> Person:
    """Raises `NoSuchPerson`."""
    person = Person.objects.filter(number=number.strip().upper()).select_related("camp").first()
    if person is None:
        raise NoSuchPerson
    return person


def camp_of(pk: int) -> Camp:
    """Raises `NoSuchCamp`."""
    camp = Camp.objects.filter(pk=pk).first()
    if camp is None:
        raise NoSuchCamp
    return camp


def _free(number: str) -> str:
    told = number.strip().upper()
    if not _NUMBER.fullmatch(told):
        raise NumberRefused
    if Person.objects.filter(number=told).exists():
        raise NumberTaken
    return told


def _note(event: Event, when: When, **about: object) -> EventRow:
    """`about`: person, camp, `of`, and what it corrects."""
    told = {"kind": event.value, "happened": when.day, "precision": when.precision.value, "entered": today()}
    return EventRow.objects.create(**told, **about)


def _theirs(actor: Operator, event: Event) -> None:
    if event not in offices.entered_by(actor.plays):
        raise NotYours


def _possible(when: When) -> None:
    if when.day > today():
        raise DayRefused("ahead")


def _not_before_registration(person: Person, event: PersonEvent, when: When) -> None:
    """An inspection dated before arrival tells of nothing. What led to the arrival may well be earlier."""
    earlier = {
        PersonEvent.DEPARTED,
        PersonEvent.LISTED_FOR_EVACUATION,
        PersonEvent.EFFECTS_TAKEN,
        PersonEvent.EFFECTS_RECEIPTED,
    }
    first = (
        EventRow.objects.filter(person=person, kind=PersonEvent.ARRIVED.value, stands=True).order_by("happened").first()
    )
    if first and event not in earlier and when.precision is Precision.DAY and when.day < first.happened:
        raise DayRefused("before")


def _move(person: Person, camp: Camp | None, when: When) -> None:
    """To another camp. A day earlier than the last move tells where they were, not where they are."""
    if camp is None:
        raise NoSuchCamp
    if not camp.is_open:
        raise CampClosed
    later = EventRow.objects.filter(
        person=person, kind__in=[event.value for event in _MOVES], stands=True, happened__gt=when.day
    )
    if later.exists():
        return
    person.camp = camp
    person.save(update_fields=["camp"])
    _watch_places()


def _watch_places() -> None:
    """Nobody is refused (art. 23, 25): too many in one camp is an alarm for who can open another."""
    for one in Camp.objects.filter(is_open=True):
        if one.people.count() > sum(one.quarters.values_list("places", flat=True)):
            raise_alert(FULL)
            return
    settle_alert(FULL)
