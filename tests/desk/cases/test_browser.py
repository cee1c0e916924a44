# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Person, Window
from tests.desk.conftest import House

from safeconduct.desk.cases import acts
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Kind, Stage
from safeconduct.vocabulary.records import CallForPerson

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPTS = pytest.mark.parametrize(
    "window",
    [{"java_script_enabled": True}, {"java_script_enabled": False}],
    ids=["scripts", "no scripts"],
    indirect=True,
)
TRICKS = (
    "a\x00b \u202eабв\u202c \u2066x\u2069 \u200b\u200b <img src=x onerror=alert(1)> <b>жирно</b>\n\tконец " + "ы" * 500
)


@pytest.fixture
def at_the_queue(live_server: Any, house: House, line: Line) -> Callable[[Page], None]:
    """The way to the queue: name, passphrase, code."""
    said = house.person(Role.OPERATOR).said()

    def go(page: Page) -> None:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url("**/queue/")

    return go


@SCRIPTS
def test_an_operator_signs_in_opens_the_first_case_and_answers(
    window: Window, at_the_queue: Callable[[Page], None], line: Line
) -> None:
    someone = line.apply_new("Ми втрьох, що робити?")
    line.collect()

    def work(page: Page) -> str:
        at_the_queue(page)
        page.click("#rows tbody a")
        page.fill("#reply", "Чекайте.\nМи напишемо сюди.")
        page.click("text=Send to the person")
        page.wait_for_url("**/cases/*/#end")
        return page.inner_text(".bubble.ours .said")

    assert window.do(work) == "Чекайте.\nМи напишемо сюди."
    assert line.deliver() == 1
    assert line.inbox(someone) == ["Чекайте.\nМи напишемо сюди."]


@pytest.mark.rule("T8")
def test_tricks_in_a_message_are_seen_and_do_nothing(
    window: Window, at_the_queue: Callable[[Page], None], line: Line
) -> None:
    line.apply_new(TRICKS)
    line.collect()

    def work(page: Page) -> tuple[str, int, bool]:
        at_the_queue(page)
        page.click("#rows tbody a")
        said = page.locator(".bubble.theirs .said")
        fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return said.inner_text(), said.locator("img, b").count(), fits

    text, elements, fits = window.do(work)
    assert text.startswith(
        "a⟦NUL⟧b ⟦RLO⟧абв⟦PDF⟧ ⟦LRI⟧x⟦PDI⟧ ⟦ZWSP×2⟧ <img src=x onerror=alert(1)> <b>жирно</b>\n\tконец"
    )
    assert elements == 0
    assert fits


def test_the_queue_shows_a_new_case_without_being_asked(
    window: Window, at_the_queue: Callable[[Page], None], line: Line
) -> None:
    window.do(at_the_queue)
    line.apply_new("поспішаю")
    line.collect()
    number = window.do(lambda page: page.locator("#rows tbody a").inner_text(timeout=15_000))
    assert number.endswith("-0001")


def test_an_open_case_tells_that_the_person_wrote_again(
    window: Window, at_the_queue: Callable[[Page], None], line: Line, person: Person
) -> None:
    def open_it(page: Page) -> None:
        at_the_queue(page)
        page.click("#rows tbody a")

    window.do(open_it)
    line.write(person, "вони йдуть")
    line.collect()

    def read_it(page: Page) -> str:
        page.click("text=Read it", timeout=15_000)
        return page.locator(".bubble.theirs .said").last.inner_text()

    assert window.do(read_it) == "вони йдуть"


def test_what_is_typed_is_kept_while_it_is_typed(
    window: Window, at_the_queue: Callable[[Page], None], line: Line, person: Person
) -> None:
    def work(page: Page) -> str:
        at_the_queue(page)
        page.click("#rows tbody a")
        page.locator("#reply").press_sequentially("не загублю")
        page.locator(".writing.reply .kept", has_text="Kept as a draft").wait_for(timeout=15_000)
        page.reload()
        return page.input_value("#reply")

    assert window.do(work) == "не загублю"


@pytest.mark.parametrize("window", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
def test_queue_and_case_fit_a_narrow_screen(
    window: Window, at_the_queue: Callable[[Page], None], line: Line, person: Person
) -> None:
    def work(page: Page) -> list[bool]:
        at_the_queue(page)
        fits = [page.evaluate("document.documentElement.scrollWidth <= innerWidth")]
        page.click("#rows tbody a")
        return [*fits, page.evaluate("document.documentElement.scrollWidth <= innerWidth")]

    assert window.do(work) == [True, True]


def test_keys_alone_lead_to_the_reply_and_send_it(
    window: Window, at_the_queue: Callable[[Page], None], line: Line
) -> None:
    someone = line.apply_new("?")
    line.collect()

    def work(page: Page) -> None:
        at_the_queue(page)
        page.locator("#rows tbody a").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*/")
        page.keyboard.type("gr")
        page.keyboard.type("Ми тут")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/cases/*/#end")

    window.do(work)
    line.deliver()
    assert line.inbox(someone) == ["Ми тут"]


@pytest.mark.parametrize(
    "window", [{"color_scheme": scheme, "bypass_csp": True} for scheme in ("light", "dark")], indirect=True
)
def test_axe_finds_nothing_on_queue_and_case(
    window: Window, at_the_queue: Callable[[Page], None], line: Line, hand: Hand, pytestconfig: pytest.Config
) -> None:
    axe = pytestconfig.rootpath / "tests" / "edge" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    source = axe.read_text(encoding="utf-8")
    someone = line.apply_new(TRICKS)
    line.apply_new("?", stage=Stage.HOME, language="ar")
    line.write(someone, "малина", duress=True)
    in_chat = line.greet(line.new_person(), "есть кто?")
    line.put(in_chat, line.seal(in_chat, CallForPerson(), Kind.MESSAGE))
    line.collect()
    number, chat = line.case(someone).number, line.case(in_chat).number
    for one in (number, chat):
        acts.read(hand, one)
        acts.reply(hand, one, line.writing("ответ"))
    acts.note(hand, number, line.writing("заметка"))
    line.report(in_chat, "uncertain")
    line.collect()

    def work(page: Page) -> list[list[str]]:
        at_the_queue(page)
        found = [violations(page, source)]
        for address in (
            f"/cases/{number}/",
            f"/cases/{chat}/",
            "/queue/answered/",
            "/queue/closed/",
            "/queue/?language=sw",
        ):
            page.goto(page.url.split("/queue/")[0].split("/cases/")[0] + address)
            found.append(violations(page, source))
        return found

    assert window.do(work) == [[]] * 6


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]
