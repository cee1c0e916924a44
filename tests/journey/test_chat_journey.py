# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chat in a terminal beside a running demonstration, as a newcomer walks it: told, answered, applied, erased."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journey.conftest import Desks, Line
from tests.journey.terminal import CTRL_C, CTRL_D, Terminal, chat

from safeconduct.dialogue.texts import texts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGE = "Which language do you want to use here?"
STORED = "Your message has been stored. An operator will read it."
WORDS = "We are four and want to lay down arms."
ANSWER = "We read you. Stay where you are safe, and ask what you like."
MORE = "What about the wounded?"
LEFT = "You have left."


@pytest.fixture
def person(line: Line) -> Iterator[Terminal]:
    """Somebody who has just begun to chat."""
    with chat(line.environment) as terminal:
        terminal.read(LANGUAGE)
        yield terminal


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(desks: Desks) -> Page:
    return desks.of("olena")


def _leave(terminal: Terminal) -> None:
    terminal.read("")
    terminal.press(CTRL_D)
    assert LEFT in terminal.left()


def _await(page: Page, address: str, text: str) -> None:
    """The desk takes in what came within seconds."""
    for _ in range(60):
        page.goto(address)
        if text in page.inner_text("main"):
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{text!r} does not appear: {page.inner_text('main')}")


def _open_case(desk: Page, line: Line) -> str:
    """The only one in English that waits: the other tests' people write other languages, or nothing."""
    desk.goto(f"{line.desk}/queue/")
    row = desk.locator("tr:has-text('Terminal (demonstration)')").filter(has_text="English")
    for _ in range(60):
        if row.count():
            break
        desk.wait_for_timeout(250)
        desk.goto(f"{line.desk}/queue/")
    row.locator("a").click()
    expect(desk.locator(".standing")).to_contain_text("writes by terminal (demonstration)")
    return desk.url


def _apply(person: Terminal) -> str:
    """By numbers alone, but for the code's last digits. The code."""
    person.type("0")
    for label in ("Apply", "A soldier, for a group"):
        person.choose(label)
    person.read("How many")
    person.type("4")
    for label in ("At the front", "English", "Do not write to me. I come back with my code and read the answer"):
        person.choose(label)
    person.read("Is there anything you want to say or ask?")
    person.type("skip")
    person.read("Choose a word that will tell us you are not free to write")
    person.type("skip")
    person.choose("Send")
    found = re.search(r"(?:\d{4} ){5}\d{4}", person.read("Type the last four digits of your code"))
    assert found
    person.type(found.group()[-4:])
    person.choose("Leave")
    return found.group()


def _erase(person: Terminal) -> None:
    person.type("0")
    person.choose("Erase everything")
    person.choose("Erase everything now")
    assert "Leave" not in person.read("Deleted here now, everywhere within 7 days.")


def _open_inbox(phone: Page, line: Line, code: str) -> None:
    phone.goto(f"{line.edge}/en/inbox")
    phone.fill("[name=receipt]", code)
    phone.click("form[action$=inbox] button")


@pytest.mark.rule("R1", "R2", "R4", "R48")
def test_who_chats_is_answered_there_applies_goes_on_in_the_inbox_and_erases(
    line: Line, desk: Page, phone: Page, person: Terminal
) -> None:
    person.choose("English")
    person.read("Write the number of your choice.")
    person.type(WORDS)
    person.read(STORED)
    person.type("0")
    person.choose("Talk to a person")
    person.read("You want to talk to a person. An operator will see that and answer as soon as one is free.")

    case = _open_case(desk, line)
    assert desk.inner_text(".bubble.theirs .said") == WORDS
    desk.fill("form[action*=reply] textarea", ANSWER)
    desk.click("form[action*=reply] button[type=submit], form[action*=reply] button:not([type])")
    person.read(ANSWER)
    _await(desk, case, "delivered by terminal (demonstration)")

    code = _apply(person)
    _open_inbox(phone, line, code)
    expect(phone.locator(".said")).to_have_text(ANSWER)
    phone.fill("textarea[name=text]", MORE)
    phone.click("form:has(textarea) button")
    _await(desk, case, MORE)
    assert "At the front" in desk.inner_text("#facts")

    _erase(person)
    _expect_gone(desk, case)
    _open_inbox(phone, line, code)
    assert phone.locator(".said").count() == 0
    expect(phone.locator("main")).to_contain_text("There is nothing under this code.")
    _leave(person)


