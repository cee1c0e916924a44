# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between intake and the cell nobody is forgotten: what was offered is seen, and rings, until it is taken or declined."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.alerts import raising, roster
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.cases import acts, cell, escalating, offers, queue
from safeconduct.desk.cases.models import Escalation
from safeconduct.desk.cases.queue import Filters, Reader
from safeconduct.desk.cases.states import CaseState
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role


@pytest.fixture
def number(line: Line, person: Person, hand: Hand) -> str:
    """Somebody whom intake has answered."""
    number = str(line.case(person).number)
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("ждите"))
    return number


@pytest.fixture
def waiting(line: Line, person: Person, hand: Hand) -> str:
    """Somebody whom nobody has answered yet."""
    acts.read(hand, str(line.case(person).number))
    return str(line.case(person).number)


@pytest.fixture
def offered(number: str, hand: Hand, planner: Hand) -> str:
    cell.offer(hand, number, handover=planner.team.public)
    return number


def rings() -> bool:
    return Alert.objects.filter(kind=offers.ALERT, is_over=False).exists()


@pytest.mark.rule("R14")
@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPROVER])
def test_the_cell_sees_what_was_offered_though_nothing_waits_in_it(house: House, offered: str, role: Role) -> None:
    page = house.signed_in(role).get("/handovers/").content.decode()
    assert f"Case {offered}" in page
    assert "No handover is under way" not in page


@pytest.mark.rule("R14")
@pytest.mark.parametrize("ends", [cell.accept, cell.give_back])
def test_an_offer_rings_at_the_planners_until_it_is_taken_or_declined(
    house: House, offered: str, planner: Hand, ends: Callable[[Hand, str], None]
) -> None:
    house.signed_in(Role.PLANNER)
    escalating.watch(timezone.now())
    assert [one.name for one in roster.asked(Alert.objects.get(), roster.USUAL[:1])] == ["planner one"]
    ends(planner, offered)
    assert not rings()


def test_a_second_offer_rings_again_at_who_took_the_first(line: Line, offered: str, hand: Hand, planner: Hand) -> None:
    raising.acknowledge(planner.operator, Alert.objects.get().pk)
    someone = line.apply_new("и я")
    line.collect()
    acts.read(hand, line.case(someone).number)
    cell.offer(hand, line.case(someone).number, handover=planner.team.public)
    assert Alert.objects.get(kind=offers.ALERT).acknowledged_by is None


def test_what_intake_closed_after_the_offer_rings_no_more(offered: str, hand: Hand) -> None:
    acts.close(hand, offered, seen=10**9)
    escalating.watch(timezone.now())
    assert not rings()


@pytest.mark.rule("R14")
def test_who_was_answered_waits_for_intake_again_when_the_cell_declines(
    line: Line, person: Person, offered: str, planner: Hand
) -> None:
    cell.give_back(planner, offered)
    assert [case.number for case in queue.waiting(Filters(), None).cases] == [offered]
    assert line.case(person).state == CaseState.OPEN.value


def test_what_intake_closed_stays_closed_when_the_cell_declines(
    line: Line, person: Person, offered: str, hand: Hand, planner: Hand
) -> None:
    acts.close(hand, offered, seen=10**9)
    cell.give_back(planner, offered)
    assert line.case(person).state == CaseState.CLOSED.value


def test_what_the_cell_gives_back_is_nobodys_and_is_given_to_intake_next(
    line: Line, waiting: str, hand: Hand, planner: Hand
) -> None:
    cell.offer(hand, waiting, handover=planner.team.public)
    cell.accept(planner, waiting)
    acts.read(planner, waiting)
    cell.give_back(planner, waiting)
    assert queue.of(planner.operator.pk) == []
    mine = queue.waiting(Filters(mine=True), None, Reader(hand.operator.pk, ("ru",)))
    assert [case.number for case in mine.cases] == [waiting]


@pytest.mark.parametrize("is_back", [False, True], ids=["taken over", "given back"])
def test_who_saw_to_a_late_case_sees_to_it_no_more_when_it_changes_hands(
    waiting: str, hand: Hand, planner: Hand, *, is_back: bool
) -> None:
    cell.offer(hand, waiting, handover=planner.team.public)
    if is_back:
        cell.accept(planner, waiting)
    escalating.watch(timezone.now() + timedelta(minutes=20))
    escalating.acknowledge((planner if is_back else hand).operator, Escalation.objects.get().pk)
    (cell.give_back if is_back else cell.accept)(planner, waiting)
    assert Escalation.objects.get().acknowledged_by is None
