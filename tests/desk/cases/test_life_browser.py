# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case's life in a real browser: marks, units, folds and paper, without scripts and on a narrow screen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Window
from tests.desk.cases.test_browser import violations
from tests.desk.conftest import House

from safeconduct.desk.cases import acts, standing, units
from safeconduct.desk.cases.models import Case, Merge, today
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.casework import UnitArrival
from safeconduct.vocabulary.records import PersonText

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path("tests/edge/axe/node_modules/axe-core/axe.min.js")
WITHOUT_SCRIPTS = {"java_script_enabled": False}
NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def go(live_server: Any, house: House, line: Line) -> Callable[[Page, str], None]:
    """To a page of the desk, as a supervisor; through the door if need be."""
    said = house.person(Role.SUPERVISOR).said()

    def walk(page: Page, path: str) -> None:
        page.goto(f"{live_server.url}{path}")
        if "/sign-in/" in page.url:
            for name, value in said.items():
                page.fill(f"[name={name}]", value)
            page.click("main button")
            page.wait_for_url(f"**{path}")

    return walk


@pytest.fixture
def number(line: Line, hand: Hand) -> str:
    """A unit of seven that writes in several scripts and has told of duress; one member; part of it arrived."""
    unit = line.apply(line.new_person(), "نحن سبعة، نريد أن نعيش.\nhelp", type=ApplicationType.UNIT, head_count=7)
    member = line.apply(line.new_person(), "أنا واحد منهم")
    line.collect()
    name, other = str(line.case(unit).number), str(line.case(member).number)
    for one in (name, other):
        acts.read(hand, one)
    units.add(hand, name, line.writing(other), other)
    units.arrive(hand, name, line.writing("4"), UnitArrival(received=4, not_come=2))
    line.put(unit, *(line.seal(unit, PersonText(f"나는 살고싶다 {n}"), Kind.MESSAGE) for n in range(40)))
    line.write(unit, "أريد أن أعيش، ساعدونا", duress=True)
    line.collect()
    standing.suspect_minor(hand, other, "говорит о школе")
    return name


@pytest.mark.rule("R5")
@pytest.mark.parametrize("window", [WITHOUT_SCRIPTS], ids=["no scripts"], indirect=True)
def test_a_supervisor_reads_everything_and_lifts_the_freezing(
    window: Window, go: Callable[[Page, str], None], number: str
) -> None:
    def work(page: Page) -> list[str]:
        go(page, f"/cases/{number}/")
        told = [page.inner_text(".duress h2")]
        page.click("text=Read the first of them")
        page.click("text=To the newest messages")
        page.click("text=Duress, or a minor")
        page.fill("#reason-lift", "Спитали іншою дорогою.")
        page.click("text=Lift the freezing")
        page.wait_for_url(f"**/cases/{number}/")
        return [*told, page.inner_text(".talk .reason")]

    assert window.do(work) == ["Duress: the agreed word stood in a message", "Спитали іншою дорогою."]


@pytest.mark.parametrize("window", [WITHOUT_SCRIPTS], ids=["no scripts"], indirect=True)
def test_part_of_a_unit_arrives_by_keyboard_alone(window: Window, go: Callable[[Page, str], None], number: str) -> None:
    def work(page: Page) -> str:
        go(page, f"/cases/{number}/unit/")
        page.locator("summary", has_text="After an attempt").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("3")
        with page.expect_navigation():  # to the same address: waiting for that would be over at once
            page.keyboard.press("Enter")
        return page.inner_text(".counts")

    assert window.do(work).split() == ["People", "7", "Arrived", "7", "Not", "here", "yet", "0"]


@pytest.mark.rule("T7")
@pytest.mark.parametrize("window", [WITHOUT_SCRIPTS], ids=["no scripts"], indirect=True)
def test_a_flood_is_ticked_and_put_away_and_taken_out_again(
    window: Window, go: Callable[[Page, str], None], line: Line
) -> None:
    flood = [line.apply_new("СПАМ") for _ in range(4)]
    line.collect()
    head, first, *_ = [line.case(one).number for one in flood]

    def work(page: Page) -> list[int]:
        go(page, "/queue/fold/")
        page.click("thead a")
        page.fill("#head", head)
        page.click("text=Put the ticked ones away")
        page.wait_for_url("**folded=3**")
        left = [page.locator(".fold tbody tr").count()]
        page.click(f".folds >> text={head}")
        with page.expect_navigation(url="**/under/"):
            page.click(f"li:has-text('{first}') >> text=Back into the queue")
        return [*left, page.locator(".folds li").count()]

    assert window.do(work) == [1, 2]


@pytest.mark.parametrize("window", [NARROW], ids=["narrow"], indirect=True)
def test_every_page_of_a_case_fits_a_narrow_screen_and_hinders_nobody(
    window: Window, go: Callable[[Page, str], None], line: Line, number: str
) -> None:
    axe = AXE.read_text()
    paths = [f"/cases/{number}/{one}" for one in ("", "marks/", "unit/", "under/", "print/")]
    paths += [f"/queue/{one}" for one in ("", "fold/", "filters/", "unread/")]

    def work(page: Page) -> list[str]:
        found = []
        for path in paths:
            go(page, path)
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                found.append(f"{path} is too wide")
            found += [f"{path}: {one}" for one in violations(page, axe)]
        return found

    assert window.do(work) == []


@pytest.mark.rule("R50")
@pytest.mark.parametrize("window", [NARROW], ids=["narrow"], indirect=True)
def test_two_conversations_of_one_person_fit_a_narrow_screen_and_hinder_nobody(
    window: Window, go: Callable[[Page, str], None], number: str
) -> None:
    first, second = Case.objects.order_by("pk")
    Merge.objects.create(leading=first, other=second, day=today())
    axe = AXE.read_text(encoding="utf-8")

    def look(page: Page) -> list[str]:
        go(page, f"/cases/{number}/")
        page.click("text=Read them together")
        page.wait_for_url("**/together/#end")
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return violations(page, axe) + ["too wide"] * wide

    assert window.do(look) == []


def test_what_runs_to_the_left_stands_at_the_right(
    window: Window, go: Callable[[Page, str], None], number: str
) -> None:
    def work(page: Page) -> list[Any]:
        go(page, f"/cases/{number}/")
        said = page.locator(".bubble.alarm .said")
        return [
            said.get_attribute("lang"),
            said.evaluate("one => getComputedStyle(one).textAlign"),
            said.evaluate("one => getComputedStyle(one).direction"),
            page.locator(".bubble.theirs .said").first.get_attribute("lang"),
        ]

    assert window.do(work) == ["ar", "right", "rtl", "ko-KP"]


def test_on_paper_stand_the_words_and_not_the_desk(
    window: Window, go: Callable[[Page, str], None], number: str
) -> None:
    def work(page: Page) -> tuple[bool, bool, str]:
        go(page, f"/cases/{number}/print/")
        page.emulate_media(media="print")
        return page.is_visible(".head"), page.is_visible(".paper"), page.inner_text(".paper li:last-child .said")

    assert window.do(work) == (False, True, "أريد أن أعيش، ساعدونا")
