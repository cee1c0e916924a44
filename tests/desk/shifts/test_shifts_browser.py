# SPDX-License-Identifier: AGPL-3.0-or-later
"""Claims, shifts and the load in a real browser: by keyboard, without scripts, on a wide and on a narrow screen."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Person, Window
from tests.desk.cases.test_browser import SCRIPTS, violations
from tests.desk.cases.test_claiming import speaks, waits
from tests.desk.conftest import House

from safeconduct.desk.cases import claiming, escalating
from safeconduct.desk.cases.models import Case
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Urgency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Enter = Callable[[Page], None]
SCREENS = pytest.mark.parametrize(
    "window",
    [
        {"bypass_csp": True, "viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        for width, scheme in ((1280, "light"), (320, "dark"))
    ],
    ids=["wide", "narrow"],
    indirect=True,
)


def door(live_server: Any, house: House, role: Role) -> Enter:
    said = house.person(role).said()

    def go(page: Page) -> None:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url("**/queue/")

    return go


@pytest.fixture
def operator_enters(live_server: Any, house: House, line: Line) -> Enter:
    return door(live_server, house, Role.OPERATOR)


@pytest.fixture
def supervisor_enters(live_server: Any, house: House, line: Line) -> Enter:
    return door(live_server, house, Role.SUPERVISOR)


def test_a_key_in_the_list_brings_the_next_case_and_it_is_mine(
    window: Window, operator_enters: Enter, line: Line, person: Person, house: House
) -> None:
    speaks(house.person(Role.OPERATOR).operator, "ru")

    def work(page: Page) -> str:
        operator_enters(page)
        page.keyboard.press("n")  # outside of the list a single letter does nothing
        assert page.url.endswith("/queue/")
        page.locator("#rows tbody a").focus()
        page.keyboard.press("n")
        page.wait_for_url("**/cases/*/")
        return page.inner_text("#holder")

    assert "You have this case" in window.do(work)


def test_an_open_page_says_that_a_colleague_took_the_case_over(
    window: Window, operator_enters: Enter, line: Line, person: Person, house: House
) -> None:
    def open_it(page: Page) -> None:
        operator_enters(page)
        page.click("#rows tbody a")
        page.fill("#reply", "пишу")

    window.do(open_it)
    claiming.take_over(house.person(Role.SUPERVISOR).operator, line.case(person).number)

    def wait(page: Page) -> tuple[str, str]:
        told = page.locator("#holder .notice").inner_text(timeout=15_000)
        return told, page.input_value("#reply")

    told, typed = window.do(wait)
    assert "supervisor one has taken this case over from you" in told
    assert typed == "пишу"


@SCRIPTS
def test_a_shift_is_handed_over_and_taken(
    window: Window, operator_enters: Enter, line: Line, person: Person, house: House
) -> None:
    claiming.claim(house.person(Role.OPERATOR).operator, line.case(person).number)
    taker = house.person(Role.SUPERVISOR).operator

    def work(page: Page) -> str:
        operator_enters(page)
        page.click("header >> text=Shifts")
        page.check(f"[name=takes][value='{taker.pk}']")
        page.fill("#said", "Усе тихо")
        page.click("text=Hand over >> nth=-1")
        page.wait_for_url("**/shifts/*/")
        return page.inner_text("main")

    said = window.do(work)
    assert "Усе тихо" in said
    assert line.case(person).number in said
    assert "has not said so yet" in said


def fill(house: House) -> None:
    """A busy evening: languages that nobody speaks, a case that a colleague has, a promise that is broken."""
    speaks(house.person(Role.OPERATOR).operator, "uk", "ru", capacity=3)
    speaks(house.person(Role.SUPERVISOR).operator, "uk")
    waits(101, "ru", minutes=1)
    waits(102, "uk", minutes=9)
    waits(103, "ko-KP", Urgency.SOON, minutes=200)
    waits(104, "ar", Urgency.LATER, minutes=4000)
    waits(105, "und", Urgency.NOW, minutes=3)
    claiming.claim(house.person(Role.SUPERVISOR).operator, "26-0102")
    claiming.claim(house.person(Role.OPERATOR).operator, "26-0105")
    escalating.watch(timezone.now())
    Case.objects.filter(number="26-0104").update(waiting_since=timezone.now() - timedelta(days=3))


@SCREENS
def test_axe_finds_nothing_and_nothing_runs_out_of_the_screen(
    window: Window, supervisor_enters: Enter, line: Line, house: House, pytestconfig: pytest.Config
) -> None:
    axe = pytestconfig.rootpath / "tests" / "edge" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    source = axe.read_text(encoding="utf-8")
    fill(house)
    taker = house.person(Role.OPERATOR).operator

    def look(page: Page, name: str) -> list[str]:
        picture(page, name)
        is_too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [f"{name}: {one}" for one in violations(page, source) + ["too wide"] * is_too_wide]

    def work(page: Page) -> list[str]:
        supervisor_enters(page)
        found = look(page, "queue")
        page.goto(page.url.replace("/queue/", "/queue/?mine=1"))
        found += look(page, "mine")
        base = page.url.split("/queue/")[0]
        page.goto(f"{base}/duty/")
        page.click("main button:text-is('Go on duty')")
        for name in ("duty", "load", "load/promises", "escalations", "shifts", "phone"):
            page.goto(f"{base}/{name}/")
            found += look(page, name.replace("/", "-"))
        page.goto(f"{base}/shifts/")
        page.check(f"[name=takes][value='{taker.pk}']")
        page.click("main form button")
        page.wait_for_url("**/shifts/*/")
        return found + look(page, "shift")

    assert "\n".join(window.do(work)) == ""


def picture(page: Page, name: str) -> None:
    """For people who want to look, where they say."""
    folder = os.environ.get("SAFECONDUCT_TEST_PICTURES")
    if folder:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
