# SPDX-License-Identifier: AGPL-3.0-or-later
"""R5, R50: what stops one conversation of a person, or of a unit, stops the handover of all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House
from tests.desk.handover.conftest import Cell, now, second_case

from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import bound, cell, standing, units
from safeconduct.desk.cases.errors import HandoverUnderWay
from safeconduct.desk.cases.models import Case, Merge, today
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import acts, releasing, stopping, unit_acts
from safeconduct.desk.handover.errors import AlreadyPlanned, Stopped
from safeconduct.desk.handover.states import Move
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import PersonText

pytestmark = pytest.mark.rule("R5", "R50")


@pytest.fixture
def other(line: Line, hand: Hand, case: str) -> str:
    """Intake's case of the same person, read; the two are merged."""
    number = read_case(line, hand, "это снова я")
    Merge.objects.create(leading=of(case), other=of(number), day=today())
    return number


def read_case(line: Line, hand: Hand, text: str) -> str:
    person = line.apply_new(text)
    line.collect()
    number = str(line.case(person).number)
    cases.read(hand, number)
    return number


def of(number: str) -> Case:
    return Case.objects.get(number=number)


def freezes(hand: Hand, number: str) -> None:
    standing.freeze(hand, number, "a voice behind them")


def doubts(hand: Hand, number: str) -> None:
    standing.suspect_minor(hand, number, "a young voice")


def leaves_unread(_hand: Hand, number: str) -> None:
    of(number).envelopes.update(opened_day=None)


@pytest.mark.parametrize("step", ["approve", "release"])
@pytest.mark.parametrize("what", [(freezes, "duress"), (doubts, "review"), (leaves_unread, "unread")])
def test_what_stops_another_case_of_the_person_stops_approval_and_release(
    the_cell: Cell, case: str, other: str, hand: Hand, *, what: tuple[Callable[[Hand, str], None], str], step: str
) -> None:
    does, why = what
    handover = the_cell.proposed(case) if step == "approve" else the_cell.told(case)
    act, by = (acts.approve, the_cell.approver) if step == "approve" else (releasing.release, the_cell.planner)
    does(hand, other)
    with pytest.raises(Stopped, match=why) as refused:
        act(by, handover.number, seen=acts.mark(handover))
    assert refused.value.number == other
    Merge.objects.update(undone_day=today())
    act(by, handover.number, seen=acts.mark(handover))


def test_a_released_sheet_is_taken_away_until_the_merge_is_undone(
    the_cell: Cell, case: str, other: str, hand: Hand
) -> None:
    handover = the_cell.released(case)
    freezes(hand, other)
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    Merge.objects.update(undone_day=today())
    assert unit_acts.read(the_cell.unit, handover.number).sheet is not None


def test_the_cell_sees_on_the_handovers_page_which_case_stops_it(
    house: House, the_cell: Cell, case: str, other: str, hand: Hand
) -> None:
    handover = the_cell.approved(case)
    browser: Client = house.signed_in(Role.PLANNER)
    assert other not in browser.get(f"/handovers/{handover.number}/").content.decode()
    freezes(hand, other)
    assert f"Case {other} is this person too" in browser.get(f"/handovers/{handover.number}/").content.decode()


def chain(line: Line, hand: Hand, case: str) -> tuple[Person, Person]:
    """Two more conversations of the person, the second merged with the first of them alone. Both are read."""
    second, third = line.apply_new("это снова я"), line.apply_new("и снова")
    line.collect()
    numbers = [str(line.case(one).number) for one in (second, third)]
    for number in numbers:
        cases.read(hand, number)
    Merge.objects.create(leading=of(case), other=of(numbers[0]), day=today())
    Merge.objects.create(leading=of(numbers[0]), other=of(numbers[1]), day=today())
    return second, third


@pytest.mark.rule("R48")
@pytest.mark.parametrize("erased", [0, 1])
@pytest.mark.parametrize("does", [freezes, doubts])
def test_whoever_erases_another_conversation_opens_no_sheet_that_was_stopped(
    the_cell: Cell, case: str, line: Line, hand: Hand, *, does: Callable[[Hand, str], None], erased: int
) -> None:
    """Of three that are merged in a row the last is stopped. The one between them is erased, or that one itself."""
    theirs = chain(line, hand, case)
    handover = the_cell.released(case)
    does(hand, str(line.case(theirs[1]).number))
    line.erase(theirs[erased])
    line.collect()
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    assert stopping.is_any()
    left = str(line.case(theirs[1 - erased]).number)
    assert [(one.leading.number, one.other.number) for one in Merge.objects.all()] == [(case, left)]


