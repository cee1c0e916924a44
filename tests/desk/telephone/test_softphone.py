# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call from the line to an operator's browser, with real SIP, a real browser and voices that can be told apart."""

import re
import sqlite3
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.desk.telephone.conftest import CALLED, SPOKEN, Caller, Line, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]
AXE = "tests/edge/axe/node_modules/axe-core/axe.min.js"
CLEAR, GONE = 0.8, 0.1  # how much of a sound a voice is when it is heard, and when it is not


@pytest.fixture
def talking(line: Line, olena: Window) -> Caller:
    """Olena has answered a call."""
    caller = line.call("olena")
    olena.shows("ringing")
    olena.page.click("#answer")
    caller.expect("up")
    olena.shows("talking")
    return caller


def test_both_hear_each_other(olena: Window, talking: Caller) -> None:
    time.sleep(1.5)
    assert olena.share(CALLED) > CLEAR
    assert talking.share(SPOKEN) > CLEAR
    assert olena.share(SPOKEN) < GONE
    assert talking.share(CALLED) < GONE


def test_both_hear_each_other_where_the_line_speaks_as_narrowly_as_telephones_do(line: Line, olena: Window) -> None:
    caller = line.call("olena", "codec=pcma")
    olena.shows("ringing")
    olena.page.click("#answer")
    olena.shows("talking")
    time.sleep(1.5)
    assert olena.share(CALLED) > CLEAR
    assert caller.share(SPOKEN, rate=8000) > CLEAR


@pytest.mark.rule("T3")
def test_the_microphone_is_opened_by_answering_alone_and_closed_when_the_caller_hangs_up(
    line: Line, olena: Window
) -> None:
    caller = line.call("olena")
    olena.shows("ringing")
    assert olena.tracks() == []
    olena.page.click("#answer")
    olena.shows("talking")
    assert olena.tracks() == ["live"]
    assert olena.page.is_visible("[data-mic=on]")
    caller.hang_up()
    olena.shows("off")
    olena.told("caller")
    assert olena.tracks() == ["ended"]
    assert olena.page.is_visible("[data-mic=off]")


def test_hanging_up_ends_the_call_and_closes_the_microphone_at_once(olena: Window, talking: Caller) -> None:
    olena.page.click("#hang-up")
    assert olena.tracks() == ["ended"]
    talking.expect("over")
    olena.told("self")


def test_a_declined_call_opens_no_microphone_and_tells_the_line_at_once(line: Line, olena: Window) -> None:
    caller = line.call("olena")
    olena.shows("ringing")
    olena.page.click("#decline")
    caller.expect("refused 486")
    olena.shows("off")
    assert olena.tracks() == []


def test_a_call_that_stops_ringing_is_told_as_missed(line: Line, olena: Window) -> None:
    caller = line.call("olena")
    olena.shows("ringing")
    caller.hang_up()
    olena.told("missed")


def test_on_hold_neither_hears_the_other_and_the_line_knows(olena: Window, talking: Caller) -> None:
    olena.page.click("#hold")
    talking.expect("key *")
    talking.expect("key 5")
    olena.shows("held")
    time.sleep(1.5)
    assert talking.share(SPOKEN) < GONE
    assert olena.share(CALLED) < GONE
    olena.page.click("#hold")
    talking.expect("key 6")
    olena.shows("talking")
    time.sleep(1.5)
    assert talking.share(SPOKEN) > CLEAR
    assert olena.share(CALLED) > CLEAR


def test_who_is_muted_hears_and_is_not_heard(olena: Window, talking: Caller) -> None:
    olena.page.click("#mute")
    assert olena.page.is_visible("[data-mic=muted]")
    time.sleep(1.5)
    assert talking.share(SPOKEN) < GONE
    assert olena.share(CALLED) > CLEAR


def test_keys_reach_the_line(olena: Window, talking: Caller) -> None:
    for key in "*1":
        olena.page.click(f'[data-press="{key}"]')
        talking.expect(f"key {key}")


