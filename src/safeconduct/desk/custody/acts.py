# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done in custody: each one act, one transaction, one entry in its record. What is owed is worked out anew at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import (
    crossing,
    days,
    holding,
    moving,
    numbers,
    offices,
    owing,
    places,
    readings,
    rooms,
    sealed,
    spans,
    watching,
)
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
    StillHeld,
)
from safeconduct.desk.custody.models import Camp, Person, Quarters
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent, CampKind, Category, PersonEvent, Precision
from safeconduct.vocabulary.reception import Received

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
    rooms.follow(_note(CampEvent.OPENED, when, camp=camp))
    owing.work_out_camp(camp)
    audit.record(actor, "custody.camp", name)
    return camp


@crossing.act
def register(actor: Operator, number: str, camp: Camp, received: Received, when: When) -> Person:
    """A person who has arrived at a camp: number and days in clear, all else sealed. A full camp takes them, and it alarms.

    Raises `NumberRefused`, `NumberTaken`, `NumberGiven`, `CampClosed`, `DayRefused`.
    """
    _possible(when)
    if not _held_camp(camp).is_open:
        raise CampClosed
    person = numbers.given(number, camp)
    for event in (PersonEvent.REGISTERED, PersonEvent.ARRIVED):
        rooms.follow(_note(event, when, person=person, camp=camp))
    _keep(person, received)  # behind the events: what a room keeps may say on which day they came
    _watch_age(person, received, None)
    owing.work_out_person(person)
    if not owing.owes_daily_care(camp):
        owing.work_out_camp(camp)
    places.watch(camp)
    audit.record(actor, "custody.register", person.number)
    return person


@crossing.act
def describe(actor: Operator, person: Person, received: Received, before: Received | None) -> None:
    """A person's details anew, and what they were `before`, which stays. Another date of birth may call for another review of age."""
    _keep(person, received)
    if _watch_age(person, received, before):
        owing.work_out_person(person)
    audit.record(actor, "custody.correct_identity", person.number)


@crossing.act
def enter(actor: Operator, person: Person, event: PersonEvent, when: When, *, camp: Camp | None = None) -> EventRow:
    """Something happened to a person. Arriving and being transferred take them to `camp`.

    Raises `NotYours`, `DayRefused`, `CampClosed`, `NoSuchCamp`.
    """
    _theirs(actor, event)
    row = happen(actor, person, event, when, camp=camp)
    audit.record(actor, "custody.event", f"{person.number} {event.value}")
    return row


@crossing.act
def happen(actor: Operator, person: Person, event: PersonEvent, when: When, *, camp: Camp | None = None) -> EventRow:
    """The same for an act of a room, which has asked whether the actor may and records itself.

    Raises `DayRefused`, `CampClosed`, `NoSuchCamp`, and what a room's gate raises.
    """
    return happen_to_all(actor, [person], [event], when, camp=camp)[0]


@transaction.atomic
def follow_from(row: EventRow, event: PersonEvent) -> None:
    """What an event of a person brings about by itself, on its day. Called by a room that follows it."""
    if row.person is None:
        return
    rooms.follow(_note(event, When(row.happened, Precision(row.precision)), person=row.person, camp=row.person.camp))
    owing.work_out_person(row.person)


