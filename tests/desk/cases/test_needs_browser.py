# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying who should answer a case, in a real browser, on a wide and on a narrow screen."""

from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Person, Window
from tests.desk.cases.test_browser import violations
from tests.desk.cases.test_claiming import speaks
from tests.desk.conftest import House

from safeconduct.desk.operators.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "window",
    [{"bypass_csp": True, "viewport": {"width": width, "height": 900}} for width in (1280, 320)],
    ids=["wide", "narrow"],
    indirect=True,
)
def test_who_should_answer_is_said_and_shown_and_axe_finds_nothing(  # noqa: PLR0917 - a window, a line and who is in it
    window: Window, live_server: Any, house: House, line: Line, person: Person, pytestconfig: pytest.Config
) -> None:
    axe = pytestconfig.rootpath / "tests" / "edge" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    source, number = axe.read_text(encoding="utf-8"), line.case(person).number
    someone = house.person(Role.SUPERVISOR)
    speaks(someone.operator, "ru")
    said, skills = someone.said(), f"/people/{someone.operator.pk}/skills/"

    def look(page: Page) -> list[str]:
        is_too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [f"{page.url}: {one}" for one in violations(page, source) + ["too wide"] * is_too_wide]

    def work(page: Page) -> list[str]:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url("**/queue/")
        page.goto(f"{live_server.url}/cases/{number}/")
        page.click("#need summary")
        page.check("text=Minors")
        page.check("text=Wounds and illness")
        found = look(page)
        page.click("text=Say it, and give the case back")
        page.wait_for_url("**/queue/")
        shown = [text.split() for text in page.locator("td.what .need").all_inner_texts()]
        assert shown == [["needs:", "Minors"], ["needs:", "Wounds", "and", "illness"]]
        found += look(page)
        for address in (skills, "/load/", "/duty/"):
            page.goto(live_server.url + address)
            found += look(page)
        return found

    assert window.do(work) == []
