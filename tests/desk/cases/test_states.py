# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from safeconduct.desk.cases.errors import TransitionRefused
from safeconduct.desk.cases.states import TRANSITIONS, CaseState, Move, after, offered


@pytest.mark.rule("R14")
@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("move", Move)
def test_only_listed_transitions_happen(state: CaseState, move: Move) -> None:
    if (state, move) in TRANSITIONS:
        assert after(state, move) is TRANSITIONS[state, move]
        return
    with pytest.raises(TransitionRefused):
        after(state, move)


@pytest.mark.rule("R14")
def test_nobody_can_answer_close_or_settle_what_nobody_has_read() -> None:
    moves = {move for state, move in TRANSITIONS if state is CaseState.NEW}
    assert moves == {Move.READ, Move.WRITTEN}
    assert offered(CaseState.NEW) == ()


def test_who_has_said_nothing_is_new_with_the_first_word() -> None:
    assert after(CaseState.SILENT, Move.WRITTEN) is CaseState.NEW
    assert after(CaseState.SILENT, Move.READ) is CaseState.SILENT
    assert offered(CaseState.SILENT) == ()


@pytest.mark.parametrize("state", CaseState)
def test_a_person_can_always_write(state: CaseState) -> None:
    assert after(state, Move.WRITTEN) in {CaseState.NEW, CaseState.OPEN}