@crossing.act
def happen_to_all(
    actor: Operator, people: Sequence[Person], events: Sequence[PersonEvent], when: When, *, camp: Camp | None = None
) -> list[EventRow]:
    """The same events for many people at once: the first for all of them, then the next. All of it happens, or nothing.

    What is owed to them is worked out once, after the last. Raises what `happen` raises.
    """
    _possible(when)
    with owing.together():
        held = _all_held(people)
        camp = moving.there(camp) if holding.MOVES & set(events) else None
        standing = holding.standing_of(held)
        rows = [row for event in events for row in _entered(actor, standing, held, event, when, camp=camp)]
        left = {person.camp for person in held}
        was_held = {person.pk for person in held if person.camp is not None}
        moved = {
            person.pk for person in held if holding.PLACES & set(events) and moving.moved(person, standing[person.pk])
        }
        brought = [] if PersonEvent.TRANSFERRED in events else _transfers(rows, moved & was_held)
        for person in held:
            for event in events:
                owing.work_out_person(person, None if person.pk in moved else event)
        for row in [*rows, *brought]:
            rooms.follow(row)
    if moved:
        moving.settle([*left, *(person.camp for person in held)])
    for camp_there in {person.camp for person in held if person.pk in moved}:
        places.watch(camp_there)
    return rows


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
    row = _note(event, _dated_in(camp, event, when, of), camp=camp, of=of)
    owing.work_out_camp(camp)
    rooms.follow(row)
    return row


@crossing.act
def correct(actor: Operator, person: Person, pk: int, when: When | None) -> None:
    """What was entered was wrong: it happened on another day, or (`None`) not at all. The first entry stays, and counts no more.

    Where the person is follows anew from what stands. Raises `NotYours` and what `amend` raises.
    """
    old = EventRow.objects.filter(pk=pk, person=person, stands=True).first()
    if old is None or old.kind == PersonEvent.REGISTERED.value:
        raise NoSuchEvent
    event = PersonEvent(old.kind)
    _may_correct(actor, event)
    rows = _amended(person, pk, when)
    audit.record(actor, "custody.correct", f"{person.number} {' '.join(row.kind for row in rows)}")


@crossing.act
def amend(person: Person, pk: int, when: When | None) -> EventRow:
    """The same for an act of a room, which has asked whether the actor may and records itself. Gives the event that corrects it.

    An arrival and the transfer that was entered with it are corrected together: half of a journey is none.
    Raises `NoSuchEvent`, `DayRefused`, `LastArrival`, `MovesBySide`, `MovesRest`, `CampClosed`.
    """
    return _amended(person, pk, when)[0]


@crossing.act
def unregister(person: Person, pks: Collection[int], *, of: str) -> None:
    """Two people say that these events never were (`registrations.py`). `of` stands with the registration that is struck: whose it is."""
    person = _held(person)
    left = person.camp
    for pk in pks:
        old = EventRow.objects.filter(pk=pk, person=person, stands=True).first()
        if old is not None:  # what followed from another one may be struck already
            event = PersonEvent(old.kind)
            _replace(old, event, None, of=of if event is PersonEvent.REGISTERED else old.of)
            watching.ring_struck(event)
    moving.moved(person, holding.standing(person))
    owing.work_out_person(person)
    moving.settle([left], anew=True)
    places.watch(left)


@transaction.atomic
def correct_of_camp(actor: Operator, camp: Camp, pk: int, when: When | None) -> None:
    """What was entered of a camp happened on another day, or (`None`) not at all. Raises `NoSuchEvent`, `NotYours`, `DayRefused`."""
    camp = _held_camp(camp)
    old = EventRow.objects.filter(pk=pk, camp=camp, person=None, stands=True).first()
    if old is None or old.kind == CampEvent.OPENED.value:
        raise NoSuchEvent
    event = CampEvent(old.kind)
    _may_correct(actor, event)
    if when is not None:
        _possible(when)
        _between_turns(camp, old, when)
        _replace(old, event, _dated_in(camp, event, when, old.of))
        owing.work_out_camp(camp)
    else:
        strike_in_camp(camp, pk)
    if event is CampEvent.CLOSED and when is None:
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


def hold(pks: Collection[int]) -> list[int]:
    """All whom an act of many is about, at its start: in the order of their rows, so that of two acts neither waits for the other for ever."""
    people = Person.objects.filter(pk__in=pks).select_for_update().order_by("pk")
    return list(people.values_list("pk", flat=True))


def person_of(number: str) -> Person:
    """Whoever has this number, or had it before it was corrected. Raises `NoSuchPerson`."""
    person = numbers.holder(number)
    if person is None:
        raise NoSuchPerson
    return person


