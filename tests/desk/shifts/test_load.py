# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a supervisor sees of the line, what is promised, and who sees to what is not kept."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.desk.cases.conftest import Line
from tests.desk.cases.test_claiming import speaks, waits
from tests.desk.conftest import House

from safeconduct.desk.cases import claiming, escalating, promises
from safeconduct.desk.cases.models import Escalation, PromiseTally, today
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.shifts import load
from safeconduct.vocabulary.applications import Urgency

FORM = {"zone": "Europe/Kyiv", "front": "5", "others": "30"}
NIGHT = {"days-0": ["5", "6"], "start-0": "22:00", "end-0": "06:00", "front-0": "15", "others-0": "240"}


@pytest.fixture
def supervisor(house: House) -> Client:
    return house.signed_in(Role.SUPERVISOR)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_shows_who_is_on_duty_with_what_and_which_language_is_alone(
    line: Line, house: House, operator: Client, supervisor: Client
) -> None:
    olena = house.person(Role.OPERATOR).operator
    speaks(olena, "uk", capacity=1)
    operator.post("/duty/begin/")
    claiming.claim(olena, waits(1, "uk").number)
    waits(2, "ko-KP", minutes=90)
    seen = load.now(timezone.now())
    assert [(one.name, one.has, one.most, one.is_full) for one in seen.people] == [(olena.name, 1, 1, True)]
    assert [(one.waiting, one.is_alone) for one in seen.languages] == [(1, True), (1, False)]
    page = text(supervisor.get("/load/"))
    assert "1 of 1" in page
    assert "1 h" in page


def test_it_shows_what_is_needed_and_nobody_on_duty_is_trained_for(
    line: Line, house: House, operator: Client, supervisor: Client
) -> None:
    olena, person = house.person(Role.OPERATOR).operator, line.apply_new("дитина", language="uk")
    line.collect()
    number = line.case(person).number
    operator.get(f"/cases/{number}/")
    operator.post(f"/cases/{number}/need/", {"skills": ["minors", "legal"], "do": "back"})
    speaks(olena, "uk")
    operator.post("/duty/begin/")
    for skills, is_shown in ((["minors"], True), (["minors", "legal"], False), ([], True)):
        supervisor.post(f"/people/{olena.pk}/skills/", {"skills": skills})
        page = text(supervisor.get("/load/"))
        assert ("nobody on duty is trained for it" in page) is is_shown
        assert ('<th scope="row">Minors, Questions of law</th>' in page) is is_shown
    speaks(olena, "ar")
    supervisor.post(f"/people/{olena.pk}/skills/", {"skills": ["minors", "legal"]})
    assert "nobody on duty is trained for it" in text(supervisor.get("/load/"))


def test_with_nobody_on_duty_it_says_so(line: Line, supervisor: Client) -> None:
    assert "Nobody is on duty" in text(supervisor.get("/load/"))


def test_promises_are_counted_by_day_and_never_rounded_up(line: Line, supervisor: Client) -> None:
    PromiseTally.objects.create(day=today(), urgency=3, kept=999, broken=1)
    assert "99% (999 kept, 1 late)" in text(supervisor.get("/load/"))


def test_who_waits_overdue_counts_as_late_before_anybody_answers(line: Line) -> None:
    PromiseTally.objects.create(day=today(), urgency=Urgency.NOW.value, kept=3, broken=0)
    waits(1, minutes=1)
    waits(2, minutes=20)
    seen = load.now(timezone.now())
    assert (seen.today.front.kept, seen.today.front.broken, seen.week.front.percent) == (3, 1, 75)
    assert seen.today.others.percent is None


def test_somebody_says_by_name_that_they_see_to_it(line: Line, house: House, operator: Client) -> None:
    case = waits(1, minutes=30)
    escalating.watch(timezone.now())
    assert case.number in text(operator.get("/escalations/"))
    assert operator.post(f"/escalations/{Escalation.objects.get().pk}/acknowledge/").status_code == 303
    assert Escalation.objects.get().acknowledged_by == house.person(Role.OPERATOR).operator
    assert "I see to it" not in text(operator.get("/escalations/"))


def test_what_was_answered_meanwhile_is_no_longer_there(line: Line, operator: Client) -> None:
    answer = operator.post("/escalations/4711/acknowledge/", follow=True)
    assert "Every promise is kept" in text(answer)


def test_a_supervisor_changes_what_is_promised_at_night(line: Line, supervisor: Client) -> None:
    assert supervisor.post("/load/promises/", FORM | NIGHT).status_code == 303
    calendar = promises.current()
    assert (calendar.zone, calendar.periods[0].days, calendar.periods[0].promise.others) == ("Europe/Kyiv", (5, 6), 240)
    page = text(supervisor.get("/load/promises/"))
    assert 'value="22:00"' in page
    assert supervisor.post("/load/promises/", FORM).status_code == 303
    assert promises.current().periods == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"zone": "Mars/Olympus"}, "Choose a time zone"),
        ({"front": "0"}, "Usually"),
        ({"others": "x"}, "whole number"),
        ({"others": "٣"}, "whole number"),
        ({"start-0": "25:00"}, "Row 1"),
        ({"days-0": []}, "Row 1"),
        ({"days-0": ["9"]}, "Row 1"),
        ({"front-0": ""}, "Row 1"),
    ],
)
def test_what_cannot_be_promised_is_refused_and_the_form_comes_back(
    line: Line, supervisor: Client, changed: dict[str, Any], said: str
) -> None:
    answer = supervisor.post("/load/promises/", FORM | NIGHT | changed)
    assert answer.status_code == 400
    assert said in text(answer)
    assert 'value="06:00"' in text(answer)
    assert promises.current().periods == ()
