# SPDX-License-Identifier: AGPL-3.0-or-later
"""A soldier applies, intake offers the case, the cell takes it over: from then on only the cell reads what the soldier writes."""

import html
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.journey.conftest import Desks, Line
from tests.journey.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOLDIER: dict[str, Any] = {
    "type": "individual",
    "stage": "front",
    "language": "uk",
    "safe_contact": None,
    "messages": ["хочу вийти живим"],
    "duress_word": "",
}
EARLY, PLACE = "я біля річки, другий дім від мосту", "старий млин, о пів на п'яту"


@pytest.fixture(scope="module")
def soldier(line: Line) -> Person:
    return Person(line, "uk")


@pytest.fixture(scope="module")
def digits(soldier: Person) -> str:
    return soldier.apply(SOLDIER)


def open_the_case(desk: Page, line: Line) -> str:
    """The one that waits."""
    link = desk.locator("a[data-row]").first
    for _ in range(60):
        desk.goto(f"{line.desk}/queue/")
        if link.count():
            break
        desk.wait_for_timeout(250)
    link.click()
    return desk.url.split("#")[0].split("?")[0]


def shows(desk: Page, case: str, text: str) -> bool:
    """Whether the text comes to stand on the page of this case within some seconds."""
    for _ in range(40):
        desk.goto(case)
        if text in desk.locator(".talk").inner_text():
            return True
        desk.wait_for_timeout(250)
    return False


def press(desk: Page, name: str) -> None:
    desk.get_by_role("button", name=name).first.click()
    desk.wait_for_load_state()


@pytest.mark.rule("R16")
def test_from_the_taking_over_only_the_cell_reads_and_answers(
    line: Line, desks: Desks, soldier: Person, digits: str
) -> None:
    olena, petro = desks.of("olena"), desks.of("petro")
    case = open_the_case(olena, line)
    assert soldier.write(digits, EARLY).status_code == 200
    assert shows(olena, case, EARLY)
    olena.locator(".bubble", has_text=EARLY).get_by_role("button", name="Move to the cell").click()
    expect(olena.locator(".talk")).not_to_contain_text(EARLY)
    press(olena, "Offer to the handover cell")
    assert shows(petro, case, EARLY)
    press(petro, "Take this case over")
    petro.wait_for_timeout(2_000)  # the collector looks twice a second for what the edge has to be told

    assert soldier.write(digits, PLACE).status_code == 200
    assert shows(petro, case, PLACE)
    olena.goto(case)
    expect(olena.locator(".standing")).to_contain_text("With the cell")
    expect(olena.locator(".talk")).not_to_contain_text(PLACE)
    expect(olena.locator(".talk")).to_contain_text(SOLDIER["messages"][0])
    assert olena.locator("form[action*=reply]").count() == 0

    petro.goto(case)
    petro.fill("form[action*=reply] textarea", "ми почули, чекайте")
    petro.click("form[action*=reply] button[type=submit]")
    petro.wait_for_timeout(2_000)
    assert "ми почули, чекайте" in html.unescape(soldier.open(digits).text)