@pytest.mark.rule("R48")
def test_whoever_erases_two_conversations_at_once_opens_no_sheet_either(
    the_cell: Cell, case: str, line: Line, hand: Hand
) -> None:
    second, third = chain(line, hand, case)
    first, last = Merge.objects.order_by("pk")
    first.leading, first.other = last.other, of(case)  # so that each of the two leads what is left of them
    first.save()
    handover = the_cell.released(case)
    freezes(hand, str(line.case(second).number))
    line.erase(second)
    line.erase(third)
    line.collect()
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    assert standing.is_frozen(of(case))


@pytest.fixture
def comrade(line: Line) -> Person:
    return line.apply_new("я с ним")


@pytest.fixture
def member(the_cell: Cell, case: str, line: Line, hand: Hand, comrade: Person) -> str:
    """Their case, which belongs to the unit; both are with the cell."""
    line.collect()
    number = str(line.case(comrade).number)
    cases.read(hand, number)
    cell.offer(hand, number, handover=the_cell.planner.team.public)
    cell.accept(the_cell.planner, number)
    cases.read(the_cell.planner, number)
    units.add(the_cell.planner, case, line.writing(number), number)
    return number


def test_who_is_forced_in_a_unit_stops_the_handover_of_all_of_it(the_cell: Cell, case: str, member: str) -> None:
    handover = the_cell.approved(case)
    freezes(the_cell.planner, member)
    with pytest.raises(Stopped, match="duress"):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    assert now(handover).sheet is None


def test_a_released_sheet_is_taken_away_when_a_member_is_forced(the_cell: Cell, case: str, member: str) -> None:
    handover = the_cell.released(case)
    freezes(the_cell.planner, member)
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    assert stopping.is_any()


@pytest.mark.parametrize("forced", ["comrade", "unit"])
def test_a_members_own_sheet_is_taken_away_when_anybody_of_the_unit_is_forced(
    the_cell: Cell, case: str, member: str, line: Line, hand: Hand, *, forced: str
) -> None:
    third = read_case(line, hand, "я тоже с ним")
    cell.offer(hand, third, handover=the_cell.planner.team.public)
    cell.accept(the_cell.planner, third)
    cases.read(the_cell.planner, third)
    units.add(the_cell.planner, case, line.writing(third), third)
    handover = the_cell.released(member)
    freezes(the_cell.planner, third if forced == "comrade" else case)
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    assert stopping.is_any()


def test_the_agreed_word_in_a_members_message_freezes_the_unit_too(
    line: Line, the_cell: Cell, case: str, member: str, comrade: Person
) -> None:
    said = PersonText("малина", duress=True)
    line.put(comrade, line.seal(comrade, said, Kind.MESSAGE, recipients=[the_cell.planner.team.public]))
    line.collect()
    assert not standing.is_frozen(of(case))
    cases.read(the_cell.planner, member)
    assert standing.is_frozen(of(case))


def test_who_left_the_unit_freezes_their_own_case_alone(line: Line, the_cell: Cell, case: str, member: str) -> None:
    units.leave(the_cell.planner, case, line.writing(case), member)
    freezes(the_cell.planner, member)
    assert standing.is_frozen(of(member))
    assert not standing.is_frozen(of(case))


def test_a_list_of_many_asks_no_more_often_than_a_list_of_few(
    line: Line, hand: Hand, case: str, other: str, django_assert_num_queries: Any
) -> None:
    alone = read_case(line, hand, "я один")
    for many in ([of(case)], [of(case), of(alone)]):
        with django_assert_num_queries(3):
            assert bound.stopped(many) == set()


def test_a_units_sheet_is_taken_away_when_a_member_is_forced_in_another_conversation_of_theirs(
    the_cell: Cell, case: str, member: str, line: Line, hand: Hand
) -> None:
    again = read_case(line, hand, "это снова я")
    Merge.objects.create(leading=of(member), other=of(again), day=today())
    handover = the_cell.released(case)
    freezes(hand, again)  # by intake, who sees no unit
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    assert stopping.is_any()


@pytest.mark.rule("R13")
def test_a_units_sheet_is_taken_away_when_a_member_may_be_a_minor(the_cell: Cell, case: str, member: str) -> None:
    handover = the_cell.released(case)
    doubts(the_cell.planner, member)
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    assert stopping.is_any()


