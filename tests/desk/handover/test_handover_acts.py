# SPDX-License-Identifier: AGPL-3.0-or-later
"""A handover from its first draft to its outcome: who may do what, when, and what stops it."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from msgspec.structs import replace
from tests.desk.cases.conftest import Line, Person
from tests.desk.handover.conftest import POINT, Cell, now

from safeconduct.desk.alerts import clock
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.approvals.errors import NotAllowed, NotApproved, SamePerson
from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import cell, standing
from safeconduct.desk.cases.errors import HandoverUnderWay
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import acts, gates, releasing, unit_acts, wall
from safeconduct.desk.handover.errors import (
    AlreadyPlanned,
    ClockDoubtful,
    MoveRefused,
    NeedsAnother,
    NoHoldFire,
    NoSuchHandover,
    NotBegun,
    NotTold,
    NotWithCell,
    NotYours,
    PlanMoved,
    PlanRefused,
    Stopped,
    TooLong,
    WindowPassed,
)
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import LIVING, OUTCOMES, TRANSITIONS, HandoverState, Move, after
from safeconduct.desk.handover.stopping import CALLED_OFF
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.records import PersonText


def to_the_cell(line: Line, the_cell: Cell, person: Person, text: str, *, duress: bool = False) -> None:
    """What the person writes while their case is the cell's."""
    key = the_cell.planner.team.public
    line.put(person, line.seal(person, PersonText(text, duress), Kind.MESSAGE, recipients=[key]))
    line.collect()


