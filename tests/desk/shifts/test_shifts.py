# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing a shift over: who, what is open, what is to be known, and who said that they took it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_claiming import waits
from tests.desk.conftest import House

from safeconduct.desk.audit import access as record
from safeconduct.desk.audit import appender
from safeconduct.desk.cases import claiming, escalating
from safeconduct.desk.cases.models import Case
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.shifts import acts
from safeconduct.desk.shifts.acts import KEPT_DAYS, NOTE_MAX
from safeconduct.desk.shifts.models import ShiftHandover, ShiftItem, ShiftPerson

NOTE = "Двоє з Покровська пишуть о шостій"


def pk(house: House, role: Role) -> int:
    return house.person(role).operator.pk


def give(house: House, browser: Client, **changed: Any) -> Any:
    said = {"gives": [pk(house, Role.OPERATOR)], "takes": [pk(house, Role.SUPERVISOR)], "note": NOTE}
    return browser.post("/shifts/", said | changed)


@pytest.fixture
def supervisor(house: House) -> Client:
    return house.signed_in(Role.SUPERVISOR)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_the_leaving_have_and_what_is_overdue_stands_on_the_list(
    line: Line, house: House, operator: Client, supervisor: Client
) -> None:
    theirs, overdue, other = waits(1), waits(2, minutes=20), waits(3)
    claiming.claim(house.person(Role.OPERATOR).operator, theirs.number)
    claiming.claim(house.person(Role.SUPERVISOR).operator, other.number)
    escalating.watch(timezone.now())
    address = give(house, operator).headers["Location"]
    page = text(supervisor.get(address))
    assert NOTE in page
    assert (theirs.number in page, overdue.number in page, other.number in page) == (True, True, False)


def test_the_next_finds_it_and_says_by_name_that_they_took_it(
    line: Line, house: House, operator: Client, supervisor: Client
) -> None:
    address = give(house, operator).headers["Location"]
    assert "is handed over to you" in text(supervisor.get("/shifts/"))
    assert "not taken over yet" in text(operator.get("/shifts/"))
    assert operator.post(f"{address}acknowledge/").status_code == 404
    assert supervisor.post(f"{address}acknowledge/").status_code == 303
    supervisor.post(f"{address}acknowledge/")
    assert "taken over" in text(operator.get("/shifts/"))
    assert "is handed over to you" not in text(supervisor.get("/shifts/"))
    told = [one.told.act for one in record.page([house.keys["monitor"]]).lines if one.told]
    assert told.count("shifts.acknowledge") == 1
    assert "shifts.read" not in told
    supervisor.get(address)
    told = [one.told.act for one in record.page([house.keys["monitor"]]).lines if one.told]
    assert "shifts.read" in told


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("takes", {"takes": []}),
        ("takes", {"takes": ["x"]}),
        ("takes", {"takes": ["99999"]}),
        ("gives", {"gives": []}),
        ("note", {"note": "a" * (NOTE_MAX + 1)}),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_note_comes_back(
    line: Line, house: House, operator: Client, field: str, changed: dict[str, Any]
) -> None:
    answer = give(house, operator, **changed)
    assert answer.status_code == 400
    assert f'id="problem-{field}"' in text(answer)
    assert str(changed.get("note", NOTE))[:20] in text(answer)
    assert not ShiftHandover.objects.exists()


def test_the_same_form_posted_twice_is_one_handover_and_a_corrected_one_another(
    line: Line, house: House, operator: Client
) -> None:
    form = operator.get("/shifts/").context["said"].form
    first, again = (give(house, operator, form=form).headers["Location"] for _ in range(2))
    assert first == again
    assert (ShiftHandover.objects.count(), ShiftPerson.objects.count()) == (1, 2)
    assert give(house, operator, form=form, note="ні, о сьомій").headers["Location"] != first
    assert operator.get("/shifts/").context["said"].form != form


def test_a_refused_handover_is_recorded_and_its_form_stays_the_same(line: Line, house: House, operator: Client) -> None:
    answer = give(house, operator, takes=[], form="ab12")
    assert 'name="form" value="ab12"' in text(answer)
    appender.chain_once()
    told = [one.told.act for one in record.page([house.keys["monitor"]], before=None).lines if one.told]
    assert "shifts.refused" in told


def test_nobody_sits_on_both_sides_of_the_table(line: Line, house: House, operator: Client) -> None:
    assert give(house, operator, takes=[pk(house, Role.OPERATOR)]).status_code == 400


@pytest.mark.rule("T6")
def test_a_planner_takes_no_shift_of_intake(line: Line, house: House, operator: Client) -> None:
    assert give(house, operator, takes=[pk(house, Role.PLANNER)]).status_code == 400


@pytest.mark.rule("T3")
def test_the_note_and_its_hour_lie_sealed(line: Line, house: House, operator: Client) -> None:
    give(house, operator)
    row = ShiftHandover.objects.get()
    assert NOTE.encode() not in bytes(row.sealed)
    assert str(timezone.now().year).encode() not in bytes(row.sealed)


@pytest.mark.rule("R48")
def test_an_erased_case_leaves_the_list_of_the_shift(
    line: Line, person: Person, house: House, operator: Client
) -> None:
    claiming.claim(house.person(Role.OPERATOR).operator, line.case(person).number)
    give(house, operator)
    assert ShiftItem.objects.count() == 1
    line.erase(person)
    line.collect()
    assert not ShiftItem.objects.exists()
    assert ShiftHandover.objects.exists()


def test_a_week_later_nothing_of_it_is_left(line: Line, house: House, operator: Client) -> None:
    give(house, operator)
    day = ShiftHandover.objects.get().day
    assert acts.forget(day + timedelta(days=KEPT_DAYS)) == 0
    assert acts.forget(day + timedelta(days=KEPT_DAYS + 1)) == 1
    assert not ShiftPerson.objects.exists()


def test_a_note_that_does_not_open_says_so_and_hides_no_case(line: Line, house: House, operator: Client) -> None:
    case = waits(1)
    claiming.claim(house.person(Role.OPERATOR).operator, case.number)
    address = give(house, operator).headers["Location"]
    ShiftHandover.objects.update(sealed=b"altered")
    page = text(operator.get(address))
    assert "does not open" in page
    assert case.number in page


def test_a_case_that_was_answered_since_shows_so_on_the_list(line: Line, house: House, operator: Client) -> None:
    case = waits(1)
    claiming.claim(house.person(Role.OPERATOR).operator, case.number)
    address = give(house, operator).headers["Location"]
    claiming.release(house.person(Role.OPERATOR).operator, case.number)
    Case.objects.update(state="answered", waiting_since=None, urgency=None, channel="", language="", kind="")
    assert "Answered" in text(operator.get(address))
