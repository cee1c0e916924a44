# SPDX-License-Identifier: AGPL-3.0-or-later
"""A window has passed and nobody has said what became of it: somebody is told, without a word about whom."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone
from tests.desk.handover.conftest import Cell, now

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.handover import overdue, releasing, unit_acts, wall
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.overdue import ALERT, WITHIN
from safeconduct.desk.handover.states import Move


def evening_after(handover: Handover) -> datetime:
    """The first moment at which an outcome is missing."""
    return datetime.combine(handover.day + timedelta(days=1), time(), UTC) + WITHIN


def standing() -> bool:
    return Alert.objects.filter(kind=ALERT, is_over=False).exists()


def test_a_window_that_passed_without_an_outcome_raises_one_alert_that_lasts(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    overdue.watch(evening_after(handover) - timedelta(seconds=1))
    assert not standing()
    for _time in range(2):
        overdue.watch(evening_after(handover))
    assert Alert.objects.get(kind=ALERT).count == 1
    assert handover.number not in str(Alert.objects.filter(kind=ALERT).values())


@pytest.mark.parametrize("by", ["cell", "unit"])
def test_it_is_over_as_soon_as_somebody_tells_the_outcome(
    the_cell: Cell, case: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handover = the_cell.released(case)
    moment = evening_after(handover)
    monkeypatch.setattr(wall, "now", lambda: moment)
    overdue.watch(moment)
    assert standing()
    if by == "cell":
        releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    else:
        unit_acts.tell(the_cell.unit, handover.number, Move.RECEIVE)
    assert not standing()


def test_of_two_that_are_missing_the_first_outcome_ends_nothing(
    the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handover = the_cell.released(case)
    other = now(handover)
    other.pk, other.number, other.case = None, "00001", None
    other.save()
    moment = evening_after(handover)
    monkeypatch.setattr(wall, "now", lambda: moment)
    overdue.watch(moment)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.NOT_COME)
    assert standing()


def test_a_second_one_that_is_missing_asks_again_whoever_took_the_alert_of_the_first(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    overdue.watch(evening_after(handover))
    Alert.objects.filter(kind=ALERT).update(acknowledged_at=timezone.now())
    overdue.watch(evening_after(handover))
    assert not Alert.objects.filter(kind=ALERT, acknowledged_at=None).exists()
    other = now(handover)
    other.pk, other.number, other.case, other.rang_for_outcome = None, "00001", None, False
    other.save()
    overdue.watch(evening_after(handover))
    assert Alert.objects.filter(kind=ALERT, acknowledged_at=None).exists()


def test_a_plan_that_nobody_released_raises_none(the_cell: Cell, case: str) -> None:
    overdue.watch(evening_after(the_cell.approved(case)))
    assert not standing()
