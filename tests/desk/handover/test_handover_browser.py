# SPDX-License-Identifier: AGPL-3.0-or-later
"""A handover as its people see it: in Chromium, without scripts too, at 320 pixels, and on one sheet of A5."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases.conftest import Window
from tests.desk.conftest import House
from tests.desk.handover.conftest import POINT, Cell, arrives

from safeconduct.desk.handover import hours, wall
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import FALLBACK_MAX, POINT_MAX, SIGNAL_MAX
from safeconduct.desk.operators.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = pytest.mark.parametrize("window", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
NO_SCRIPTS = pytest.mark.parametrize("window", [{"java_script_enabled": False}], indirect=True)
A5_POINTS = (419.5, 595.3)  # width and height
Door = Callable[[Role], Callable[[Page], None]]


@pytest.fixture
def enter(live_server: Any, house: House, the_cell: Cell) -> Door:
    """The way in for somebody of this role."""

    def way(role: Role) -> Callable[[Page], None]:
        said = house.person(role).said()  # asked here: a window's thread has no database

        def go(page: Page) -> None:
            page.context.clear_cookies()
            page.goto(f"{live_server.url}/sign-in/")
            for name, value in said.items():
                page.fill(f"[name={name}]", value)
            page.click("main button")
            page.wait_for_url(lambda url: "sign-in" not in url)
            page.goto(f"{live_server.url}/{'sheets' if role is Role.RECEIVING_UNIT else 'handovers'}/")

        return go

    return way


def longest(kind: int) -> str:
    """As long as the form allows, in words of eight letters."""
    return " ".join(["Звезда12"[:8]] * 40)[:kind].strip()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@NO_SCRIPTS
def test_a_plan_is_written_proposed_approved_and_released_without_scripts(
    window: Window, enter: Door, the_cell: Cell, case: str, live_server: Any
) -> None:
    plans, approves = enter(Role.PLANNER), enter(Role.APPROVER)

    def plan(page: Page) -> None:
        plans(page)
        page.click(f"text=Plan a handover for {case}")
        page.select_option("#ask-sector", "River")
        page.click("text=Show units")
        page.check("input[name=unit]")
        begins = hours.local_text(the_cell.plan().begins, "Europe/Kyiv")
        ends = hours.local_text(the_cell.plan().ends, "Europe/Kyiv")
        said = {"point": POINT, "begins": begins, "ends": ends, "head_count": "2", "wounded": "0"}
        said |= {"signal": "White cloth", "abort": "Red flare", "fallback": "Tomorrow", "hold_fire_who": "Kestrel"}
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.fill("[name=hold_fire_at]", hours.local_text(wall.now(), "Europe/Kyiv"))
        page.click("text=Keep the plan")
        page.click("text=Propose it to an approver")

    def approve(page: Page) -> None:
        approves(page)
        page.click("th a")
        page.click("text=Approve this plan")

    def tell(page: Page) -> str:
        releases(page)
        page.click("th a")
        page.get_by_role("link", name="Tell the person").click()
        page.click("main form button[type=submit]")
        return page.inner_text("main")

    def release(page: Page) -> str:
        page.reload()
        page.click("text=Release it to the unit")
        return page.inner_text("main")

    window.do(plan)
    window.do(approve)
    releases = enter(Role.PLANNER)  # a code is taken once
    assert "on its way" in window.do(tell)
    arrives()
    assert "has not opened it yet" in window.do(release)
    assert Handover.objects.get().handover_state.value == "released"


@NO_SCRIPTS
def test_enter_keeps_the_plan_and_does_not_only_show_units(
    window: Window, enter: Door, the_cell: Cell, case: str
) -> None:
    number, plans = the_cell.planned(case).number, enter(Role.PLANNER)

    def edit(page: Page) -> str:
        plans(page)
        page.click("th a")
        page.click("text=Edit")
        page.fill("#point", "The old mill")
        page.press("#point", "Enter")
        page.wait_for_url(f"**/handovers/{number}/")
        return page.inner_text("main")

    assert "The old mill" in window.do(edit)


@NARROW
def test_a_narrow_menu_shows_where_one_is_and_that_there_is_more(
    window: Window, enter: Door, the_cell: Cell, case: str
) -> None:
    plans = enter(Role.PLANNER)
    arrow = "getComputedStyle(document.querySelector('.head nav'), '::after').opacity"

    def look(page: Page) -> tuple[float, float, bool]:
        plans(page)
        page.evaluate("document.querySelector('.places').scrollLeft = 0")
        page.wait_for_function(f"Number({arrow}) > 0.9")
        at_start = float(page.evaluate(arrow))
        page.click("text=Help")
        seen = bool(
            page.evaluate(
                "document.querySelector('.places [aria-current]').getBoundingClientRect().right <= innerWidth"
            )
        )
        page.evaluate("document.querySelector('.places').scrollLeft = 9999")
        page.wait_for_function(f"Number({arrow}) < 0.1")
        return at_start, float(page.evaluate(arrow)), seen

    at_start, at_end, is_in_sight = window.do(look)
    assert at_start > at_end
    assert is_in_sight


@pytest.mark.rule("R18")
@pytest.mark.parametrize("length", ["usual", "longest"])
def test_a_sheet_is_one_page_of_a5_in_print(
    window: Window, enter: Door, the_cell: Cell, case: str, live_server: Any, *, length: str
) -> None:
    long = {"point": longest(POINT_MAX), "signal": longest(SIGNAL_MAX), "abort": longest(SIGNAL_MAX)}
    said = long | {"fallback": longest(FALLBACK_MAX)} if length == "longest" else {}
    number = the_cell.released(case, **said).number

    receives = enter(Role.RECEIVING_UNIT)

    def print_it(page: Page) -> bytes:
        receives(page)
        page.goto(f"{live_server.url}/sheets/{number}/")
        return page.pdf(prefer_css_page_size=True)

    pdf = window.do(print_it)
    assert pages_of(pdf) == 1
    sizes = [float(one) for one in re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)[0]]
    assert sizes == pytest.approx(A5_POINTS, abs=1.5)


@pytest.mark.rule("R18")
def test_a_saved_sheet_needs_no_network(
    window: Window, enter: Door, the_cell: Cell, case: str, live_server: Any, *, tmp_path: Path
) -> None:
    number = the_cell.released(case).number

    receives = enter(Role.RECEIVING_UNIT)

    def save(page: Page) -> tuple[str, list[str]]:
        receives(page)
        page.goto(f"{live_server.url}/sheets/{number}/")
        saved = tmp_path / "sheet.html"
        saved.write_text(page.content(), encoding="utf-8")
        page.context.set_offline(True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(saved.as_uri())
        return page.inner_text(".number") + page.inner_text("dd.big"), [one for one in asked if "file:" not in one]

    text, asked = window.do(save)
    assert text.startswith(number)
    assert POINT in text
    assert asked == []


@NARROW
def test_every_page_fits_a_narrow_screen(
    window: Window, enter: Door, the_cell: Cell, case: str, live_server: Any
) -> None:
    number = the_cell.released(case).number
    unit = the_cell.receiving.pk

    plans, receives = enter(Role.PLANNER), enter(Role.RECEIVING_UNIT)

    def look(page: Page) -> list[str]:
        plans(page)
        paths = ["handovers/", f"handovers/{number}/", f"handovers/{number}/words/", "units/", "units/add/"]
        paths += [f"units/{unit}/people/", "approvals/"]
        wide = []
        for path in paths:
            page.goto(f"{live_server.url}/{path}")
            wide += [] if fits(page) else [path]
        receives(page)
        page.goto(f"{live_server.url}/sheets/{number}/")
        return wide if fits(page) else [*wide, "sheet"]

    assert window.do(look) == []


def test_by_keyboard_alone_a_unit_opens_its_sheet_and_tells_the_outcome(
    window: Window, enter: Door, the_cell: Cell, case: str
) -> None:
    number = the_cell.released(case).number

    receives = enter(Role.RECEIVING_UNIT)

    def work(page: Page) -> str:
        receives(page)
        page.focus(f"text={number}")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/sheets/{number}/")
        page.focus("button[value=receive]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/outcome/")
        page.focus("button[value=receive]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sheets/")
        return page.inner_text("main")

    assert "received" in window.do(work)
