# SPDX-License-Identifier: AGPL-3.0-or-later
"""An arrival and the transfer that one act entered with it are undone and dated anew together: half of a journey is none."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.custody.movements.conftest import Draw, on, row_of, where
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.movements import acts as movements
from safeconduct.desk.custody.movements.audited import MISSING
from safeconduct.desk.custody.movements.models import Movement
from safeconduct.desk.custody.movements.states import Mark
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind, PersonEvent, Precision

P = PersonEvent
Doors = Callable[[Role], Client]
either = pytest.mark.parametrize("kind", [P.ARRIVED, P.TRANSFERRED])


def rings() -> bool:
    return Alert.objects.filter(kind=MISSING, is_over=False).exists()


def moves(person: Person) -> list[tuple[str, str, int]]:
    """What stands: kind, camp, and how many days after the first arrival."""
    rows = person.events.filter(kind__in=[P.ARRIVED.value, P.TRANSFERRED.value], stands=True).order_by("happened", "pk")
    return [(row.kind, row.camp.name if row.camp else "", (row.happened - on(0).day).days) for row in rows]


def half(person: Person, kind: PersonEvent, camp: Camp) -> int:
    return Event.objects.filter(person=person, kind=kind.value, camp=camp, stands=True).latest("pk").pk


@pytest.fixture
def hospital(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Hospital", CampKind.HOSPITAL, {}, on(0))


@pytest.fixture
def arrived(registrar: Operator, keyring: Keyring, ready: Draw) -> Movement:
    """A list that went to Dalni with everybody on it."""
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, set(), on(5))
    return movement


@pytest.mark.rule("R34", "R27")
@either
def test_one_strike_undoes_an_arrival_from_a_list(
    *, registrar: Operator, arrived: Movement, people: list[Person], camp: Camp, dalni: Camp, kind: PersonEvent
) -> None:
    acts.correct(registrar, people[0], half(people[0], kind, dalni), None)
    assert moves(people[0]) == [("arrived", "Stanytsia", 0)]
    assert (where(people[0]), where(people[1])) == (camp, dalni)
    assert moves(people[1])[1:] == [("transferred", "Dalni", 5), ("arrived", "Dalni", 5)]
    owed = {row.duty: row.camp for row in Owed.objects.filter(person=people[0])}
    assert "mail-redirected" not in owed
    assert set(owed.values()) == {camp}
    taken_back = Package.objects.filter(person=people[0], kind="transferred", corrects__isnull=False)
    assert taken_back.count() == 1


@either
def test_the_record_names_both_in_one_entry(
    *, house: House, registrar: Operator, arrived: Movement, people: list[Person], dalni: Camp, kind: PersonEvent
) -> None:
    acts.correct(registrar, people[0], half(people[0], kind, dalni), None)
    lines = record.page([house.keys["monitor"]]).lines
    told = [line.told.subject for line in lines if line.told and line.told.act == "custody.correct"]
    assert [set(one.split()) for one in told] == [{"M-1", "arrived", "transferred"}]


@pytest.mark.rule("R34")
@either
@pytest.mark.parametrize("when", [on(4), on(6)])
def test_another_day_is_the_day_of_both(
    *, registrar: Operator, arrived: Movement, people: list[Person], dalni: Camp, kind: PersonEvent, when: When
) -> None:
    acts.correct(registrar, people[0], half(people[0], kind, dalni), when)
    day = (when.day - on(0).day).days
    assert {one[1:] for one in moves(people[0])[1:]} == {("Dalni", day)}
    assert len(moves(people[0])) == 3
    acts.correct(registrar, people[0], half(people[0], kind, dalni), When(on(0).day, Precision.MONTH))
    assert len({one[2] for one in moves(people[0])[1:]}) == 1


@either
def test_an_arrival_by_hand_takes_its_transfer_along(
    registrar: Operator, people: list[Person], camp: Camp, hospital: Camp, kind: PersonEvent
) -> None:
    acts.enter(registrar, people[0], P.ARRIVED, on(2), camp=hospital)
    acts.correct(registrar, people[0], half(people[0], kind, hospital), None)
    assert moves(people[0]) == [("arrived", "Stanytsia", 0)]
    assert where(people[0]) == camp


def test_whoever_comes_back_on_the_same_day_has_two_journeys(
    registrar: Operator, people: list[Person], hospital: Camp
) -> None:
    other = acts.open_camp(registrar, "Likarnia", CampKind.HOSPITAL, {}, on(0))
    for there in (hospital, other, hospital):
        acts.enter(registrar, people[0], P.ARRIVED, on(2), camp=there)
    acts.correct(registrar, people[0], half(people[0], P.ARRIVED, hospital), None)
    assert where(people[0]) == other
    assert [one[1] for one in moves(people[0])] == ["Stanytsia", "Hospital", "Hospital", "Likarnia", "Likarnia"]


@either
def test_what_was_dated_apart_before_is_corrected_apart(
    registrar: Operator, arrived: Movement, people: list[Person], dalni: Camp, kind: PersonEvent
) -> None:
    Event.objects.filter(pk=half(people[0], P.ARRIVED, dalni)).update(happened=on(6).day)
    acts.correct(registrar, people[0], half(people[0], kind, dalni), None)
    assert len(moves(people[0])) == 2
    assert where(people[0]) == dalni


@pytest.mark.rule("R24")
@either
def test_who_did_not_arrive_after_all_is_missing_until_they_are_found(
    *, registrar: Operator, keyring: Keyring, arrived: Movement, people: list[Person], dalni: Camp, kind: PersonEvent
) -> None:
    assert not rings()
    acts.correct(registrar, people[0], half(people[0], kind, dalni), None)
    assert rings()
    assert [row_of(arrived, one).mark for one in people[:2]] == [Mark.MISSING.value, Mark.ARRIVED.value]
    movements.arrive_late(keyring, row_of(arrived, people[0]), on(7))
    assert not rings()
    assert where(people[0]) == dalni


@pytest.mark.rule("R24")
def test_another_day_makes_nobody_missing(
    registrar: Operator, arrived: Movement, people: list[Person], dalni: Camp
) -> None:
    acts.correct(registrar, people[0], half(people[0], P.ARRIVED, dalni), on(6))
    assert (rings(), row_of(arrived, people[0]).mark) == (False, Mark.ARRIVED.value)


@pytest.mark.rule("R24")
@pytest.mark.parametrize("found", [P.ARRIVED, P.ESCAPED])
def test_who_was_found_in_error_is_looked_for_again(
    *, registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], hospital: Camp, found: PersonEvent
) -> None:
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, {row_of(movement, people[0]).pk}, on(5))
    acts.enter(registrar, people[0], found, on(6), camp=hospital)
    assert not rings()
    row = Event.objects.get(person=people[0], kind=found.value, happened=on(6).day, stands=True)
    acts.correct(registrar, people[0], row.pk, None)
    assert rings()


def test_nobody_waits_for_who_was_registered_in_error(arrived: Movement, people: list[Person]) -> None:
    acts.unregister(people[0], list(people[0].events.values_list("pk", flat=True)), of="")
    assert (rings(), row_of(arrived, people[0]).mark) == (False, Mark.ARRIVED.value)


def test_the_page_says_what_is_corrected_along_with_it(desk_of: Doors, arrived: Movement, people: list[Person]) -> None:
    page = desk_of(Role.REGISTRAR).get(f"/persons/{people[0].number}/").content.decode()
    assert page.count("was entered with it, and is corrected with it") == 2
