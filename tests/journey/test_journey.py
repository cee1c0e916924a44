# SPDX-License-Identifier: AGPL-3.0-or-later
"""One real application travels the whole way: applied, sealed, queued, opened, answered, read back, erased."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journey.conftest import Desks, Line

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = ("en", "uk", "ru", "ko-KP", "ar")
WORDS = "Добрий день <b>я</b> 안녕 مرحبا"
ANSWER = "Ми вас чуємо. وصلت رسالتك"


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without scripts"])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def desk(desks: Desks, *, has_scripts: bool) -> Page:
    """An operator at the queue."""
    return desks.of("olena") if has_scripts else desks.of("marko", has_scripts=False)


@pytest.fixture
def phone(chromium: Browser, *, has_scripts: bool) -> Iterator[Page]:
    """A small phone, with scripts on or off like the desk's."""
    context = chromium.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=has_scripts)
    yield context.new_page()
    context.close()


def _apply(phone: Page, line: Line, tag: str) -> str:
    phone.goto(f"{line.edge}/{tag}/apply")
    phone.check("input[name=type][value=individual]")
    phone.check("input[name=stage][value=front]")
    phone.fill("textarea[name=text]", WORDS)
    phone.click("form[action$=apply] button")
    phone.click("form[action$=apply] button")
    digits = re.sub(r"\D", "", phone.inner_text("#receipt"))
    phone.fill("[name=last_group]", digits[-4:])
    phone.click("form[action$=apply] button")
    expect(phone.locator("[name=last_group]")).to_have_count(0)
    return digits


def _open_inbox(phone: Page, line: Line, tag: str, digits: str) -> None:
    phone.goto(f"{line.edge}/{tag}/inbox")
    phone.fill("[name=receipt]", digits)
    phone.click("form[action$=inbox] button")


def _open_waiting_case(desk: Page, line: Line) -> str:
    link = desk.locator("a[href*='/cases/26-'], a[href*='/cases/']").first
    for _ in range(40):
        desk.goto(f"{line.desk}/queue/")
        if link.count():
            break
        desk.wait_for_timeout(250)
    link.click()
    return desk.url


@pytest.mark.rule("R1", "R2", "R10", "R48", "T1")
@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_person_applies_is_answered_writes_again_and_erases(line: Line, desk: Page, phone: Page, tag: str) -> None:
    digits = _apply(phone, line, tag)
    case = _open_waiting_case(desk, line)
    assert desk.inner_text(".bubble.theirs .said") == WORDS
    desk.fill("form[action*=reply] textarea", ANSWER)
    desk.click("form[action*=reply] button[type=submit], form[action*=reply] button:not([type])")
    expect(desk.locator(".bubble.ours .said")).to_have_text(ANSWER)

    _open_inbox(phone, line, tag, digits)
    for _ in range(40):
        if phone.locator(".said").count():
            break
        phone.wait_for_timeout(250)
        phone.click("form:has(input[value=look]) button")
    assert phone.inner_text(".said") == ANSWER
    phone.fill("textarea[name=text]", "ще одне")
    phone.click("form:has(textarea) button")
    assert _open_waiting_case(desk, line) == case
    assert desk.locator(".bubble.theirs .said").last.inner_text() == "ще одне"

    phone.click("form:has(input[value=erase]) button")
    phone.click("form:has(input[name=sure]) button")
    _open_inbox(phone, line, tag, digits)
    assert phone.locator(".said").count() == 0
    _expect_gone(desk, case)


def _expect_gone(desk: Page, case: str) -> None:
    for _ in range(40):
        answer = desk.goto(case)
        assert answer is not None
        if answer.status == 404:
            return
        desk.wait_for_timeout(250)
    pytest.fail("the erased case can still be opened")


@pytest.mark.rule("R20")
def test_custody_stands_beside_the_line_and_lets_nobody_of_it_in(line: Line, chromium: Browser) -> None:
    page = chromium.new_context().new_page()
    page.goto(line.custody)
    expect(page).to_have_title(re.compile("Custody"))
    page.fill("input[name=name]", "olena")
    page.fill("input[name=passphrase]", line.passphrase("olena"))
    page.fill("input[name=code]", line.command("code", "olena").split()[0])
    page.click("button:has-text('Sign in')")
    assert "sign-in" in page.url
    page.context.close()
