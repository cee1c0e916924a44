# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages on which a person is entered, searched and compared."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Person, Window
from tests.desk.conftest import House

from safeconduct.desk.cases import case_page
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import ApplicationType

NARROW = pytest.mark.parametrize(
    "window", [{"java_script_enabled": False, "viewport": {"width": 320, "height": 700}}], ids=["narrow"], indirect=True
)


def typed(seen: int = 0, **fields: str) -> dict[str, str]:
    """The form as a browser posts it: one claim filled in."""
    said = {"seen": str(seen), "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    return said | {f"form-0-{name}": value for name, value in fields.items()}


@pytest.fixture
def number(line: Line, person: Person) -> str:
    return line.case(person).number


@pytest.mark.django_db
def test_what_was_entered_stands_in_the_form_again_with_what_was_made_of_it(operator: Client, number: str) -> None:
    said = typed(
        name="리철수", spellings="Ri Chol Su\nЛи Чер Су", birth="주체79", unit="в/ч 12345", service_number="none"
    )
    answer = operator.post(f"/cases/{number}/person/", said)
    assert answer.headers["Location"] == f"/cases/{number}/duplicates/"
    page = operator.get(f"/cases/{number}/person/").content.decode()
    for shown in ("리철수", "Ri Chol Su\nЛи Чер Су", "주체79", "between 1 January 1990 and 31 December 1990", "12345"):
        assert shown in page
    assert "Not read as a service number" in page


@pytest.mark.django_db
def test_a_form_that_is_refused_keeps_what_was_typed(operator: Client, number: str) -> None:
    answer = operator.post(f"/cases/{number}/person/", typed(name="Іван", spellings="\n".join("абвгдежзиклмно")))
    assert answer.status_code == 400
    assert "At most 12 spellings" in answer.content.decode()
    assert 'value="Іван"' in answer.content.decode()
    assert operator.post(f"/cases/{number}/person/", {"seen": "0"}).status_code == 400


@pytest.mark.django_db
def test_what_a_colleague_entered_meanwhile_is_shown_beside_ones_own(
    operator: Client, colleague: Client, number: str
) -> None:
    colleague.post(f"/cases/{number}/person/", typed(name="Петро"))
    answer = operator.post(f"/cases/{number}/person/", typed(name="Іван"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="Іван"' in page
    assert "Петро" in page[page.index("What your colleague entered") :]


@pytest.mark.django_db
@pytest.mark.rule("R6")
def test_a_relatives_case_says_why_nothing_is_entered(operator: Client, line: Line) -> None:
    relative = line.apply(Person(), type=ApplicationType.RELATIVE)
    line.collect()
    address = f"/cases/{line.case(relative).number}/person/"
    assert "the soldier confirms in person" in operator.get(address).content.decode()
    answer = operator.post(address, typed(name="Іван"))
    assert answer.status_code == 409
    assert "the soldier confirms in person" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.rule("T6")
def test_a_search_tells_what_it_needs_and_finds_by_number_of_the_case(operator: Client, number: str) -> None:
    assert operator.post("/search/", {"number": number.replace("-", " ")}).headers["Location"] == f"/cases/{number}/"
    assert operator.post("/search/", {"number": "99-9999"}).status_code == 404
    too_little = operator.post("/search/", {"unit": "А1234"})
    assert too_little.status_code == 400
    assert "Give a name or a service number" in too_little.content.decode()
    assert "Nobody like that" in operator.post("/search/", {"name": "Іван Петренко"}).content.decode()


@pytest.mark.django_db
def test_who_does_not_hold_the_index_key_is_told_so_and_can_open_cases_all_the_same(
    operator: Client, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_asked: object) -> bytes:
        raise NotAdmitted("the index key is under a version that the operator does not hold")

    monkeypatch.setattr(case_page, "index_key", refused)
    answer = operator.post("/search/", {"name": "Іван Петренко"})
    assert answer.status_code == 409
    assert "You do not hold the key of the search index" in answer.content.decode()
    assert operator.post(f"/cases/{number}/person/", typed(name="Іван Петренко")).status_code == 302
    assert operator.get(f"/cases/{number}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.rule("R16", "T6")
def test_a_planner_finds_nothing_of_intakes_cases(house: House, operator: Client, number: str) -> None:
    operator.post(f"/cases/{number}/person/", typed(name="Іван Петренко"))
    planner = house.signed_in(Role.PLANNER)
    assert "Nobody like that" in planner.post("/search/", {"name": "Іван Петренко"}).content.decode()
    assert planner.get(f"/cases/{number}/person/").status_code == 404


@pytest.fixture
def signed_in(live_server: Any, house: House, line: Line) -> Callable[[Page], None]:
    said = house.person(Role.OPERATOR).said()

    def go(page: Page) -> None:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url("**/queue/")

    return go


def enter_in(page: Page, number: str, **fields: str) -> None:
    page.goto(page.url.split("/queue")[0].split("/cases")[0] + f"/cases/{number}/person/")
    for name, value in fields.items():
        page.fill(f"[name=form-0-{name}]", value)
    page.click("text=Keep, and look for the same person")
    page.wait_for_url("**/duplicates/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("R50")
def test_an_operator_enters_a_person_and_is_shown_the_case_that_may_be_theirs(
    window: Window, signed_in: Callable[[Page], None], line: Line, person: Person
) -> None:
    again = line.apply_new("это снова я")
    line.collect()
    first, second = line.case(person).number, line.case(again).number

    def work(page: Page) -> str:
        signed_in(page)
        enter_in(page, first, name="Олександр Шевченко", birth="12.03.1990", service_number="АБ-123456")
        enter_in(page, second, name="Aleksandr Shevchenko", birth="1990")
        page.click("text=Compare and merge")
        page.click("text=Propose to bring them together")
        page.goto(page.url.split("/merge")[0] + "/")
        page.keyboard.press("g")
        page.keyboard.press("f")
        page.wait_for_url("**/search/")
        page.keyboard.type("Shevchenko Oleksandr")
        page.keyboard.press("Enter")
        page.wait_for_selector(".found")
        assert "hevchenko" not in page.url
        return page.inner_text("main")

    told = window.do(work)
    assert f"Case {first}" in told
    assert f"Case {second}" in told


@NARROW
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_search_works_on_a_narrow_screen_without_scripts(
    window: Window, signed_in: Callable[[Page], None], line: Line, person: Person
) -> None:
    number = line.case(person).number

    def work(page: Page) -> bool:
        signed_in(page)
        enter_in(page, number, name="Олександр Шевченко", service_number="АБ-123456")
        page.goto(page.url.split("/cases")[0] + "/search/")
        page.fill("[name=service_number]", "аб 123 456")
        page.click("main button")
        assert number in page.inner_text(".found")
        return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    assert window.do(work)
