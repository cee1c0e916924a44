# SPDX-License-Identifier: AGPL-3.0-or-later
"""R16, R20: within 72 hours of an outcome nothing is left of place and time, whoever forgot what."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from tests.desk.cases.conftest import Line, Person
from tests.desk.handover.conftest import Cell, now, second_case, taken_over
from tests.desk.handover.test_handover_acts import to_the_cell

from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import identity, standing, units
from safeconduct.desk.cases.models import Case, Merge, StoredEnvelope, today
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import acts, releasing, rewrapping, sealed, unit_acts, wall
from safeconduct.desk.handover.errors import Erased, MoveRefused, NoSuchHandover
from safeconduct.desk.handover.models import Handover, SheetReader
from safeconduct.desk.handover.records import Plan, Sheet
from safeconduct.desk.handover.states import HandoverState, Move
from safeconduct.desk.operators.rewrapping import Pass
from safeconduct.desk.project import periodic
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.casework import UnitArrival
from safeconduct.vocabulary.identity import IdentityClaim

pytestmark = pytest.mark.rule("R16")


def after(**by: float) -> datetime:
    return datetime.now(UTC) + timedelta(**by)


def swept(the_cell: Cell, moment: datetime) -> int:
    return releasing.sweep(moment, keys=the_cell.planner.keys)


@pytest.mark.parametrize("move", [Move.RECEIVE, Move.NOT_COME, Move.ABORT, Move.LOSE])
@pytest.mark.rule("R20")
def test_place_and_time_are_gone_within_72_hours_of_every_outcome(the_cell: Cell, case: str, move: Move) -> None:
    handover = the_cell.released(case)
    releasing.tell_outcome(the_cell.planner, handover.number, move)
    assert swept(the_cell, after(hours=69)) == 0
    assert now(handover).plan is not None
    assert swept(the_cell, after(hours=72)) == 1
    row = now(handover)
    assert (row.plan, row.codes, row.sheet, row.erase_at) == (None, None, None, None)
    assert row.day.day == 1
    assert not SheetReader.objects.exists()
    assert not Proposal.objects.exists()


@pytest.mark.rule("R16", "T3")
def test_nothing_says_in_which_minute_somebody_was_received(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    told = now(handover).erase_at
    assert told is not None
    assert (told.minute, told.second) == (0, 0)


def test_a_clock_that_ran_ahead_keeps_nothing_for_years(
    the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handover = the_cell.released(case)
    with monkeypatch.context() as patch:
        far = after(days=900)
        patch.setattr(wall, "now", lambda: far)
        releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    assert swept(the_cell, after(hours=1)) == 1


def test_the_sweep_waits_while_the_clock_is_in_doubt() -> None:
    row = next(one for one in periodic.TABLE if one.name == "handover.sweep")
    assert row.sends_or_destroys
    assert row.latest <= timedelta(hours=1)


def test_what_the_person_told_the_cell_goes_too(the_cell: Cell, case: str, line: Line, person: Person) -> None:
    handover = the_cell.released(case)
    to_the_cell(line, the_cell, person, "я у старой мельницы")
    cases.read(the_cell.planner, case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    to_the_cell(line, the_cell, person, "спасибо")
    cases.read(the_cell.planner, case)
    swept(the_cell, after(hours=73))
    rows = StoredEnvelope.objects.filter(case__number=case, purpose=1).count()
    texts = [one.record.text for one in the_cell_opens(the_cell, line, person)]
    assert "спасибо" in texts
    assert "я у старой мельницы" not in texts
    assert rows


def test_who_belongs_to_the_unit_and_who_came_is_known_after_the_erasure(
    the_cell: Cell, case: str, line: Line, hand: Hand
) -> None:
    member = second_case(the_cell, line, hand, "я с ним")
    units.add(the_cell.planner, case, line.writing(case), member)
    units.count(the_cell.planner, case, line.writing(case), 5)
    handover = the_cell.released(case)
    units.arrive(the_cell.planner, case, line.writing(case), UnitArrival(received=3, not_come=2))
    identity.enter(the_cell.planner, case, (IdentityClaim(name="Иван Петров"),), seen=0)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    swept(the_cell, after(hours=73))
    unit = units.see(the_cell.planner, case)[1]
    assert (unit.members, unit.head_count, unit.arrived, unit.missing) == ((member,), 5, 3, 2)
    assert identity.read(the_cell.planner, case).claims


@pytest.mark.rule("R5")
def test_after_the_erasure_whoever_is_forced_still_freezes_the_rest_of_the_unit(
    the_cell: Cell, case: str, line: Line, hand: Hand
) -> None:
    member = second_case(the_cell, line, hand, "я с ним")
    units.add(the_cell.planner, case, line.writing(case), member)
    releasing.tell_outcome(the_cell.planner, the_cell.released(case).number, Move.NOT_COME)
    swept(the_cell, after(hours=73))
    standing.freeze(the_cell.planner, case, "a voice behind them")
    assert standing.is_frozen(Case.objects.get(number=member))


def test_a_reason_in_which_the_cell_may_have_named_the_place_goes_with_it(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    standing.freeze(the_cell.planner, case, "a voice behind them at the old mill")
    assert "old mill" in shown(the_cell, case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.ABORT)
    swept(the_cell, after(hours=73))
    assert "old mill" not in shown(the_cell, case)
    assert standing.is_frozen(Case.objects.get(number=case))


def shown(the_cell: Cell, case: str) -> str:
    """All that the cell's notes of a case say, as one text."""
    return repr([one.record for one in cases.read(the_cell.planner, case)[1].items])


