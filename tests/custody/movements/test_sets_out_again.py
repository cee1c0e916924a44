# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who arrives and sets out again is awaited again, also on one day: nobody is lost between two journeys (R24, R34)."""

import pytest
from tests.custody.movements.conftest import Draw, on

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.movements import acts as movements
from safeconduct.desk.custody.movements.acts import Plan
from safeconduct.desk.custody.movements.models import Movement
from safeconduct.desk.custody.movements.states import Kind
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampKind, PersonEvent

P = PersonEvent


def awaited() -> set[str]:
    return set(Owed.objects.filter(duty="evacuation").values_list("person__number", flat=True))


@pytest.fixture
def arrived(registrar: Operator, keyring: Keyring, draw: Draw) -> Movement:
    """All three were taken to Dalni on the fifth day, and go on from there."""
    movement = draw(Kind.EVACUATION)
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, set(), on(5))
    Camp.objects.filter(pk=movement.to_id).update(kind=CampKind.TRANSIT.value)
    return movement


def set_out(registrar: Operator, arrived: Movement, day: int) -> Movement:
    """The next journey of the same people, which that day's list takes from Dalni."""
    further = acts.open_camp(registrar, "Further", CampKind.PERMANENT, {}, on(0))
    plan = Plan(Kind.EVACUATION, Camp.objects.get(pk=arrived.to_id), further, on(day).day)
    people = list(Person.objects.filter(listed__movement=arrived).order_by("pk"))
    movement = movements.draw_up(registrar, plan, people, on(day))
    movements.depart(registrar, movement, set(), on(day))
    return movement


@pytest.mark.rule("R24", "R34")
@pytest.mark.parametrize("day", [5, 6])
def test_who_sets_out_again_is_awaited_until_the_next_camp_has_them(
    registrar: Operator, keyring: Keyring, arrived: Movement, day: int
) -> None:
    assert awaited() == set()
    movement = set_out(registrar, arrived, day)
    assert awaited() == {"M-1", "M-2", "M-3"}
    movements.arrive(keyring, movement, set(), on(day))
    assert awaited() == set()


@pytest.mark.rule("R24", "R34")
def test_a_departure_whose_paper_comes_late_waits_for_its_own_arrival_which_can_still_be_entered(
    registrar: Operator, keyring: Keyring, arrived: Movement, people: list[Person]
) -> None:
    movement = set_out(registrar, arrived, 4)  # by a wrong day they left before they came
    assert awaited() == {"M-1", "M-2", "M-3"}
    acts.enter(registrar, people[0], P.ARRIVED, on(5), camp=movement.to)
    assert awaited() == {"M-2", "M-3"}
    movements.arrive(keyring, movement, set(), on(5))
    assert awaited() == set()


@pytest.mark.rule("R24", "R34")
def test_another_day_of_a_departure_or_an_arrival_makes_nobody_awaited(
    registrar: Operator, arrived: Movement, people: list[Person]
) -> None:
    for kind, day in ((P.DEPARTED, 3), (P.ARRIVED, 6), (P.DEPARTED, 6)):
        row = people[0].events.filter(kind=kind.value, stands=True).latest("pk")
        acts.correct(registrar, people[0], row.pk, on(day))
        assert awaited() == set()