@pytest.mark.parametrize(
    ("button", "keys"),
    [("Hand the call over", "*2104#"), ("Let them interpret", "*3104#"), ("Let them listen", "*4104#")],
)
def test_a_colleague_is_chosen_by_name_and_the_line_is_told_their_number(
    line: Line, olena: Window, button: str, keys: str
) -> None:
    offered = [{"number": "104", "name": "marko: Ukrainian"}, {"number": "105", "name": "taras: Arabic"}]
    olena.page.route("**/phone/colleagues/", lambda route: route.fulfill(json={"colleagues": offered}))
    caller = line.call("olena")
    olena.shows("ringing")
    olena.page.click("#answer")
    olena.shows("talking")
    press = olena.page.get_by_role("button", name=button)
    expect(press).to_be_disabled()  # nobody is chosen for the operator
    olena.page.select_option("#colleague", label="marko: Ukrainian")
    press.click()
    for key in keys:
        caller.expect(f"key {key}")


def test_who_goes_off_duty_meanwhile_is_offered_no_more_and_nobody_takes_their_place(
    olena: Window, talking: Caller
) -> None:
    offered = [{"number": "104", "name": "marko: Ukrainian"}, {"number": "105", "name": "taras: Arabic"}]
    olena.page.route("**/phone/colleagues/", lambda route: route.fulfill(json={"colleagues": offered}))
    olena.page.focus("#colleague")
    olena.page.select_option("#colleague", "104")
    del offered[0]
    olena.page.focus("#interpreter")
    olena.page.focus("#colleague")
    expect(olena.page.locator("#colleague")).to_have_value("")
    expect(olena.page.get_by_role("button", name="Hand the call over")).to_be_disabled()


def test_where_nobody_else_is_on_duty_the_list_says_so_and_an_interpreter_is_looked_for(
    olena: Window, talking: Caller
) -> None:
    expect(olena.page.locator("#colleague option")).to_have_text(["Nobody else is on duty with a telephone"])
    expect(olena.page.get_by_role("button", name="Let them listen")).to_be_disabled()
    olena.page.click("text=Find an interpreter")
    for key in "*3#":
        talking.expect(f"key {key}")


def test_what_the_line_tells_of_the_call_is_shown(line: Line, olena: Window) -> None:
    line.call("olena", language="uk", waited="65")
    olena.shows("ringing")
    assert olena.page.inner_text("#language") == "Ukrainian"
    assert olena.page.inner_text("#waited").startswith("1:0")
    assert olena.page.get_attribute("#case", "href") == "/queue/"
    assert olena.page.title().startswith("☎")


def test_the_case_opens_with_the_call(line: Line, olena: Window) -> None:
    with sqlite3.connect(line.home / "desk" / "desk.db", timeout=10) as desk:
        day, moment = "2026-01-01", "2026-01-01 10:00:00"
        desk.execute(
            "INSERT INTO cases_case"
            " (number, conversation, state, last_day, waiting_since, urgency, channel, language, kind, retention)"
            " VALUES ('26-4711', ?, 'new', ?, ?, 1, 'voice', 'uk', 'message', '')",
            (bytes(16), day, moment),
        )
    desk.close()
    line.call("olena", conversation=bytes(16).hex())
    olena.shows("ringing")
    assert olena.page.inner_text("#case") == "26-4711"
    with olena.context.expect_page() as opened:
        olena.page.click("#answer")
    assert opened.value.url.endswith("/cases/26-4711/")
    olena.shows("talking")


def test_nobody_rings_where_no_page_is_open(line: Line, olena: Window) -> None:
    for phone in ("nobody", "admin"):
        line.call(phone).expect("refused 486")
    assert olena.page.is_visible("[data-when=off]")


def test_a_second_caller_finds_the_phone_busy(line: Line, olena: Window, talking: Caller) -> None:
    line.call("olena").expect("refused 486")
    assert olena.page.is_visible("[data-when=talking]")


