# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who comes before the window of their plan is received all the same; whoever says so is asked twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.desk.conftest import House
from tests.desk.handover.conftest import Cell, now

from safeconduct.desk.handover.models import Handover
from safeconduct.desk.operators.roles import Role

pytestmark = pytest.mark.rule("R14")


@pytest.fixture
def planning(house: House, the_cell: Cell) -> Client:
    return house.signed_in(Role.PLANNER)


@pytest.fixture
def receiving(house: House, the_cell: Cell) -> Client:
    return house.signed_in(Role.RECEIVING_UNIT)


def ahead(the_cell: Cell, case: str) -> Handover:
    """Released, and its window opens in an hour."""
    begins = datetime.now(UTC) + timedelta(hours=1)
    return the_cell.released(case, begins=begins, ends=begins + timedelta(hours=1))


@pytest.mark.parametrize("house_of", ["cell", "unit"])
def test_who_came_before_the_window_is_received_when_it_has_been_asked_twice(
    planning: Client, receiving: Client, the_cell: Cell, case: str, house_of: str
) -> None:
    handover = ahead(the_cell, case)
    browser, place = (planning, "handovers") if house_of == "cell" else (receiving, "sheets")
    address, told = f"/{place}/{handover.number}/outcome/", {"outcome": "receive"}
    first = browser.post(address, told).content.decode()
    assert 'name="early"' not in first
    second = browser.post(address, told | {"sure": "yes"}).content.decode()
    assert "The window has not opened yet" in second
    assert now(handover).state == "released"
    assert 'name="early" value="yes"' in second
    browser.post(address, told | {"sure": "yes", "early": "yes"})
    assert now(handover).state == "received"


def test_nobody_has_not_come_before_the_window(planning: Client, the_cell: Cell, case: str) -> None:
    handover = ahead(the_cell, case)
    told = {"outcome": "not-come", "sure": "yes", "early": "yes"}
    answer = planning.post(f"/handovers/{handover.number}/outcome/", told)
    assert (answer.status_code, now(handover).state) == (409, "released")
    assert 'name="early"' not in answer.content.decode()
    assert planning.post("/handovers/99999/outcome/", {"outcome": "receive"}).status_code == 404
