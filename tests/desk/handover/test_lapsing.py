# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan that stands no more is found before its hour, and somebody is told; the sooner if its person knows the words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from tests.desk.conftest import House
from tests.desk.handover.conftest import Cell, now

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.cases import cell
from safeconduct.desk.cases.errors import HandoverUnderWay
from safeconduct.desk.handover import acts, overdue, releasing
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import HandoverState, Move
from safeconduct.desk.handover.stopping import VOID
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role


def rings() -> bool:
    return Alert.objects.filter(kind=VOID).exists()


def look(when: datetime | None = None) -> None:
    """What the clock does each minute."""
    overdue.watch(when or datetime.now(UTC))


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(approvals, "today", lambda: day)


@pytest.mark.rule("R15")
@pytest.mark.parametrize("step", ["proposed", "approved"])
def test_a_plan_that_lapses_is_a_draft_again_and_its_people_are_told(
    the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    handover = the_cell.proposed(case) if step == "proposed" else the_cell.approved(case)
    Handover.objects.update(day=handover.day + timedelta(days=10))
    last = datetime.now(UTC).date() + timedelta(days=3)
    on_day(monkeypatch, last)
    look()
    assert (now(handover).state, rings()) == (step, False)
    on_day(monkeypatch, last + timedelta(days=1))
    look()
    assert now(handover).handover_state is HandoverState.DRAFT
    assert rings()
    assert handover.number not in str(list(Alert.objects.values()))


@pytest.mark.rule("R15")
def test_a_plan_whose_approver_has_left_is_found_by_the_clock(the_cell: Cell, case: str) -> None:
    handover = the_cell.told(case)
    Operator.objects.filter(pk=the_cell.approver.operator.pk).update(active=False)
    look()
    assert now(handover).handover_state is HandoverState.DRAFT
    assert rings()


@pytest.mark.rule("R15")
@pytest.mark.parametrize("step", ["proposed", "approved"])
def test_a_plan_whose_days_are_over_waits_for_nobody(the_cell: Cell, case: str, step: str) -> None:
    handover = the_cell.told(case) if step == "approved" else the_cell.proposed(case)
    over = datetime.combine(handover.day + timedelta(days=1), datetime.min.time(), UTC)
    look(over + timedelta(minutes=59))
    assert now(handover).state == step
    look(over + timedelta(hours=1))
    assert now(handover).handover_state is HandoverState.DRAFT
    assert rings()
    assert approvals.standing(acts.KIND, handover.number) is None


@pytest.mark.rule("R14")
@pytest.mark.parametrize("step", ["approved", "told"])
def test_who_was_told_words_and_is_called_off_is_somebodys_to_tell(
    house: House, the_cell: Cell, case: str, step: str
) -> None:
    handover = the_cell.told(case) if step == "told" else the_cell.approved(case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.ABORT)
    assert rings() is (step == "told")
    page = shown(house.signed_in(Role.PLANNER), handover)
    assert "Tell the person that they are not met" in page
    assert "Call the unit" not in page  # it never had a sheet


@pytest.mark.rule("R17")
@pytest.mark.parametrize("way", ["edited", "recalled", "withdrawn elsewhere"])
def test_until_new_words_are_told_the_page_says_that_the_person_knows_void_ones(
    house: House, the_cell: Cell, case: str, way: str
) -> None:
    handover = the_cell.told(case)
    planning = house.signed_in(Role.PLANNER)
    void, approved = "words of a plan that stands no more", "approved by approver one"
    assert void not in shown(planning, handover)
    assert approved in shown(planning, handover)
    if way == "edited":
        acts.plan(the_cell.planner, handover.number, the_cell.plan(wounded=0), seen=acts.mark(handover))
    elif way == "recalled":
        acts.recall(the_cell.planner, handover.number)
    else:
        (standing,) = [one for one in approvals.of(acts.KIND, handover.number) if one.is_approved]
        approving.withdraw(the_cell.planner.operator, standing.pk)
    assert void in shown(planning, handover)
    assert approved not in shown(planning, handover)
    acts.propose(the_cell.planner, handover.number, seen=acts.mark(now(handover)))
    acts.approve(the_cell.approver, handover.number, seen=acts.mark(now(handover)))
    assert void in shown(planning, handover)
    the_cell.tell(handover)
    assert void not in shown(planning, handover)


@pytest.mark.rule("R17")
def test_when_the_words_of_a_released_plan_have_expired_nobody_is_asked_to_tell_that_it_changed(
    house: House, the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handover = the_cell.released(case)
    moment = datetime.now(UTC) + timedelta(hours=9)
    monkeypatch.setattr("safeconduct.desk.handover.wall.now", lambda: moment)
    page = shown(house.signed_in(Role.PLANNER), handover)
    assert "The words have expired" in page
    assert "stands no more" not in page


@pytest.mark.rule("R17")
def test_who_knows_void_words_stays_with_the_cell_until_it_has_told_them_or_called_it_off(
    house: House, the_cell: Cell, case: str
) -> None:
    handover = the_cell.told(case)
    planning = house.signed_in(Role.PLANNER)
    overview = "the person knows void words"
    assert overview not in planning.get("/handovers/").content.decode()
    acts.recall(the_cell.planner, handover.number)
    assert overview in planning.get("/handovers/").content.decode()
    with pytest.raises(HandoverUnderWay):
        cell.give_back(the_cell.planner, case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.ABORT)
    assert rings()
    assert "stands no more" not in shown(planning, handover)
    cell.give_back(the_cell.planner, case)


@pytest.mark.rule("R15", "R17")
def test_so_does_who_knows_words_of_an_approval_that_has_just_fallen(the_cell: Cell, case: str) -> None:
    the_cell.told(case)
    Operator.objects.filter(pk=the_cell.approver.operator.pk).update(active=False)  # and no clock has looked yet
    with pytest.raises(HandoverUnderWay):
        cell.give_back(the_cell.planner, case)


@pytest.mark.rule("R14")
def test_who_was_received_is_told_nothing_of_void_words(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE, is_early=True)
    assert not rings()


def shown(planning: Client, handover: Handover) -> str:
    return planning.get(f"/handovers/{handover.number}/").content.decode()
