# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which lists somebody may look at, and what stands on one. Of health it tells nothing but who is not to travel."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from safeconduct.desk.custody import bounds
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.movements import acts, comrades
from safeconduct.desk.custody.movements.errors import NoSuchList
from safeconduct.desk.custody.movements.models import Listed, Movement
from safeconduct.desk.custody.movements.states import Kind, Mark
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a list, as it is shown."""

    row: Listed
    mark: Mark
    is_told: bool
    may_travel: bool
    is_parted: bool
    is_here: bool


def lists(operator: Operator) -> QuerySet[Movement]:
    """The newest first; a commander's lead from or to their camps."""
    rows = Movement.objects.select_related("origin", "to")
    if not bounds.is_bound(operator):
        return rows
    mine = bounds.camps_of(operator)
    return rows.filter(Q(origin__in=mine) | Q(to__in=mine))


def counted(operator: Operator) -> QuerySet[Any]:
    """The first so many of them, each with how many `people` are or were on it, and how many of these are `missing`."""
    people = Count("rows", filter=Q(rows__mark__in=[mark.value for mark in Mark if mark is not Mark.STRUCK]))
    missing = Count("rows", filter=Q(rows__mark=Mark.MISSING.value))
    return lists(operator).annotate(people=people, missing=missing)[:SHOWN]


def list_of(operator: Operator, pk: int) -> Movement:
    """Raises `NoSuchList`."""
    found = lists(operator).filter(pk=pk).first()
    if found is None:
        raise NoSuchList
    return found


def row_of(movement: Movement, pk: int) -> Listed:
    """Raises `NoSuchList`."""
    found = movement.rows.select_related("person", "movement").filter(pk=pk).first()
    if found is None:
        raise NoSuchList
    return found


def lines(movement: Movement) -> list[Line]:
    """Everybody who is or was on the list, by number."""
    told, passed = acts.told_since(movement), acts.passed_since(movement)
    goes = [row.person for row in acts.going(movement)]
    parted = set(comrades.parted_by(movement.origin, goes))
    return [
        Line(
            row,
            Mark(row.mark),
            row.person_id in told,
            row.person_id in passed,
            row.person.number in parted,
            row.person.camp_id == movement.origin_id,
        )
        for row in movement.rows.select_related("person")
    ]


def told_on(movement: Movement) -> dict[int, date]:
    """The day on which each person was told."""
    return _days(movement, PersonEvent.TRANSFER_TOLD)


def passed_on(movement: Movement) -> dict[int, date]:
    """The day of the doctor's word that each may travel."""
    return _days(movement, PersonEvent.TRANSFER_PASSED)


def beyond(movement: Movement) -> int:
    """How many more than its places the camp would hold if all of them came."""
    coming = sum(mark == Mark.GOES.value for mark in movement.rows.values_list("mark", flat=True))
    places = sum(movement.to.quarters.values_list("places", flat=True))
    return max(0, movement.to.people.count() + coming - places)


def held_in(camp: Camp) -> list[Person]:
    return list(camp.people.select_related("quarters").order_by("number")[:SHOWN])


def needs_notice(movement: Movement) -> bool:
    return movement.kind == Kind.TRANSFER.value


def _days(movement: Movement, event: PersonEvent) -> dict[int, date]:
    rows = Event.objects.filter(
        person__listed__movement=movement, kind=event.value, stands=True, happened__gte=movement.drawn_up
    )
    return {row.person_id: row.happened for row in rows.order_by("happened", "pk") if row.person_id}