def the_cell_opens(the_cell: Cell, line: Line, person: Person) -> list[Any]:
    _case, opened = cases.read(the_cell.planner, line.case(person).number)
    return [one for one in opened.items if hasattr(one.record, "text")]


@pytest.mark.parametrize("whose", ["merged", "member", "joined late"])
def test_what_was_told_in_another_conversation_of_theirs_or_of_their_unit_goes_too(
    the_cell: Cell, case: str, line: Line, hand: Hand, *, whose: str
) -> None:
    comrade = line.apply_new("я с ним")
    other = taken_over(the_cell, line, hand, comrade)
    joins = partial(units.add, the_cell.planner, case, line.writing(case), other)
    if whose == "merged":
        Merge.objects.create(leading=Case.objects.get(number=case), other=Case.objects.get(number=other), day=today())
    elif whose == "member":
        joins()
    handover = the_cell.released(case)
    if whose == "joined late":
        joins()
    says(the_cell, line, comrade, "я у старой мельницы")
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    says(the_cell, line, comrade, "спасибо")
    assert swept(the_cell, after(hours=73)) == 1
    assert "мельницы" not in shown(the_cell, other)
    assert "спасибо" in shown(the_cell, other)
    assert now(handover).members is None


def test_who_has_a_handover_of_their_own_loses_no_word_by_the_outcome_of_another(
    the_cell: Cell, case: str, line: Line, hand: Hand
) -> None:
    comrade = line.apply_new("я с ним")
    other = taken_over(the_cell, line, hand, comrade)
    units.add(the_cell.planner, case, line.writing(case), other)
    handover = the_cell.released(case)
    says(the_cell, line, comrade, "я у старой мельницы")
    own = the_cell.planned(other)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    swept(the_cell, after(hours=73))
    assert "мельницы" in shown(the_cell, other)
    releasing.tell_outcome(the_cell.planner, own.number, Move.ABORT)
    swept(the_cell, after(hours=73))
    assert "мельницы" not in shown(the_cell, other)


@pytest.mark.rule("T3")
def test_how_many_belong_to_a_unit_is_not_told_by_what_is_kept(
    the_cell: Cell, case: str, line: Line, hand: Hand
) -> None:
    handover = the_cell.planned(case)
    alone = now(handover).members
    units.add(the_cell.planner, case, line.writing(case), second_case(the_cell, line, hand, "я с ним"))
    acts.plan(the_cell.planner, handover.number, the_cell.plan(), seen=acts.mark(now(handover)))
    together = now(handover).members
    assert alone is not None
    assert together is not None
    assert len(alone) == len(together)


def says(the_cell: Cell, line: Line, person: Person, text: str) -> None:
    to_the_cell(line, the_cell, person, text)
    cases.read(the_cell.planner, line.case(person).number)


