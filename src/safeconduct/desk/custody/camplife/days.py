# SPDX-License-Identifier: AGPL-3.0-or-later
"""A camp's day: what was provided, entered in one go; and what is posted in which language."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife.errors import NothingTicked
from safeconduct.desk.custody.errors import DayRefused
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent

C = CampEvent
DAILY = (C.MORNING_MEAL, C.MIDDAY_MEAL, C.EVENING_MEAL, C.WATER)
WEEKLY = (C.HYGIENE_INSPECTED, C.WORSHIP_OFFERED, C.RECREATION_OFFERED)
PROVIDED = DAILY + WEEKLY
POSTED = (C.CONVENTION_POSTED, C.ORDERS_POSTED)
SHOWN = 14  # days


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a camp. `was_open` False: it lies before the camp did."""

    day: date
    done: frozenset[CampEvent]
    was_open: bool

    @property
    def lacks(self) -> tuple[CampEvent, ...]:
        """What is owed every day and was not entered."""
        return tuple(event for event in DAILY if self.was_open and event not in self.done)


@dataclass(frozen=True, slots=True)
class Language:
    """Somebody of it is in the camp: since when each was posted in it, None where it is not."""

    tag: str
    since: date
    posted: dict[CampEvent, date | None]


@crossing.act
def enter(actor: Operator, camp: Camp, day: date, provided: Collection[CampEvent]) -> None:
    """What was provided on a day. What stands already is not entered twice. Raises `NothingTicked`, `DayRefused`."""
    Camp.objects.select_for_update().get(pk=camp.pk)
    opened = _opened(camp)
    if opened is not None and day < opened:
        raise DayRefused("none")
    standing = _standing(camp, day, day).get(day, frozenset())
    new = [event for event in PROVIDED if event in set(provided) - standing]
    if not new:
        raise NothingTicked
    for event in new:
        acts.happen_in_camp(camp, event, When(day))
    audit.record(actor, "camplife.day", camp.name)


@crossing.act
def post(actor: Operator, camp: Camp, tag: str, events: Collection[CampEvent], day: date) -> None:
    """What was posted in a language. Raises `NothingTicked`, `DayRefused`."""
    new = [event for event in POSTED if event in set(events)]
    if not new:
        raise NothingTicked
    for event in new:
        acts.happen_in_camp(camp, event, When(day), of=tag)
    audit.record(actor, "camplife.posted", camp.name)


def week(camp: Camp, today: date) -> list[Day]:
    """The last days, today first."""
    first, opened = today - timedelta(days=SHOWN - 1), _opened(camp)
    standing = _standing(camp, first, today)
    days = [today - timedelta(days=past) for past in range(SHOWN)]
    return [Day(day, standing.get(day, frozenset()), was_open=opened is None or day >= opened) for day in days]


def languages(camp: Camp) -> list[Language]:
    """Of whoever is in the camp, and what hangs there in each. A posting made before they came still hangs."""
    present: dict[str, date] = {}
    posted: dict[tuple[str, CampEvent], date] = {}
    kinds = [event.value for event in (C.LANGUAGE_PRESENT, C.LANGUAGE_GONE, *POSTED)]
    rows = camp.events.filter(person=None, kind__in=kinds, stands=True).order_by("happened", "pk")
    for row in rows:
        match CampEvent(row.kind):
            case C.LANGUAGE_PRESENT:
                present.setdefault(row.of, row.happened)
            case C.LANGUAGE_GONE:
                present.pop(row.of, None)
            case event:
                posted[row.of, event] = row.happened
    return [
        Language(tag, since, {event: posted.get((tag, event)) for event in POSTED})
        for tag, since in sorted(present.items())
    ]


def _standing(camp: Camp, first: date, last: date) -> dict[date, frozenset[CampEvent]]:
    kinds = [event.value for event in PROVIDED]
    rows = camp.events.filter(person=None, kind__in=kinds, stands=True, happened__range=(first, last))
    told: dict[date, frozenset[CampEvent]] = {}
    for day, kind in rows.values_list("happened", "kind"):
        told[day] = told.get(day, frozenset()) | {CampEvent(kind)}
    return told


def _opened(camp: Camp) -> date | None:
    row = camp.events.filter(kind=C.OPENED.value, stands=True).order_by("happened").first()
    return row.happened if row else None
