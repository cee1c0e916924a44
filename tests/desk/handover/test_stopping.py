# SPDX-License-Identifier: AGPL-3.0-or-later
"""A unit may have a sheet on paper by which nobody may go: somebody is told until the cell has acted, without a word why."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.desk.cases.conftest import Line, Person
from tests.desk.handover.conftest import Cell, second_case

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.cases import standing
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import overdue, releasing
from safeconduct.desk.handover.states import Move
from safeconduct.desk.handover.stopping import ALERT

Stops = Callable[[], None]


def rings() -> bool:
    overdue.watch(datetime.now(UTC))
    return Alert.objects.filter(kind=ALERT, is_over=False).exists()


@pytest.fixture(params=["freeze", "review", "erasure"])
def stops(request: pytest.FixtureRequest, the_cell: Cell, case: str, line: Line, person: Person) -> Stops:
    def erase() -> None:
        line.erase(person)
        line.collect()

    does: dict[str, Stops] = {
        "freeze": lambda: standing.freeze(the_cell.planner, case, "a voice"),
        "review": lambda: standing.suspect_minor(the_cell.planner, case, "a young voice"),
        "erasure": erase,
    }
    return does[request.param]


@pytest.mark.rule("R5", "R13", "R48")
def test_whatever_stops_a_released_handover_rings_until_the_cell_has_called_it_off(
    the_cell: Cell, case: str, stops: Stops
) -> None:
    number = the_cell.released(case).number
    assert not rings()
    stops()
    assert rings()
    assert rings()
    assert number not in str(list(Alert.objects.values()))
    releasing.tell_outcome(the_cell.planner, number, Move.ABORT)
    assert not Alert.objects.filter(kind=ALERT, is_over=False).exists()


@pytest.mark.rule("R5")
def test_a_plan_that_no_unit_has_rings_for_nobody(the_cell: Cell, case: str, stops: Stops) -> None:
    the_cell.approved(case)
    stops()
    assert not rings()


@pytest.mark.rule("R5")
def test_a_second_one_that_is_stopped_asks_again_whoever_took_the_alert_of_the_first(
    the_cell: Cell, case: str, line: Line, hand: Hand
) -> None:
    other = second_case(the_cell, line, hand, "я один")
    the_cell.released(case)
    the_cell.released(other)
    standing.freeze(the_cell.planner, case, "a voice")
    assert is_asked_after_taking()
    assert not is_asked_after_taking()  # it lasts, and somebody has it
    standing.freeze(the_cell.planner, other, "a voice")
    assert is_asked_after_taking()


def is_asked_after_taking() -> bool:
    """Whether the alert asked anybody, who takes it then."""
    assert rings()
    open_ones = Alert.objects.filter(kind=ALERT, acknowledged_at=None)
    return bool(open_ones.update(acknowledged_at=datetime.now(UTC)))
