# SPDX-License-Identifier: AGPL-3.0-or-later
"""A register of many persons and of two years of events, most of them on time. Needs Django started and migrated."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from bench import bulk
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent, Precision

CAMPS = 100
MONTHS = 24
LATE = 0.05  # the share of persons whose last month's inspection and mail were missed

_AT_ARRIVAL = (
    PersonEvent.REGISTERED, PersonEvent.ARRIVED, PersonEvent.QUARTERED, PersonEvent.RIGHTS_READ,
    PersonEvent.CARD_SENT, PersonEvent.BUREAU_NOTIFIED, PersonEvent.CLOTHED,
)  # fmt: skip
_EVERY_MONTH = (
    PersonEvent.INSPECTED, PersonEvent.MAIL_OFFERED, PersonEvent.MAIL_RECEIVED, PersonEvent.MAIL_DELIVERED,
)  # fmt: skip
_EVERY_DAY = (CampEvent.MORNING_MEAL, CampEvent.MIDDAY_MEAL, CampEvent.EVENING_MEAL, CampEvent.WATER)
_EVERY_WEEK = (CampEvent.HYGIENE_INSPECTED, CampEvent.WORSHIP_OFFERED, CampEvent.RECREATION_OFFERED)
_COLUMNS = ("person_id", "camp_id", "kind", "of", "happened", "precision", "entered", "stands")

Row = tuple[int | None, int, str, str, date, str, date, bool]


def number_of(index: int) -> str:
    """The number of the person with this index, from 0."""
    return f"B-{index:06d}"


def fill(persons: int, today: date) -> int:
    """So many persons in a hundred camps, and what happened to them in two years. How many events that is."""
    dice = random.Random(7)
    camps = [
        Camp.objects.create(name=f"Bench camp {index:03d}", kind=CampKind.PERMANENT.value).pk for index in range(CAMPS)
    ]
    first = (Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    rows = ((first + at, number_of(at), dice.randbytes(16), camps[at % CAMPS]) for at in range(persons))
    with bulk.at_once(Person), transaction.atomic():
        bulk.insert(Person, ("id", "number", "token", "camp_id"), rows)
    before = Event.objects.count()
    with bulk.at_once(Event), transaction.atomic():  # row by row SQLite would wait for the disk each time
        bulk.insert(Event, _COLUMNS, _events(dice, first, persons, camps, today))
    return Event.objects.count() - before


def _events(dice: random.Random, first: int, persons: int, camps: list[int], today: date) -> Iterator[Row]:
    for at in range(persons):
        yield from _of_person(dice, first + at, camps[at % CAMPS], today)
    for camp in camps:
        yield from _of_camp(camp, today)


def _of_person(dice: random.Random, person: int, camp: int, today: date) -> Iterator[Row]:
    arrived = today - timedelta(days=30 * MONTHS + dice.randrange(20))
    for kind in _AT_ARRIVAL:
        yield _row(kind, arrived, camp, person)
    for month in range(MONTHS - (dice.random() < LATE)):
        day = arrived + timedelta(days=30 * (month + 1))
        for kind in _EVERY_MONTH:
            yield _row(kind, min(day, today), camp, person)


def _of_camp(camp: int, today: date) -> Iterator[Row]:
    opened = today - timedelta(days=30 * MONTHS + 30)
    yield _row(CampEvent.OPENED, opened, camp)
    for ago in range(1, 30 * MONTHS):
        for kind in _EVERY_DAY:
            yield _row(kind, today - timedelta(days=ago), camp)
    for ago in range(1, 30 * MONTHS, 7):
        for kind in _EVERY_WEEK:
            yield _row(kind, today - timedelta(days=ago), camp)


def _row(kind: PersonEvent | CampEvent, day: date, camp: int, person: int | None = None) -> Row:
    return person, camp, kind.value, "", day, Precision.DAY.value, day, True