def camp_of(pk: int) -> Camp:
    """Raises `NoSuchCamp`."""
    camp = Camp.objects.filter(pk=pk).first()
    if camp is None:
        raise NoSuchCamp
    return camp


def _keep(person: Person, received: Received) -> None:
    try:
        sealed.keep(person, sealed.IDENTITY, received, entered=today())
        rooms.keep(person, received)
    except UnknownTeam:
        raise NobodyReads from None


def _watch_age(person: Person, received: Received, before: Received | None) -> bool:
    """Whoever may be a minor by the date they gave is reviewed by somebody, without anybody's tick (R13): once for each date.

    Another date asks again, also one by which they are of age: nobody loses a minor's protection by a registrar's correction alone.
    A review that was entered before anybody asked for it answers nothing.
    """
    births = [received.birth] if before is None else [received.birth, before.birth]
    if not any(readings.may_be_minor(birth, today()) for birth in births):
        return False
    is_same = before is not None and before.birth == received.birth
    if is_same and person.events.filter(kind=PersonEvent.MAY_BE_MINOR.value, stands=True).exists():
        return False
    rooms.follow(_note(PersonEvent.MAY_BE_MINOR, When(today()), person=person, camp=person.camp))
    return True


def _held(person: Person) -> Person:
    """Two offices that enter something of one person do so one after the other."""
    Person.objects.select_for_update().get(pk=person.pk)
    return Person.objects.select_related("camp").get(pk=person.pk)


def _all_held(people: Sequence[Person]) -> list[Person]:
    """The same for many."""
    rows = Person.objects.filter(pk__in=[person.pk for person in people])
    held = hold([person.pk for person in people])
    if len(held) < len({person.pk for person in people}):
        raise Person.DoesNotExist
    known = rows.select_related("camp").in_bulk(held)
    return [known[person.pk] for person in people]


def _held_camp(camp: Camp) -> Camp:
    return Camp.objects.select_for_update().get(pk=camp.pk)


def _note(event: Event, when: When, **about: Any) -> EventRow:
    """`about`: person, camp, `of`, and what it corrects."""
    return EventRow.objects.create(**_told(event, when, **about), entered=today())


def _told(event: Event, when: When, **about: Any) -> dict[str, Any]:
    return {"kind": event.value, "happened": when.day, "precision": when.precision.value, **about}


def _theirs(actor: Operator, event: Event) -> None:
    if event not in offices.entered_by(actor.plays):
        raise NotYours


def _may_correct(actor: Operator, event: Event) -> None:
    if event not in offices.corrected_by(actor.plays):
        raise NotYours


def _possible(when: When) -> None:
    if when.day > days.here():
        raise DayRefused("ahead")


def _between_turns(camp: Camp, old: EventRow, when: When) -> None:
    """A closing that is dated anew stays between the openings that it stood between: else an open camp would owe nothing."""
    if old.kind != CampEvent.CLOSED.value:
        return
    first, last = sorted((old.happened, when.day))
    opened = camp.events.filter(kind=CampEvent.OPENED.value, stands=True, happened__range=(first, last))
    if opened.exclude(happened=old.happened).exists():
        raise DayRefused("opened")


def _dated(person: Person, rows: Collection[EventRow], event: PersonEvent, when: When) -> When:
    """`rows`: what else stands of where they were. The caller has asked whether the day lies ahead."""
    day = spans.day_of(person.events.all(), event, when.day, when.precision)
    return replace(when, day=holding.day_of(rows, event, day, when.precision))


def _dated_in(camp: Camp, event: CampEvent, when: When, of: str) -> When:
    day = spans.day_of(camp.events.filter(person=None, of__in=("", of)), event, when.day, when.precision)
    return replace(when, day=day)


