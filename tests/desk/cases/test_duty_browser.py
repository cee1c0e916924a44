# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going on duty in a real browser: with scripts and without, on a wide and on a narrow screen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Window
from tests.desk.cases.test_browser import SCRIPTS, violations
from tests.desk.conftest import House

from safeconduct.desk.operators.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEAD = "header.head"


@pytest.fixture
def at_duty(live_server: Any, house: House, line: Line) -> Callable[[Page], None]:
    """Signed in, and sent to say what one speaks by pressing the button in the head."""
    said = house.person(Role.OPERATOR).said()

    def go(page: Page) -> None:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url("**/queue/")
        page.click(f"{HEAD} >> text=Go on duty")
        page.wait_for_url("**/duty/?first=1")

    return go


def say(page: Page) -> None:
    page.check("[value=uk]")
    page.fill("#phone", "sip:olena@phones.example.org")
    page.click("main button:text-is('Keep')")
    page.wait_for_url("**/duty/?kept=1")


@SCRIPTS
def test_an_operator_goes_on_duty_and_off_again(window: Window, at_duty: Callable[[Page], None]) -> None:
    def work(page: Page) -> list[str]:
        at_duty(page)
        say(page)
        page.click(f"{HEAD} >> text=Go on duty")
        on = page.inner_text(HEAD)
        page.click(f"{HEAD} >> text=Go off duty")
        return [on, page.inner_text(HEAD)]

    on, off = window.do(work)
    assert "on duty" in on
    assert "Go off duty" in on
    assert "Go on duty" in off


@pytest.mark.parametrize(
    "window",
    [
        {"bypass_csp": True, "viewport": {"width": width, "height": 800}, "color_scheme": scheme}
        for width, scheme in ((1280, "light"), (320, "dark"))
    ],
    indirect=True,
)
def test_axe_finds_nothing_and_nothing_runs_out_of_the_screen(
    window: Window, at_duty: Callable[[Page], None], pytestconfig: pytest.Config
) -> None:
    axe = pytestconfig.rootpath / "tests" / "edge" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    source = axe.read_text(encoding="utf-8")

    def look(page: Page) -> list[str]:
        is_too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return violations(page, source) + ["too wide"] * is_too_wide

    def work(page: Page) -> list[list[str]]:
        at_duty(page)
        found = [look(page)]
        say(page)
        page.click("main button:text-is('Go on duty')")
        page.click("summary")
        return [*found, look(page)]

    assert window.do(work) == [[], []]
