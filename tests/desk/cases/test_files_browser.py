# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases import files
from tests.desk.cases.conftest import Line, Person, Window
from tests.desk.cases.test_browser import violations
from tests.desk.conftest import House

from safeconduct.desk.operators.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.rule("R8")]

SCRIPTS = pytest.mark.parametrize(
    "window",
    [{"java_script_enabled": True}, {"java_script_enabled": False}],
    ids=["scripts", "no scripts"],
    indirect=True,
)


@pytest.fixture
def at_the_case(live_server: Any, house: House, line: Line, person: Person) -> Callable[[Page], None]:
    """Signed in, and the person's case open."""
    said, number = house.person(Role.OPERATOR).said(), line.case(person).number

    def go(page: Page) -> None:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url("**/queue/")
        page.goto(f"{live_server.url}/cases/{number}/")

    return go


def until(page: Page, condition: str) -> None:
    """Playwright's own waiting evaluates a string inside the page, which the policy forbids."""
    for _ in range(100):
        if page.evaluate(f"Boolean({condition})"):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never came true: {condition}")


@SCRIPTS
def test_a_picture_shows_when_it_is_asked_for(
    window: Window, at_the_case: Callable[[Page], None], line: Line, person: Person
) -> None:
    files.send(line, person, files.picture(".webp"))

    def work(page: Page) -> tuple[int, dict[str, float] | None]:
        at_the_case(page)
        before = page.locator("img").count()
        with page.expect_response("**/shown/") as shown:
            page.click("text=See or hear it")
        shown.value.finished()
        page.locator(".file img").wait_for()
        return before, page.locator(".file img").bounding_box()  # type: ignore[return-value]  # a TypedDict of floats

    before, box = window.do(work)
    assert before == 0
    assert box is not None
    assert (box["width"], box["height"]) == (320, 240)


def test_the_picture_is_really_drawn(
    window: Window, at_the_case: Callable[[Page], None], line: Line, person: Person
) -> None:
    files.send(line, person, files.picture())

    def work(page: Page) -> tuple[bool, int]:
        at_the_case(page)
        page.click("text=See or hear it")
        until(page, "document.querySelector('.file img')?.complete")
        is_same_page = page.locator(".talk").count() == 1
        return is_same_page, page.evaluate("document.querySelector('.file img').naturalWidth")

    assert window.do(work) == (True, 320)


@pytest.mark.parametrize("ending", ["ogg", "wav"])
def test_a_voice_plays(
    window: Window, at_the_case: Callable[[Page], None], line: Line, person: Person, ending: str
) -> None:
    """From a messenger, and as a call leaves it."""
    files.send(line, person, files.voice(ending, seconds=3), media_type=f"audio/{ending}")

    def work(page: Page) -> float:
        at_the_case(page)
        page.click("text=See or hear it")
        until(page, "document.querySelector('.file audio')?.duration > 0")
        page.evaluate("void document.querySelector('.file audio').play()")
        until(page, "document.querySelector('.file audio').currentTime > 0.2")
        return float(page.evaluate("document.querySelector('.file audio').duration"))

    assert 2.9 < window.do(work) < 3.2


@pytest.mark.parametrize("window", [{"bypass_csp": True}], indirect=True)
def test_axe_finds_nothing_on_a_files_page(
    window: Window, at_the_case: Callable[[Page], None], line: Line, person: Person, pytestconfig: pytest.Config
) -> None:
    axe = pytestconfig.rootpath / "tests" / "edge" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    source = axe.read_text(encoding="utf-8")
    contents = (files.picture(), files.voice(), b"MZ")
    pages = [files.send(line, person, content) for content in contents]

    def work(page: Page) -> list[list[str]]:
        at_the_case(page)
        start = page.url.split("/cases/")[0]
        found = []
        for address in pages:
            page.goto(start + address)
            found.append(violations(page, source))
        return found

    assert window.do(work) == [[]] * 3


@SCRIPTS
def test_a_document_is_answered_with_a_sentence(
    window: Window, at_the_case: Callable[[Page], None], line: Line, person: Person
) -> None:
    files.send(line, person, b"%PDF-1.7")

    def work(page: Page) -> str:
        at_the_case(page)
        page.click("text=See or hear it")
        return page.locator(".file [role=status]").inner_text()

    assert window.do(work).startswith("A PDF document.")
