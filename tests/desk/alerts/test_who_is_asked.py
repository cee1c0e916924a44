# SPDX-License-Identifier: AGPL-3.0-or-later
"""An alert asks people who can mend what it tells of."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.desk.cases.conftest import chromium, line
from tests.desk.cases.test_claiming import speaks, waits
from tests.desk.conftest import House

from safeconduct.desk.alerts import access, roster
from safeconduct.desk.alerts.audited import KINDS, LATE
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.cases import escalating
from safeconduct.desk.cases.models import Case, Escalation
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.handover.overdue import ALERT as OVERDUE
from safeconduct.desk.handover.stopping import ALERT as STOPPED
from safeconduct.desk.handover.stopping import CALLED_OFF
from safeconduct.desk.operators.roles import Role

__all__ = ["chromium", "line"]
CELL = ["approver one", "planner one"]


@pytest.fixture
def on_duty(house: House) -> Client:
    """One operator is on duty."""
    browser = house.signed_in(Role.OPERATOR)
    speaks(house.person(Role.OPERATOR).operator, "uk")
    assert browser.post("/duty/begin/").status_code == 302
    return browser


def asked(kind: str, step: int = 0) -> list[str]:
    raise_alert(kind)
    Alert.objects.update(step=step)
    return sorted(one.name for one in roster.asked(Alert.objects.get(kind=kind), roster.USUAL))


def test_the_cell_is_asked_for_its_outcomes_whoever_of_intake_is_on_duty(house: House, on_duty: Client) -> None:
    house.signed_in(Role.APPROVER)
    assert asked(OVERDUE) == CELL
    assert asked(OVERDUE, step=1) == [*CELL, "supervisor one"]


def test_when_nobody_of_the_cell_is_at_a_desk_the_supervisor_is_asked_too(house: House, on_duty: Client) -> None:
    assert asked(OVERDUE) == [*CELL, "supervisor one"]


def test_intake_is_asked_for_its_promises_as_far_as_it_is_on_duty(house: House, on_duty: Client) -> None:
    assert asked(escalating.ALERT) == ["operator one"]


def test_when_nobody_of_intake_is_on_duty_all_of_it_is_asked(house: House) -> None:
    assert asked(escalating.ALERT) == ["operator one", "supervisor one"]


def test_what_only_the_administrator_sees_asks_the_administrator_first(house: House, on_duty: Client) -> None:
    house.signed_in(Role.ADMINISTRATOR)
    for kind in KINDS:
        assert asked(kind.code) == ["administrator one"]


def test_a_roster_without_a_step_for_whom_is_on_duty_asks_who_can_mend_it_all_the_same(house: House) -> None:
    house.signed_in(Role.ADMINISTRATOR)
    raise_alert(LATE)
    order = ("editor one", roster.SUPERVISORS)
    assert [one.name for one in roster.asked(Alert.objects.get(), order)] == ["administrator one", "editor one"]
    assert roster.escalate(timezone.now() + timedelta(minutes=11), order, timedelta(minutes=10)) == 1


@pytest.fixture
def overdue(line: object) -> Case:
    """Somebody whom the cell answers has waited for too long."""
    case = waits(1, minutes=10)
    Case.objects.update(with_cell=Whose.CELL.value)
    escalating.watch(timezone.now())
    return case


def test_a_case_of_the_cell_rings_at_the_cell_and_a_planner_sees_to_it(house: House, overdue: Case) -> None:
    assert [row.kind for row in Alert.objects.all()] == [escalating.CELL_ALERT]
    planner = house.signed_in(Role.PLANNER)
    assert "Look there" in planner.get("/alerts/").content.decode()
    assert overdue.number in planner.get("/escalations/").content.decode()
    planner.post(f"/escalations/{Escalation.objects.get().pk}/acknowledge/")
    assert Escalation.objects.get().acknowledged_by == house.person(Role.PLANNER).operator


def test_a_flood_at_intake_does_not_keep_a_case_of_the_cell_from_ringing(house: House, line: object) -> None:
    late = waits(1, minutes=20)
    Case.objects.update(with_cell=Whose.CELL.value)
    for number in range(escalating.MOST + 5):
        waits(number + 2, minutes=60)
    escalating.watch(timezone.now())
    assert Escalation.objects.filter(case=late).exists()
    assert {row.kind for row in Alert.objects.all()} == {escalating.ALERT, escalating.CELL_ALERT}
    assert Escalation.objects.count() == escalating.MOST + 1


def test_an_operator_of_intake_sees_that_the_cell_answers_and_cannot_silence_it(house: House, overdue: Case) -> None:
    operator = house.signed_in(Role.OPERATOR)
    page = operator.get("/escalations/").content.decode()
    assert "The handover cell answers this person" in page
    assert "I see to it" not in page
    operator.post(f"/escalations/{Escalation.objects.get().pk}/acknowledge/")
    assert Escalation.objects.get().acknowledged_by is None


def test_the_cell_sees_no_promise_of_intake(house: House, line: object) -> None:
    case = waits(1, minutes=10)
    escalating.watch(timezone.now())
    assert case.number not in house.signed_in(Role.PLANNER).get("/escalations/").content.decode()


def takes(house: House, role: Role, kind: str) -> bool:
    """Whether this role's page has the button, and pressing it does what it says."""
    browser = house.signed_in(role)
    page = browser.get("/alerts/").content.decode()
    name = next(one.name for one in access.standing(house.person(role).operator, roster.USUAL) if one.row.kind == kind)
    browser.post(f"/alerts/{name}/take/")
    is_taken = not Alert.objects.filter(kind=kind, acknowledged_by=None).exists()
    assert is_taken is ("I take it" in page)
    return is_taken


@pytest.mark.parametrize("kind", [CALLED_OFF, STOPPED])
@pytest.mark.parametrize(
    ("role", "can"),
    [
        (Role.OPERATOR, False),
        (Role.ADMINISTRATOR, False),
        (Role.MONITOR, False),
        (Role.SUPERVISOR, True),
        (Role.APPROVER, True),
    ],
)
def test_nobody_silences_what_only_others_can_mend(house: House, kind: str, role: Role, *, can: bool) -> None:
    raise_alert(kind)
    assert takes(house, role, kind) is can


def test_who_was_asked_because_nobody_else_answered_takes_it(house: House) -> None:
    raise_alert(STOPPED)
    Alert.objects.update(step=2)
    assert takes(house, Role.ADMINISTRATOR, STOPPED)
