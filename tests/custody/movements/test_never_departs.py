# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list that does not leave on its day is owed to those on it, until they leave or the list ends (R24, R34)."""

from datetime import date

import pytest
from django.test import Client
from tests.custody.camplife.conftest import Doors
from tests.custody.conftest import SOMEBODY
from tests.custody.movements.conftest import Draw, on, row_of

from safeconduct.desk.custody import acts
from safeconduct.desk.custody import watching as night
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.movements import acts as movements
from safeconduct.desk.custody.movements import watching
from safeconduct.desk.custody.movements.acts import Plan
from safeconduct.desk.custody.movements.errors import DepartsFar
from safeconduct.desk.custody.movements.models import Movement
from safeconduct.desk.custody.movements.states import Kind
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind, PersonEvent

P = PersonEvent


def owed() -> dict[str, date]:
    return dict(Owed.objects.filter(duty="departure").values_list("person__number", "due"))


@pytest.mark.rule("R24")
def test_an_evacuation_that_does_not_leave_on_its_day_is_owed_to_all_on_its_list(
    registrar: Operator, draw: Draw, people: list[Person]
) -> None:
    movement = draw(Kind.EVACUATION, people[:2])
    watching.look(on(3).day)
    assert owed() == {}
    for _ in range(2):
        watching.look(on(4).day)
    assert owed() == {"M-1": on(4).day, "M-2": on(4).day}
    assert Event.objects.filter(kind="departure.due").count() == 2
    movements.depart(registrar, movement, {row_of(movement, people[1]).pk}, on(3))  # entered late
    assert owed() == {}


@pytest.mark.rule("R34")
def test_a_transfer_that_was_told_and_passed_and_does_not_leave_is_owed(
    registrar: Operator, medical: Operator, ready: Draw, people: list[Person]
) -> None:
    movement = ready()
    watching.look(on(5).day)
    assert set(owed()) == {"M-1", "M-2", "M-3"}
    movements.strike(registrar, row_of(movement, people[0]), on(5))
    acts.enter(medical, people[1], P.TRANSFER_REFUSED, on(5))
    assert set(owed()) == {"M-3"}
    movements.depart(registrar, movement, set(), on(6))
    assert owed() == {}


@pytest.mark.rule("R24", "R34")
@pytest.mark.parametrize("kind", Kind)
def test_a_list_that_is_called_off_owes_no_departure(registrar: Operator, draw: Draw, kind: Kind) -> None:
    movement = draw(kind)
    watching.look(on(4).day)
    assert len(owed()) == 3
    movements.call_off(registrar, movement, on(5))
    watching.look(on(6).day)
    assert owed() == {}


@pytest.mark.rule("R24", "R34")
def test_a_list_that_left_in_time_owes_nothing(registrar: Operator, draw: Draw) -> None:
    movements.depart(registrar, draw(Kind.EVACUATION), set(), on(4))
    watching.look(on(9).day)
    assert not Event.objects.filter(kind="departure.due").exists()


@pytest.mark.rule("R24", "R34")
def test_who_left_or_lies_in_a_hospital_is_owed_no_departure(
    registrar: Operator, draw: Draw, people: list[Person]
) -> None:
    hospital = acts.open_camp(registrar, "Hospital", CampKind.HOSPITAL, {}, on(0))
    draw(Kind.EVACUATION)
    acts.enter(registrar, people[0], P.RELEASED, on(3))
    watching.look(on(4).day)
    assert set(owed()) == {"M-2", "M-3"}
    acts.enter(registrar, people[1], P.TRANSFERRED, on(4), camp=hospital)
    watching.look(on(5).day)
    assert set(owed()) == {"M-3"}


@pytest.mark.rule("R24", "R34")
def test_one_departure_answers_a_list_that_came_to_nothing_before(
    registrar: Operator, medical: Operator, draw: Draw, people: list[Person]
) -> None:
    draw(Kind.EVACUATION, people[:1])
    watching.look(on(4).day)
    acts.enter(medical, people[0], P.TRANSFER_REFUSED, on(4))
    acts.enter(medical, people[0], P.TRANSFER_PASSED, on(4))
    second = draw(Kind.EVACUATION, people[:1])
    no = Event.objects.get(kind=P.TRANSFER_REFUSED.value)
    acts.correct(medical, people[0], no.pk, None)
    watching.look(on(5).day)
    movements.depart(registrar, second, set(), on(5))
    assert owed() == {}


@pytest.mark.rule("R24", "R34")
def test_who_is_put_on_a_list_behind_its_day_is_owed_it_from_then_on(
    registrar: Operator, camp: Camp, draw: Draw, people: list[Person]
) -> None:
    movement = draw(Kind.EVACUATION, people[:1])
    late = acts.register(registrar, "M-9", camp, SOMEBODY, on(6))
    movements.add(registrar, movement, [late], on(6))
    watching.look(on(7).day)
    assert owed() == {"M-1": on(4).day, "M-9": on(6).day}


@pytest.mark.rule("R24", "R34")
def test_a_list_leaves_within_a_month_so_that_it_is_heard_when_it_does_not(
    registrar: Operator, camp: Camp, dalni: Camp, people: list[Person]
) -> None:
    with pytest.raises(DepartsFar):
        movements.draw_up(registrar, Plan(Kind.TRANSFER, camp, dalni, on(32).day), people, on(0))
    assert not Movement.objects.exists()
    assert (
        movements.draw_up(registrar, Plan(Kind.TRANSFER, camp, dalni, on(31).day), people, on(0)).departs == on(31).day
    )


@pytest.mark.rule("R24")
def test_the_registrar_and_the_monitor_see_on_the_board_that_a_list_has_not_left(desk_of: Doors, draw: Draw) -> None:
    movement = draw(Kind.EVACUATION)
    watching.look(on(4).day)
    sees = {
        role
        for role in (Role.REGISTRAR, Role.MONITOR, Role.MEDICAL)
        if "Departure of who" in page(desk_of(role), "/duties/")
    }
    assert sees == {Role.REGISTRAR, Role.MONITOR}
    for path in ("/journeys/", f"/journeys/{movement.pk}/"):
        assert 'badge now">late' in page(desk_of(Role.REGISTRAR), path)


@pytest.mark.rule("R24", "R34")
def test_a_list_that_has_not_left_a_day_later_rings_at_the_registrar_and_the_monitor(
    desk_of: Doors, draw: Draw
) -> None:
    draw(Kind.EVACUATION)
    watching.look(on(4).day)
    Owed.objects.exclude(duty="departure").delete()
    night.ring(on(4).day)
    assert not any("is late" in page(desk_of(role), "/alerts/") for role in (Role.REGISTRAR, Role.MONITOR))
    night.ring(on(5).day)
    assert all("is late" in page(desk_of(role), "/alerts/") for role in (Role.REGISTRAR, Role.MONITOR))


def page(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()