def later(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    moment = datetime.now(UTC) + timedelta(**by)
    monkeypatch.setattr(wall, "now", lambda: moment)


@pytest.mark.rule("R14")
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", HandoverState)
def test_only_what_the_table_lists_is_possible(state: HandoverState, move: Move) -> None:
    if (state, move) in TRANSITIONS:
        assert after(state, move) is TRANSITIONS[state, move]
        return
    with pytest.raises(MoveRefused):
        after(state, move)


@pytest.mark.rule("R14")
def test_no_outcome_leads_back_to_a_plan() -> None:
    assert not any(TRANSITIONS[state, move] in LIVING for state, move in TRANSITIONS if state in OUTCOMES)


@pytest.mark.rule("R14", "R15", "R18")
def test_a_plan_is_proposed_approved_released_and_received(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    shown = unit_acts.read(the_cell.unit, handover.number)
    assert shown.sheet is not None
    assert shown.sheet.point == POINT
    assert (shown.sheet.approved_by, shown.sheet.released_by) == ("approver one", "planner one")
    unit_acts.tell(the_cell.unit, handover.number, Move.RECEIVE)
    assert now(handover).handover_state is HandoverState.RECEIVED
    done = ["start", "plan", "propose", "approve", "codes", "release", "receive"]
    assert the_cell.recorded() == [f"handover.{one}" for one in done]


@pytest.mark.rule("R17")
def test_nothing_is_released_before_the_person_knows_their_words(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    with pytest.raises(NotTold):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    the_cell.tell(handover)
    releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    assert now(handover).handover_state is HandoverState.RELEASED


@pytest.mark.rule("R14")
@pytest.mark.parametrize("by", ["cell", "unit"])
@pytest.mark.parametrize("move", [Move.NOT_COME, Move.LOSE, Move.RECEIVE])
def test_before_its_window_a_handover_is_only_called_off(the_cell: Cell, case: str, by: str, move: Move) -> None:
    begins = datetime.now(UTC) + timedelta(hours=1)
    number = the_cell.released(case, begins=begins, ends=begins + timedelta(hours=1)).number
    does: tuple[Any, Any] = (
        (releasing.tell_outcome, the_cell.planner) if by == "cell" else (unit_acts.tell, the_cell.unit)
    )
    tell, who = does
    with pytest.raises(NotBegun):
        tell(who, number, move)
    if move is Move.RECEIVE:  # they came early, and somebody has said so twice
        tell(who, number, move, is_early=True)
    else:
        tell(who, number, Move.ABORT)
    assert Handover.objects.get().handover_state in {HandoverState.RECEIVED, HandoverState.ABORTED}


@pytest.mark.rule("R14")
@pytest.mark.parametrize("move", [Move.RECEIVE, Move.NOT_COME, Move.ABORT, Move.LOSE])
def test_the_cell_hears_of_every_outcome_in_which_nobody_was_received(the_cell: Cell, case: str, move: Move) -> None:
    handover = the_cell.released(case)
    unit_acts.tell(the_cell.unit, handover.number, move)
    assert Alert.objects.filter(kind=CALLED_OFF).exists() is (move is not Move.RECEIVE)


@pytest.mark.rule("R15")
def test_whoever_approved_does_not_release(the_cell: Cell, case: str) -> None:
    handover = the_cell.told(case)
    with pytest.raises(NeedsAnother):
        releasing.release(the_cell.approver, handover.number, seen=acts.mark(handover))
    assert now(handover).handover_state is HandoverState.APPROVED
    assert the_cell.recorded()[-1] == "handover.denied"


@pytest.mark.rule("R15")
def test_whoever_planned_does_not_approve_even_in_another_role(the_cell: Cell, case: str) -> None:
    handover = the_cell.proposed(case)
    Operator.objects.filter(pk=the_cell.planner.operator.pk).update(role=Role.APPROVER.value)
    with pytest.raises((SamePerson, NoSuchHandover, MoveRefused)):
        acts.approve(the_cell.planner, handover.number, seen=acts.mark(handover))


@pytest.mark.rule("R15")
def test_whoever_planned_does_not_approve_what_a_colleague_proposed(the_cell: Cell, case: str) -> None:
    handover = the_cell.planned(case)
    planner, approver = the_cell.planner.operator.pk, the_cell.approver.operator.pk
    Operator.objects.filter(pk=approver).update(role=Role.PLANNER.value)
    proposing = dataclasses.replace(the_cell.approver, operator=Operator.objects.get(pk=approver))
    acts.propose(proposing, handover.number, seen=acts.mark(handover))
    Operator.objects.filter(pk=planner).update(role=Role.APPROVER.value)
    checking = dataclasses.replace(the_cell.planner, operator=Operator.objects.get(pk=planner))
    with pytest.raises(SamePerson):
        acts.approve(checking, handover.number, seen=acts.mark(handover))
    assert now(handover).state == HandoverState.PROPOSED.value


@pytest.mark.rule("R15")
def test_an_edit_after_approval_voids_it_and_the_words(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    acts.plan(the_cell.planner, handover.number, the_cell.plan(point="Elsewhere"), seen=acts.mark(handover))
    edited = now(handover)
    assert edited.handover_state is HandoverState.DRAFT
    assert edited.codes is None
    with pytest.raises(MoveRefused):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(edited))


@pytest.mark.rule("R15")
def test_nobody_approves_or_releases_what_they_have_not_seen(the_cell: Cell, case: str) -> None:
    handover = the_cell.proposed(case)
    seen_before = acts.mark(handover)
    acts.plan(the_cell.planner, handover.number, the_cell.plan(), seen=seen_before)
    acts.propose(the_cell.planner, handover.number, seen=acts.mark(now(handover)))
    with pytest.raises(PlanMoved):
        acts.approve(the_cell.approver, handover.number, seen=seen_before)


def test_of_two_who_edit_at_once_the_second_is_told(the_cell: Cell, case: str) -> None:
    handover = the_cell.planned(case)
    seen = acts.mark(handover)
    acts.plan(the_cell.planner, handover.number, the_cell.plan(wounded=0), seen=seen)
    with pytest.raises(PlanMoved):
        acts.plan(the_cell.planner, handover.number, the_cell.plan(wounded=2), seen=seen)


@pytest.mark.rule("R5")
@pytest.mark.parametrize("step", ["approve", "release"])
def test_an_unopened_message_stops_approval_and_release(
    the_cell: Cell, case: str, line: Line, person: Person, step: str
) -> None:
    handover = the_cell.proposed(case) if step == "approve" else the_cell.told(case)
    to_the_cell(line, the_cell, person, "я иду")
    act, hand = (acts.approve, the_cell.approver) if step == "approve" else (releasing.release, the_cell.planner)
    with pytest.raises(Stopped, match="unread"):
        act(hand, handover.number, seen=acts.mark(handover))
    cases.read(the_cell.planner, case)
    act(hand, handover.number, seen=acts.mark(handover))


@pytest.mark.rule("R5")
def test_duress_stops_everything_but_an_abort(the_cell: Cell, case: str, line: Line, person: Person) -> None:
    handover = the_cell.told(case)
    to_the_cell(line, the_cell, person, "всё хорошо", duress=True)
    cases.read(the_cell.planner, case)
    with pytest.raises(Stopped, match="duress"):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    with pytest.raises(Stopped, match="duress"):
        acts.plan(the_cell.planner, handover.number, the_cell.plan(), seen=acts.mark(handover))
    releasing.tell_outcome(the_cell.planner, handover.number, Move.ABORT)
    assert now(handover).handover_state is HandoverState.ABORTED


@pytest.mark.rule("R5")
def test_duress_after_the_release_takes_the_sheet_away(the_cell: Cell, case: str, line: Line, person: Person) -> None:
    handover = the_cell.released(case)
    to_the_cell(line, the_cell, person, "всё хорошо", duress=True)
    cases.read(the_cell.planner, case)
    shown = unit_acts.read(the_cell.unit, handover.number)
    assert shown.sheet is None
    assert shown.is_stopped


@pytest.mark.rule("R13")
def test_a_suspected_minor_stops_it(the_cell: Cell, case: str) -> None:
    handover = the_cell.proposed(case)
    standing.suspect_minor(the_cell.planner, case, "young voice")
    with pytest.raises(Stopped, match="review"):
        acts.approve(the_cell.approver, handover.number, seen=acts.mark(handover))


@pytest.mark.rule("R6", "R7")
@pytest.mark.parametrize("kind", [ApplicationType.CONSCRIPT, ApplicationType.RELATIVE])
def test_no_conscript_and_no_relative_is_handed_over(
    the_cell: Cell, case: str, line: Line, person: Person, kind: ApplicationType
) -> None:
    handover = the_cell.told(case)
    facts = person.facts(type=kind)
    line.put(person, line.seal(person, facts, Kind.APPLICATION, recipients=[the_cell.planner.team.public]))
    line.collect()
    cases.read(the_cell.planner, case)
    with pytest.raises(Stopped, match="type"):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))


@pytest.mark.rule("R7")
def test_a_case_that_is_not_the_cells_is_not_planned_for(
    the_cell: Cell, case: str, line: Line, person: Person, hand: Hand
) -> None:
    handover = the_cell.proposed(case)
    cell.give_back(the_cell.planner, case)
    with pytest.raises(NotWithCell):
        acts.approve(the_cell.approver, handover.number, seen=acts.mark(handover))
    with pytest.raises(NotWithCell):
        acts.start(the_cell.planner, case)


@pytest.mark.rule("R13", "R14")
def test_a_case_whose_handover_was_approved_or_released_stays_with_the_cell(the_cell: Cell, case: str) -> None:
    handover = the_cell.told(case)
    with pytest.raises(HandoverUnderWay):
        cell.give_back(the_cell.planner, case)
    releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    with pytest.raises(HandoverUnderWay):
        cell.give_back(the_cell.planner, case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.ABORT)
    cell.give_back(the_cell.planner, case)


@pytest.mark.rule("R13")
def test_a_case_whose_plan_nobody_approved_or_that_was_recalled_goes_back(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    acts.recall(the_cell.planner, handover.number)
    cell.give_back(the_cell.planner, case)
    assert now(handover).state == HandoverState.DRAFT.value


@pytest.mark.rule("R13")
def test_nobody_goes_by_a_sheet_whose_case_is_not_the_cells(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    Case.objects.filter(number=case).update(with_cell=Whose.INTAKE.value)
    shown = unit_acts.read(the_cell.unit, handover.number)
    assert shown.is_stopped
    assert shown.sheet is None


@pytest.mark.rule("R19")
def test_without_a_confirmed_hold_fire_nothing_is_approved(the_cell: Cell, case: str) -> None:
    handover = the_cell.proposed(case, hold_fire=None)
    with pytest.raises(NoHoldFire):
        acts.approve(the_cell.approver, handover.number, seen=acts.mark(handover))


@pytest.mark.rule("R19")
@pytest.mark.parametrize("field", ["abort", "fallback", "signal", "point"])
def test_a_plan_without_abort_fallback_signal_or_point_is_refused(the_cell: Cell, case: str, field: str) -> None:
    with pytest.raises(PlanRefused, match=field):
        the_cell.planned(case, **{field: "  "})


def test_a_window_that_has_passed_is_neither_proposed_approved_nor_released(
    the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handover = the_cell.told(case)
    later(monkeypatch, hours=3)
    with pytest.raises(WindowPassed):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    with pytest.raises(PlanRefused, match="ends"):
        acts.plan(the_cell.planner, handover.number, the_cell.plan(), seen=acts.mark(handover))


@pytest.mark.parametrize("by", [{"days": 2}, {"hours": -1}], ids=["leapt ahead", "set back"])
def test_with_a_doubtful_clock_nothing_is_released(
    the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch, by: dict[str, float]
) -> None:
    clock.confirm_time(datetime.now(UTC))
    handover = the_cell.told(case)
    later(monkeypatch, **by)
    with pytest.raises(ClockDoubtful):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    assert now(handover).handover_state is HandoverState.APPROVED


def test_a_planner_who_left_with_a_plan_approved_leaves_nothing_to_release(the_cell: Cell, case: str) -> None:
    handover = the_cell.told(case)
    Operator.objects.filter(pk=the_cell.planner.operator.pk).update(active=False)
    with pytest.raises((MoveRefused, NotAllowed, NotApproved)):
        releasing.release(other_planner(the_cell), handover.number, seen=acts.mark(handover))
    acts.read(the_cell.approver, handover.number)
    assert now(handover).handover_state is HandoverState.DRAFT


def other_planner(the_cell: Cell) -> Hand:
    welcome = people.add_operator("planner two", Role.PLANNER)
    people.let_in(people.team_key("handover"), the_cell.house.keys["handover"], welcome.operator)
    someone = the_cell.house.newcomer(welcome)
    opened = the_cell.house.opened(someone)
    return Hand(someone.operator, opened, the_cell.planner.team, the_cell.planner.keys)


def test_a_plan_that_was_withdrawn_elsewhere_is_a_draft_again(the_cell: Cell, case: str) -> None:
    handover = the_cell.proposed(case)
    proposal = approvals.standing(acts.KIND, handover.number)
    assert proposal is not None
    approving.withdraw(the_cell.planner.operator, proposal.pk)
    with pytest.raises(MoveRefused):
        acts.approve(the_cell.approver, handover.number, seen=acts.mark(handover))
    acts.read(the_cell.planner, handover.number)
    assert now(handover).handover_state is HandoverState.DRAFT
    acts.propose(the_cell.planner, handover.number, seen=acts.mark(handover))
    assert now(handover).handover_state is HandoverState.PROPOSED


def test_an_approver_sends_a_plan_back(the_cell: Cell, case: str) -> None:
    handover = the_cell.proposed(case)
    acts.refuse(the_cell.approver, handover.number, "unsafe")
    assert now(handover).handover_state is HandoverState.DRAFT


def test_one_case_has_one_handover_under_way(the_cell: Cell, case: str) -> None:
    first = the_cell.planned(case)
    with pytest.raises(AlreadyPlanned):
        acts.start(the_cell.planner, case)
    releasing.tell_outcome(the_cell.planner, first.number, Move.ABORT)
    assert acts.start(the_cell.planner, case).handover_state is HandoverState.DRAFT


@pytest.mark.rule("T6")
def test_a_role_that_does_not_carry_an_act_does_nothing(the_cell: Cell, case: str, hand: Hand) -> None:
    handover = the_cell.proposed(case)
    mark = acts.mark(handover)
    with pytest.raises(NotYours):
        acts.approve(the_cell.planner, handover.number, seen=mark)
    with pytest.raises(NotYours):
        acts.plan(the_cell.approver, handover.number, the_cell.plan(), seen=mark)
    with pytest.raises(NotYours):
        acts.read(hand, handover.number)
    assert the_cell.recorded()[-3:] == ["handover.denied"] * 3


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("wounded", {"wounded": 3}),
        ("language", {"language": "xx"}),
        ("language", {"language": "sw"}),
        ("point", {"point": "Balka\u202e"}),
        ("fallback", {"fallback": "x" * 201}),
    ],
)
def test_what_cannot_stand_is_named(the_cell: Cell, case: str, field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(PlanRefused, match=field):
        the_cell.planned(case, **changed)
    assert Handover.objects.get().plan is None


def test_windows_that_make_no_sense_are_refused(the_cell: Cell, case: str) -> None:
    plan, handover = the_cell.plan(), acts.start(the_cell.planner, case)
    for ends in (plan.begins, plan.begins + timedelta(hours=13)):
        with pytest.raises(PlanRefused, match="ends"):
            acts.plan(the_cell.planner, handover.number, replace(plan, ends=ends), seen=acts.mark(handover))
    far = {"begins": plan.begins + timedelta(days=20), "ends": plan.ends + timedelta(days=20)}
    with pytest.raises(PlanRefused, match="begins"):
        acts.plan(the_cell.planner, handover.number, replace(plan, **far), seen=acts.mark(handover))


@pytest.mark.rule("R18")
def test_what_takes_longer_than_a_minute_to_read_aloud_is_refused(the_cell: Cell, case: str) -> None:
    long = " ".join("ab" for _ in range(53))
    with pytest.raises(TooLong):
        the_cell.planned(case, point=long, signal=long, fallback=long)


@pytest.mark.rule("R15")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_approve_at_the_same_moment_one_does(the_cell: Cell, case: str, attempt: int) -> None:
    handover = the_cell.proposed(case)
    seen, start = acts.mark(handover), Barrier(2)
    second = second_approver(the_cell)

    def approve(hand: Hand) -> str:
        try:
            start.wait(timeout=10)
            acts.approve(hand, handover.number, seen=seen)
        except gates.REFUSALS as error:
            return type(error).__name__
        finally:
            connection.close()
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(approve, [the_cell.approver, second]))
    assert outcomes == ["MoveRefused", "approved"]
    assert now(handover).handover_state is HandoverState.APPROVED
    assert the_cell.recorded().count("handover.approve") == 1


def second_approver(the_cell: Cell) -> Hand:
    welcome = people.add_operator("approver two", Role.APPROVER)
    people.let_in(people.team_key("handover"), the_cell.house.keys["handover"], welcome.operator)
    opened = the_cell.house.opened(the_cell.house.newcomer(welcome))
    return Hand(welcome.operator, opened, the_cell.planner.team, the_cell.planner.keys)
