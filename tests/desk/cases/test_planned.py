# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of a case that is with the cell leads to where it is planned, or to the handover that is under way."""

from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.handover.models import Handover
from safeconduct.desk.operators.roles import Role


def test_planning_begins_on_the_page_of_the_case_and_is_offered_once(line: Line, person: Person, house: House) -> None:
    number = line.case(person).number
    operator = house.signed_in(Role.OPERATOR)
    operator.get(f"/cases/{number}/")
    operator.post(f"/cases/{number}/cell/offer/")
    planner = house.signed_in(Role.PLANNER)
    planner.get(f"/cases/{number}/")
    planner.post(f"/cases/{number}/cell/accept/")
    assert "Plan the handover" in planner.get(f"/cases/{number}/").content.decode()
    started = planner.post("/handovers/start/", {"case": number})
    plan = Handover.objects.get().number
    assert started.headers["Location"] == f"/handovers/{plan}/plan/"
    page = planner.get(f"/cases/{number}/").content.decode()
    assert "Plan the handover" not in page
    assert f'href="/handovers/{plan}/"' in page
