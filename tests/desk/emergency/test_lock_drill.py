# SPDX-License-Identifier: AGPL-3.0-or-later
"""The drill of the lock does what the lock does, and takes it back before anybody notices (R51)."""

import pytest
from tests.desk.conftest import House

from safeconduct.desk.operators import sessions
from safeconduct.desk.operators.models import Drill, Lockdown
from safeconduct.desk.operators.roles import Role

pytestmark = pytest.mark.rule("R51")

LOCK = "/keys/emergency/lock/"


def test_after_a_drill_everybody_is_where_they_were(house: House) -> None:
    supervisor, operator = house.signed_in(Role.SUPERVISOR), house.signed_in(Role.OPERATOR)
    assert "2 open desks would have been locked" in supervisor.post(LOCK, {"drill": "yes"}).content.decode()
    assert not Lockdown.objects.exists()
    assert operator.get("/queue/").status_code == supervisor.get("/queue/").status_code == 200
    assert Drill.objects.get().what == "lock"


def test_a_lock_that_would_leave_somebody_inside_fails_its_drill(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor = house.signed_in(Role.SUPERVISOR)
    monkeypatch.setattr(sessions, "lock_all", lambda: 0)
    answer = supervisor.post(LOCK, {"drill": "yes"})
    assert answer.status_code == 400
    assert "The drill failed" in answer.content.decode()
    assert not Drill.objects.exists()
    assert not Lockdown.objects.exists()