def test_what_nobody_has_read_waits_for_its_reader_and_the_place_does_not(
    the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    handover = the_cell.released(case)
    to_the_cell(line, the_cell, person, "я здесь")
    releasing.tell_outcome(the_cell.planner, handover.number, Move.NOT_COME)
    assert swept(the_cell, after(hours=73)) == 0
    assert now(handover).plan is None
    cases.read(the_cell.planner, case)
    assert swept(the_cell, after(hours=74)) == 1


def test_a_later_message_that_nobody_has_read_keeps_nothing_from_before(
    the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    handover = the_cell.released(case)
    to_the_cell(line, the_cell, person, "я у старой мельницы")
    cases.read(the_cell.planner, case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    to_the_cell(line, the_cell, person, "спасибо")
    assert swept(the_cell, after(hours=73)) == 1
    texts = [one.record.text for one in the_cell_opens(the_cell, line, person)]
    assert "спасибо" in texts
    assert "я у старой мельницы" not in texts


def test_a_draft_of_the_cell_goes_with_the_place(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    row = now(handover)
    assert row.case is not None
    row.case.drafts.create(operator=the_cell.planner.operator, box="reply", sealed=b"sealed")
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    swept(the_cell, after(hours=69))
    assert row.case.drafts.count() == 1
    swept(the_cell, after(hours=73))
    assert row.case.drafts.count() == 0


@pytest.mark.rule("R14")
def test_who_came_after_all_is_received_as_long_as_the_desk_knows_of_what(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.NOT_COME)
    first = now(handover).erase_at
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    assert now(handover).erase_at == first
    with pytest.raises(MoveRefused):
        releasing.tell_outcome(the_cell.planner, handover.number, Move.NOT_COME)


def test_after_the_erasure_no_outcome_is_corrected(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.NOT_COME)
    swept(the_cell, after(hours=73))
    with pytest.raises(MoveRefused):
        releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)


@pytest.mark.parametrize(
    ("how", "state"),
    [("released", HandoverState.LOST), ("approved", HandoverState.ABORTED), ("planned", HandoverState.ABORTED)],
)
def test_a_handover_that_everybody_forgot_ends_by_itself(
    the_cell: Cell, case: str, how: str, state: HandoverState
) -> None:
    handover = getattr(the_cell, how)(case)
    assert swept(the_cell, after(days=3)) == 0
    swept(the_cell, after(days=5))
    assert now(handover).handover_state is state
    swept(the_cell, after(days=5, hours=1))
    assert now(handover).plan is None


@pytest.mark.rule("R48")
def test_who_had_everything_erased_leaves_a_stopped_sheet(
    the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    handover = the_cell.released(case)
    line.erase(person)
    line.collect()
    shown = unit_acts.read(the_cell.unit, handover.number)
    assert shown.sheet is None
    assert shown.is_stopped
    with pytest.raises(Erased):
        acts.propose(the_cell.planner, handover.number, seen=acts.mark(handover))
    unit_acts.tell(the_cell.unit, handover.number, Move.ABORT)
    assert now(handover).handover_state is HandoverState.ABORTED


@pytest.mark.rule("R18")
def test_a_sheet_opens_for_its_readers_key_alone(the_cell: Cell, case: str) -> None:
    row = now(the_cell.released(case))
    assert row.case is not None
    assert row.sheet is not None
    whole = sealed.whole(the_cell.planner.keys, row.case, row.number, row.sheet, Sheet)
    assert [wrap.recipient for wrap in whole.wraps] == [the_cell.unit.private.public.key_id]


@pytest.mark.rule("T3")
def test_a_plan_opens_for_nobody_once_the_erasure_key_is_gone(
    the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    row = now(the_cell.planned(case))
    assert row.case is not None
    line.keys.erasure.destroy(person.conversation)
    with pytest.raises(Exception, match=case):
        acts.opened_plan(the_cell.planner, row, row.case)


def test_a_new_key_of_the_cell_opens_plans_and_units(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    new, old = PrivateKey.generate(), the_cell.planner.team
    way = Pass("handover", (old,), new.public, destroys_old=True)
    for one in rewrapping.REWRAPPERS:
        assert one.count("handover") >= 1
        assert one.step(way, 0, 100).is_end
    row = now(handover)
    assert row.case is not None
    assert row.plan is not None
    openers = {new.public.key_id: new}
    keys = the_cell.planner.keys
    assert sealed.open_kept(keys, row.case, row.number, row.plan, Plan, openers=openers).head_count == 2
    with pytest.raises(Exception, match="none of these keys"):
        acts.opened_plan(the_cell.planner, row, row.case)


def test_another_teams_new_key_changes_nothing_here(the_cell: Cell, case: str) -> None:
    before = now(the_cell.approved(case)).plan
    way = Pass("intake", (the_cell.planner.team,), PrivateKey.generate().public, destroys_old=True)
    for one in rewrapping.REWRAPPERS:
        assert one.count("intake") == 0
        one.step(way, 0, 100)
    assert Handover.objects.get().plan == before


@pytest.mark.rule("R16")
def test_a_row_that_was_put_into_anothers_place_opens_for_nobody(the_cell: Cell, case: str) -> None:
    first = now(the_cell.planned(case))
    releasing.tell_outcome(the_cell.planner, first.number, Move.ABORT)
    second = now(the_cell.planned(case))
    Handover.objects.filter(pk=second.pk).update(plan=now(first).plan)
    _row, _case, plan = acts.read(the_cell.planner, second.number)
    assert plan is None


def test_what_is_not_there_is_said_so(the_cell: Cell) -> None:
    with pytest.raises(NoSuchHandover):
        acts.read(the_cell.planner, "00000")