@pytest.mark.rule("T6")
def test_a_call_rings_at_the_operator_who_is_called_and_at_no_other(
    line: Line, olena: Window, window: Callable[[], Window]
) -> None:
    marko = window()
    line.at_the_phone(marko.page, "marko")
    caller = line.call("olena")
    olena.shows("ringing")
    assert marko.page.is_visible("[data-when=off]")
    line.call("marko").expect("ringing")
    marko.shows("ringing")
    marko.page.click("#answer")
    olena.page.click("#answer")
    marko.shows("talking")
    caller.expect("up")
    time.sleep(1.5)
    assert caller.share(SPOKEN) > CLEAR


def test_without_a_microphone_the_call_rings_on_and_the_page_says_why(line: Line, olena: Window) -> None:
    line.call("olena")
    olena.shows("ringing")
    olena.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError')); }"
    )
    olena.page.click("#answer")
    olena.told("microphone")
    assert olena.page.is_visible("#answer")


@pytest.mark.rule("T6")
def test_locking_the_desk_ends_the_call(line: Line, olena: Window, talking: Caller) -> None:
    other = olena.context.new_page()
    other.goto(line.address + "/help/")
    other.click("text=Lock")
    talking.expect("over", 20)
    expect(olena.page).to_have_url(re.compile("/unlock/"), timeout=30_000)  # several of its parts ask


def test_a_page_that_is_closed_in_a_call_ends_it(olena: Window, talking: Caller) -> None:
    olena.page.close()
    talking.expect("over")


def test_when_its_program_dies_in_a_call_the_page_says_so_and_the_desk_goes_on(
    line: Line, olena: Window, talking: Caller
) -> None:
    line.processes["softphone"].kill()
    line.processes["softphone"].wait()
    talking.end()
    olena.shows("down")
    olena.told("stopped")
    assert olena.tracks() == ["ended"]
    other = olena.context.new_page()
    other.goto(line.address + "/queue/")
    assert other.inner_text("h1") == "Queue"
    line.start_softphone()
    olena.shows("off")
    line.call("olena").expect("ringing")
    olena.shows("ringing")


def test_without_scripts_the_page_says_what_is_needed(line: Line, olena: Window) -> None:
    context = olena.context.browser
    assert context
    plain = context.new_context(java_script_enabled=False)
    page = plain.new_page()
    line.sign_in(page, "marko")
    page.goto(line.address + "/phone/")
    assert page.is_visible("noscript p")
    assert not page.is_visible("#phone")
    plain.close()


def test_axe_finds_nothing_on_the_phone(line: Line, window: Callable[..., Window], pytestconfig: pytest.Config) -> None:
    source = (pytestconfig.rootpath / AXE).read_text(encoding="utf-8")
    marko = window(bypass_csp=True)
    line.at_the_phone(marko.page, "marko")
    found = [violations(marko.page, source)]
    line.call("marko", language="uk")
    marko.shows("ringing")
    found.append(violations(marko.page, source))
    marko.page.click("#answer")
    marko.shows("talking")
    marko.page.evaluate("document.getElementById('locks').hidden = false")
    assert [*found, violations(marko.page, source)] == [[], [], []]


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    how = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}"
    found = page.evaluate(f"axe.run({{exclude: ['.banner']}}, {how})")  # the demonstration's banner is of every page
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def test_before_the_lock_the_page_asks_whether_the_operator_is_there(olena: Window, talking: Caller) -> None:
    assert not olena.page.is_visible("#locks")
    olena.page.route("**/phone/state/*", lambda route: route.fulfill(json=route.fetch().json() | {"left": 60}))
    olena.page.wait_for_selector("#locks:visible")
    assert 50 < int(olena.page.inner_text("#left")) <= 60
    with olena.page.expect_request("**/awake/") as asked:
        olena.page.click("#here")
    assert asked.value.method == "POST"
    olena.page.unroute_all(behavior="ignoreErrors")
    olena.page.wait_for_selector("#locks", state="hidden")


@pytest.mark.rule("T3")
def test_the_logs_of_all_this_name_nobody(line: Line, olena: Window, talking: Caller) -> None:
    olena.page.click("#hang-up")
    olena.shows("off")
    log = line.log()
    for value in ("olena", "marko", "127.0.0.1", "sip:", "candidate", "/phone"):
        assert value not in log