def _entered(  # noqa: PLR0913 - what is known of one event
    actor: Operator,
    standing: Mapping[int, list[EventRow]],
    held: Sequence[Person],
    event: PersonEvent,
    when: When,
    *,
    camp: Camp | None,
) -> list[EventRow]:
    """One event of each of these people. What moved them stands from then on."""
    day = today()
    told = [_happening(actor, person, event, when, camp=camp, rows=standing[person.pk]) for person in held]
    rows = EventRow.objects.bulk_create([EventRow(**one, entered=day) for one in told])
    if event in holding.PLACES:
        for person, row in zip(held, rows, strict=True):
            standing[person.pk].append(row)
    return rows


def _transfers(rows: Collection[EventRow], moved: Collection[int]) -> list[EventRow]:
    """Who was held in one camp and has arrived in another was transferred, whichever list or hand says so: the Bureau hears of it (R27)."""
    came = [row for row in rows if row.kind == PersonEvent.ARRIVED.value and row.person_id in moved]
    told = [
        _told(PersonEvent.TRANSFERRED, When(row.happened, Precision(row.precision)), person=row.person, camp=row.camp)
        for row in came
    ]
    return EventRow.objects.bulk_create([EventRow(**one, entered=today()) for one in told])


def _happening(  # noqa: PLR0913 - what is known of one event
    actor: Operator, person: Person, event: PersonEvent, when: When, *, camp: Camp | None, rows: Collection[EventRow]
) -> dict[str, Any]:
    """An event whose day can be, which every room lets happen and which whoever has to hears of. The caller holds the person, and enters it."""
    when = _dated(person, rows, event, when)
    there = camp if event in holding.MOVES else person.camp
    rooms.require_open(actor, person, event, there)
    watching.ring_left(event)
    return _told(event, when, person=person, camp=there)


def _amended(person: Person, pk: int, when: When | None) -> list[EventRow]:
    """The event that corrects, and that of its twin. What follows from them finds the person where they now are."""
    person = _held(person)
    old = EventRow.objects.filter(pk=pk, person=person, stands=True).select_related("camp").first()
    if old is None:
        raise NoSuchEvent
    before, rows = holding.journeys(person), _corrected(person, old, when)
    holding.require_sound(person, old, before)
    left = person.camp
    if moving.moved(person, holding.standing(person)):
        if person.camp is not None:
            moving.there(person.camp)
        places.watch(person.camp)
    for row in rows:
        rooms.follow(row)
    owing.work_out_person(person)
    if PersonEvent(old.kind) in holding.PLACES:
        moving.settle([old.camp, left, person.camp], anew=True)
    if when is None:
        watching.ring_struck(PersonEvent(old.kind))
    return rows


def _corrected(person: Person, old: EventRow, when: When | None) -> list[EventRow]:
    """Both halves of a journey have one day: the later one that a month can mean for either."""
    standing = holding.standing(person)
    twin = holding.twin(old, standing)
    both = [old] if twin is None else [old, twin]
    if when is not None:
        _possible(when)
        others = [row for row in standing if row not in both]
        dated = [_dated(person, others, PersonEvent(one.kind), when) for one in both]
        when = max(dated, key=lambda one: one.day)
    for one in both:
        one.person = person
    return [_replaced(one, PersonEvent(one.kind), when) for one in both]


def _replace(old: EventRow, event: Event, when: When | None, *, of: str | None = None) -> EventRow:
    row = _replaced(old, event, when, of=of)
    rooms.follow(row)
    return row


def _replaced(old: EventRow, event: Event, when: When | None, *, of: str | None = None) -> EventRow:
    """Whoever calls it lets the rooms follow."""
    EventRow.objects.filter(pk=old.pk).update(stands=False)
    about = {"person": old.person, "camp": old.camp, "of": old.of if of is None else of, "corrects": old}
    if when is None:
        return _note(event, When(old.happened, Precision(old.precision)), stands=False, **about)
    return _note(event, when, **about)


def _close(camp: Camp) -> None:
    if camp.people.exists():
        raise StillHeld
    Camp.objects.filter(pk=camp.pk).update(is_open=False)
