# SPDX-License-Identifier: AGPL-3.0-or-later
"""One soldier all the way: applied, offered, taken over by the cell, planned, approved, released, received. Through the real doors."""

import html
import re
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests.journey.conftest import Desks, Line
from tests.journey.person import Person
from tests.journey.traces import found, text_disguises

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.flaky(reruns=0),
]  # a second try would meet the first's unit

SOLDIER: dict[str, Any] = {
    "type": "individual",
    "stage": "front",
    "language": "uk",
    "safe_contact": None,
    "messages": ["хочу вийти живим"],
    "duress_word": "",
}
EARLY, PLACE = "я біля річки, другий дім від мосту", "старий млин, о пів на п'яту"
POINT, ZONE = "Млин 17, північний край", "Europe/Kyiv"
TOLD_TO_THE_EDGE = 2_000  # milliseconds: the collector looks twice a second for what the edge has to be told


@pytest.fixture(scope="module")
def soldier(line: Line) -> Person:
    return Person(line, "uk")


@pytest.fixture(scope="module")
def digits(soldier: Person) -> str:
    return soldier.apply(SOLDIER)


@pytest.fixture(scope="module")
def case(line: Line, desks: Desks, soldier: Person, digits: str) -> str:
    """The address of a case that the cell has taken over; a place had reached intake before, and was moved."""
    olena, petro = desks.of("olena"), desks.of("petro")
    case = open_the_case(olena, line)
    assert soldier.write(digits, EARLY).status_code == 200
    assert shows(olena, case, EARLY)
    olena.locator(".bubble", has_text=EARLY).get_by_role("button", name="Move to the cell").click()
    expect(olena.locator(".talk")).not_to_contain_text(EARLY)
    press(olena, "Offer to the handover cell")
    assert shows(petro, case, EARLY)
    press(petro, "Take this case over")
    petro.wait_for_timeout(TOLD_TO_THE_EDGE)
    return case


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
    """And be on the page that comes of it: the next link that is looked for is not one of the page before."""
    with desk.expect_navigation():
        desk.get_by_role("button", name=name).first.click()


def reads(soldier: Person, digits: str, text: str) -> bool:
    """Whether the answer comes to lie in the inbox within some seconds."""
    until = time.monotonic() + 15
    while text not in html.unescape(soldier.open(digits).text):
        if time.monotonic() > until:
            return False
        time.sleep(0.25)
    return True


@pytest.mark.rule("R16")
def test_from_the_taking_over_only_the_cell_reads_and_answers(
    line: Line, desks: Desks, soldier: Person, digits: str, case: str
) -> None:
    olena, petro = desks.of("olena"), desks.of("petro")
    assert soldier.write(digits, PLACE).status_code == 200
    assert shows(petro, case, PLACE)
    olena.goto(case)
    expect(olena.locator(".standing")).to_contain_text("With the cell")
    expect(olena.locator(".talk")).not_to_contain_text(PLACE)
    expect(olena.locator(".talk")).to_contain_text(SOLDIER["messages"][0])
    assert olena.locator("form[action*=reply]").count() == 0

    petro.fill("form[action*=reply] textarea", "ми почули, чекайте")
    petro.click("form[action*=reply] button[type=submit]")
    assert reads(soldier, digits, "ми почули, чекайте")
    files = {"the place": text_disguises(PLACE), "the early place": text_disguises(EARLY)}
    assert list(found([line.home], files)) == []


@pytest.mark.rule("R15", "R16", "R17", "R18")
def test_a_handover_is_planned_approved_released_and_received(
    line: Line, desks: Desks, soldier: Person, digits: str, case: str
) -> None:
    petro, iryna, unit = desks.of("petro"), desks.of("iryna"), desks.of("unit")
    petro.goto(case)  # nobody approves while a message is unopened (R5)
    add_the_unit(petro, line)
    handover = plan(petro, line)
    iryna.goto(handover)
    press(iryna, "Approve this plan")
    petro.goto(handover)
    words = petro.locator("section[aria-labelledby=codes-title] strong").all_inner_texts()
    petro.get_by_role("link", name="Tell the person").click()
    press(petro, "Send to the person")
    assert all(reads(soldier, digits, one) for one in words)
    petro.goto(handover)
    press(petro, "Release it to the unit")

    unit.goto(f"{line.desk}/sheets/")
    unit.locator("a[data-row]").first.click()
    sheet = unit.locator("main").inner_text()
    assert POINT in sheet
    assert all(one in sheet for one in words)
    assert not any(secret in sheet for secret in (digits, PLACE, case.rsplit("/", 2)[1]))
    press(unit, "Received")
    press(unit, "Yes: Received")
    expect(unit.get_by_role("alert")).to_contain_text("The window has not opened yet")
    press(unit, "Yes: Received")  # they came an hour before the time of the plan, and it is asked once more
    petro.goto(handover)
    expect(petro.locator(".title .badge")).to_have_text("received")
    assert list(found([line.home], {"the point": text_disguises(POINT)})) == []


def add_the_unit(petro: Page, line: Line) -> None:
    """A receiving unit that is always on duty, and its person, whom the planner has heard read their fingerprint."""
    petro.goto(f"{line.desk}/units/add/")
    petro.fill("[name=name]", "Яструб")
    petro.fill("[name=sectors]", "північ")
    petro.check("input[name=languages][value=uk]")
    petro.fill("[name=opens]", "00:00")
    petro.fill("[name=closes]", "00:00")
    press(petro, "Keep")
    petro.locator("main").get_by_role("link", name="People", exact=True).last.click()
    petro.check("input[name=heard]")
    press(petro, "Take into the unit")


def plan(petro: Page, line: Line) -> str:
    """Written down and proposed. Its address."""
    now = datetime.now(ZoneInfo(ZONE))
    petro.goto(f"{line.desk}/handovers/")
    petro.get_by_role("button", name=re.compile("Plan a handover for")).click()
    petro.get_by_role("radio", name="Яструб").check()  # beside the demonstration's own unit
    said = {
        "point": POINT,
        "begins": local(now + timedelta(hours=1)),
        "ends": local(now + timedelta(hours=3)),
        "head_count": "1",
        "wounded": "0",
        "signal": "біла тканина, руки вгору",
        "abort": "дві червоні ракети: назад",
        "fallback": "завтра о тій самій годині",
        "hold_fire_who": "Сокіл",
        "hold_fire_at": local(now - timedelta(minutes=10)),
    }
    for name, value in said.items():
        petro.fill(f"[name={name}]", value)
    press(petro, "Keep the plan")
    press(petro, "Propose it to an approver")
    return petro.url


def local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")
