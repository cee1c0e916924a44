# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an edge that had not heard of the cell sealed to intake is found by somebody of intake, and passed on."""

import pytest
from django.utils import timezone
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.alerts import roster
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.cases import acts, astray, cell, escalating
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import PersonText

NOTICE = "A message for the handover cell came to intake"


@pytest.fixture
def number(line: Line, person: Person, hand: Hand, planner: Hand) -> str:
    """A case that is the cell's."""
    number = str(line.case(person).number)
    acts.read(hand, number)
    cell.offer(hand, number, handover=planner.team.public)
    cell.accept(planner, number)
    return number


def rings() -> bool:
    escalating.watch(timezone.now())
    return Alert.objects.filter(kind=astray.ALERT, is_over=False).exists()


@pytest.mark.rule("R5")
def test_intake_is_asked_to_open_what_the_cell_cannot_and_no_more_when_it_was_passed_on(
    house: House, line: Line, person: Person, number: str, planner: Hand
) -> None:
    line.write(person, "берёза", duress=True)
    line.collect()
    operator = house.signed_in(Role.OPERATOR)
    assert rings()
    assert "operator one" in [one.name for one in roster.asked(Alert.objects.get(kind=astray.ALERT), ())]
    assert NOTICE in operator.get("/queue/").content.decode()
    operator.get(f"/cases/{number}/")
    assert not rings()
    assert NOTICE not in operator.get("/queue/").content.decode()
    acts.read(planner, number)
    assert line.case(person).frozen_day is not None


def test_what_was_sealed_to_the_cell_asks_nobody_of_intake(
    line: Line, person: Person, number: str, planner: Hand
) -> None:
    line.put(person, line.seal(person, PersonText("когда?"), Kind.MESSAGE, recipients=[planner.team.public]))
    line.collect()
    assert not rings()


@pytest.mark.rule("R5")
def test_what_came_between_the_offer_and_the_taking_over_is_asked_for_too(
    line: Line, person: Person, hand: Hand, planner: Hand
) -> None:
    number = str(line.case(person).number)
    acts.read(hand, number)
    cell.offer(hand, number, handover=planner.team.public)
    line.write(person, "берёза", duress=True)
    line.collect()
    assert not rings()
    cell.accept(planner, number)
    assert rings()
    cell.give_back(planner, number)
    assert not rings()


@pytest.mark.rule("R16")
def test_the_cell_is_not_shown_what_intake_has_to_open(house: House, line: Line, person: Person, number: str) -> None:
    line.write(person, "когда?")
    line.collect()
    assert NOTICE not in house.signed_in(Role.PLANNER).get("/queue/").content.decode()