def _expect_gone(desk: Page, case: str) -> None:
    for _ in range(40):
        answer = desk.goto(case)
        assert answer is not None
        if answer.status == 404:
            return
        desk.wait_for_timeout(250)
    pytest.fail("the erased case can still be opened")


@pytest.mark.rule("R1", "R48")
def test_who_comes_back_with_the_code_reads_the_answer_in_another_chat_and_erases_there(line: Line, desk: Page) -> None:
    with chat(line.environment) as before:
        before.choose("English")
        code = _apply(before)
        _leave(before)
    case = _open_case(desk, line)
    desk.fill("form[action*=reply] textarea", ANSWER)
    desk.click("form[action*=reply] button[type=submit], form[action*=reply] button:not([type])")
    _await(desk, case, "in the person's inbox")
    with chat(line.environment) as person:
        person.choose("English")
        person.choose("I have a code")
        person.read("code")
        person.type(code)
        person.read(ANSWER)
        _erase(person)
        _leave(person)
    _expect_gone(desk, case)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("uk", "Мене мобілізували, я не хочу воювати. Як мені здатися?"),
        ("ar", "مرحبا، نريد أن نلقي السلاح"),
        ("ko-KP", "안녕하십니까, 우리는 무기를 내려놓으려고 합니다"),
    ],
)
def test_who_simply_writes_is_answered_in_their_language(person: Terminal, tag: str, words: str) -> None:
    person.type(words)
    person.read(texts(tag).say("Write the number of your choice."))
    person.type("0")
    person.choose(texts(tag).say("How people are treated"))
    assert "Traceback" not in person.shown
    _leave(person)


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["Ctrl-C", "Ctrl-D"])
def test_a_key_leaves_at_once_and_the_next_chat_begins(line: Line, person: Terminal, key: str) -> None:
    person.press(key)
    said = person.left()
    assert LEFT in said
    assert "Traceback" not in said
    assert person.process.returncode == 0
    with chat(line.environment) as following:
        assert "cut off" not in following.read(LANGUAGE)
        _leave(following)


def test_half_a_line_is_left_with_ctrl_c(person: Terminal) -> None:
    person.press("half a li")
    person.press(CTRL_C)
    assert LEFT in person.left()


def test_a_closed_window_leaves_the_channel_to_the_next_chat(line: Line) -> None:
    with chat(line.environment) as closed:
        closed.read(LANGUAGE)
    with chat(line.environment) as following:
        assert "cut off" not in following.read(LANGUAGE)
        _leave(following)


def test_a_second_chat_is_told_of_the_first(line: Line, person: Terminal) -> None:
    with chat(line.environment) as second:
        assert "there is a chat in another terminal: leave it there with Ctrl-D" in " ".join(second.left().split())
        assert second.process.returncode == 1
    person.type("1")
    person.read("Write the number of your choice.")
    _leave(person)


def test_an_answer_comes_above_what_is_being_typed(person: Terminal) -> None:
    person.type("1")
    person.press("half a line")
    person.read("Write the number of your choice.", typed="half a line")
    person.press(CTRL_C)
    assert LEFT in person.left()


@pytest.mark.parametrize("columns", [40, 90, 200])
def test_no_line_is_wider_than_the_terminal(line: Line, columns: int) -> None:
    with chat(line.environment, columns=columns) as person:
        shown = person.read(LANGUAGE)
        assert max(map(len, shown.splitlines())) <= min(columns, 88)
        _leave(person)


def test_a_chat_without_a_demonstration_says_how_to_start_one(line: Line, tmp_path: Path) -> None:
    with chat({**line.environment, "SAFECONDUCT_HOME": str(tmp_path)}) as person:
        assert "there is no demonstration here: start one with `make up`" in person.left()
        assert person.process.returncode == 1


def test_a_chat_beside_a_stopped_demonstration_says_so(line: Line, tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "DEMONSTRATION").touch()
    (tmp_path / "up.lock").touch()
    with chat({**line.environment, "SAFECONDUCT_HOME": str(tmp_path)}) as person:
        assert "the demonstration is not running: start it with `make up`" in person.left()


def test_a_rehearsal_needs_nothing_and_stores_nothing(line: Line, tmp_path: Path) -> None:
    with chat({**line.environment, "SAFECONDUCT_HOME": str(tmp_path)}, "--dry") as person:
        person.read("nothing is stored, and nobody answers")
        person.choose("English")
        person.choose("Apply")
        person.read("Who is writing?")
        person.press(CTRL_D)
        assert "Nothing was stored." in person.left()
    assert not list(tmp_path.iterdir())