@pytest.fixture
def third(the_cell: Cell, case: str, member: str, line: Line, hand: Hand) -> str:
    """One more who is with the cell, of no unit yet."""
    number = read_case(line, hand, "я тоже с ним")
    cell.offer(hand, number, handover=the_cell.planner.team.public)
    cell.accept(the_cell.planner, number)
    cases.read(the_cell.planner, number)
    return number


@pytest.mark.parametrize("whose", ["unit", "member"])
def test_a_sheet_is_taken_away_when_somebody_who_is_forced_already_is_found_to_belong_to_the_unit(
    the_cell: Cell, case: str, member: str, third: str, line: Line, *, whose: str
) -> None:
    handover = the_cell.released(case if whose == "unit" else member)
    freezes(the_cell.planner, third)
    units.add(the_cell.planner, case, line.writing(third), third)
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None


def test_a_members_sheet_is_taken_away_also_when_the_units_own_case_is_with_intake(
    the_cell: Cell, case: str, member: str, third: str, line: Line
) -> None:
    """Who belongs to the unit stands in a case that the cell cannot open; that it is a unit's, in each member's."""
    units.add(the_cell.planner, case, line.writing(third), third)
    cell.give_back(the_cell.planner, case)
    handover = the_cell.released(member)
    freezes(the_cell.planner, third)
    assert standing.is_frozen(of(case))
    assert unit_acts.read(the_cell.unit, handover.number).sheet is None
    assert stopping.is_any()


@pytest.mark.parametrize("what", [(doubts, "review"), (leaves_unread, "unread")])
def test_what_stops_a_comrade_stops_a_members_own_handover(  # noqa: PLR0917 - who takes part
    the_cell: Cell, case: str, member: str, third: str, line: Line, what: tuple[Callable[..., None], str]
) -> None:
    units.add(the_cell.planner, case, line.writing(third), third)
    handover = the_cell.told(member)
    does, why = what
    does(the_cell.planner, third)
    with pytest.raises(Stopped, match=why):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))


def test_nobody_plans_a_second_handover_for_a_person_in_their_other_conversation(
    the_cell: Cell, case: str, line: Line, hand: Hand
) -> None:
    second = second_case(the_cell, line, hand, "это снова я")
    Merge.objects.create(leading=of(case), other=of(second), day=today())
    handover = the_cell.planned(case)
    with pytest.raises(AlreadyPlanned) as refused:
        acts.start(the_cell.planner, second)
    assert refused.value.other == handover.number
    Merge.objects.update(undone_day=today())
    acts.start(the_cell.planner, second)


def test_the_handovers_of_a_unit_and_of_a_member_name_each_other(
    house: House, the_cell: Cell, case: str, member: str
) -> None:
    of_unit, of_member = the_cell.planned(case), the_cell.planned(member)
    browser = house.signed_in(Role.PLANNER)
    for one, other in ((of_unit, of_member), (of_member, of_unit)):
        page = browser.get(f"/handovers/{one.number}/").content.decode()
        assert f"Handover {other.number} is under way for this person too, or for their unit" in page
    releasing.tell_outcome(the_cell.planner, of_member.number, Move.ABORT)
    assert of_member.number not in browser.get(f"/handovers/{of_unit.number}/").content.decode()


def test_a_member_who_is_with_intake_can_be_taken_out_of_the_unit_and_stops_it_no_more(
    the_cell: Cell, case: str, member: str, line: Line, hand: Hand
) -> None:
    cell.give_back(the_cell.planner, member)
    leaves_unread(hand, member)
    units.leave(the_cell.planner, case, line.writing("-"), member)
    assert the_cell.approved(case).state == "approved"


@pytest.mark.rule("R13", "R14")
@pytest.mark.parametrize("whose", ["merged", "member"])
def test_while_people_may_set_out_no_conversation_of_theirs_goes_back_to_intake(
    the_cell: Cell, case: str, line: Line, hand: Hand, whose: str
) -> None:
    other = second_case(the_cell, line, hand, "это снова я")
    if whose == "merged":
        Merge.objects.create(leading=Case.objects.get(number=case), other=Case.objects.get(number=other), day=today())
    else:
        units.add(the_cell.planner, case, line.writing(case), other)
    handover = the_cell.released(case)
    with pytest.raises(HandoverUnderWay):
        cell.give_back(the_cell.planner, other)
    stranger = second_case(the_cell, line, hand, "я другой")
    cell.give_back(the_cell.planner, stranger)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.ABORT)
    cell.give_back(the_cell.planner, other)
