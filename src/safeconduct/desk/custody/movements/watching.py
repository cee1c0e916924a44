# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is looked after without anybody: a list whose day came and which has not departed (R24, R34)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef

from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, owing, rooms
from safeconduct.desk.custody.models import Event, Owed, Person
from safeconduct.desk.custody.movements import acts
from safeconduct.desk.custody.movements.models import Movement
from safeconduct.desk.custody.movements.states import WAITING, Mark, State
from safeconduct.vocabulary.custody import PersonEvent

_DUE = PersonEvent.DEPARTURE_DUE
_LISTS = (PersonEvent.LISTED_FOR_EVACUATION.value, PersonEvent.TRANSFER_PLANNED.value)


def look(today: date) -> None:
    """Every few minutes, and after downtime."""
    waiting = Movement.objects.filter(state__in=[state.value for state in WAITING], departs__lte=today)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        note_due(pk)


@crossing.act
def note_due(pk: int) -> None:
    """The day that a list names has come: their departure is owed to all on it who are still there, once for each list."""
    movement = acts.held(pk)
    if State(movement.state) not in WAITING:
        return  # it departed, or was called off, a moment ago
    with owing.together():
        register.hold([person.pk for person in _not_yet(movement)])
        people = _not_yet(movement)  # behind whoever had one of them
        for row in Event.objects.bulk_create(_due(movement, people)):
            rooms.follow(row)
        for person in people:
            owing.work_out_person(person, _DUE)


def is_late(movement: Movement, today: date) -> bool:
    """Its day is past, and nobody has left."""
    return State(movement.state) in WAITING and movement.departs < today


def _not_yet(movement: Movement) -> list[Person]:
    """Those to whom it is not owed yet. Who left, or lies in a hospital, sets out from elsewhere if at all."""
    noted = Event.objects.filter(person=OuterRef("pk"), kind=_DUE.value, of=str(movement.pk), stands=True)
    owed = Owed.objects.filter(
        person=OuterRef("pk"), duty="departure"
    )  # since an earlier list: one departure answers both
    going = Person.objects.filter(listed__movement=movement, listed__mark=Mark.GOES.value, camp=movement.origin_id)
    return list(going.filter(~Exists(noted), ~Exists(owed)).order_by("pk"))


def _due(movement: Movement, people: Sequence[Person]) -> list[Event]:
    """Of who was put on the list behind its day, it is due on the day on which they were."""
    told = Event.objects.filter(person__in=people, kind__in=_LISTS, stands=True, happened__gt=movement.departs)
    later = dict(told.order_by("happened").values_list("person", "happened"))
    about = {"kind": _DUE.value, "camp": movement.origin, "of": str(movement.pk), "entered": register.today()}
    return [Event(person=one, happened=later.get(one.pk, movement.departs), **about) for one in people]
