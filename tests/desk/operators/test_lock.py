# SPDX-License-Identifier: AGPL-3.0-or-later
"""The idle lock: what keeps a desk awake, what does not, and what is left behind when it closes."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.desk.conftest import House, Person

from safeconduct.desk.operators import sessions
from safeconduct.desk.operators.roles import Role

IDLE = 601  # one second more than the default ten minutes


@pytest.fixture
def olena(house: House) -> Person:
    person = house.person(Role.OPERATOR)
    person.sign_in()
    return person


def pass_time(browser: Client, seconds: int) -> None:
    """As if the last act, and the sign-in, were so much longer ago."""
    session = browser.session
    session["touched"] -= seconds
    session["since"] -= seconds
    session.save()


def is_awake(browser: Client) -> bool:
    return browser.get("/help/").status_code == 200


@pytest.mark.rule("T12")
def test_an_idle_desk_locks_and_forgets_the_key(olena: Person) -> None:
    pass_time(olena.browser, IDLE)
    answer = olena.browser.get("/people/?page=2")
    assert answer.headers["Location"] == "/unlock/?next=%2Fpeople%2F%3Fpage%3D2"
    assert "seed" not in olena.browser.session
    assert olena.browser.cookies["__Host-unlock"].value == ""


def test_an_act_of_the_person_starts_the_time_anew(olena: Person) -> None:
    pass_time(olena.browser, IDLE - 60)
    assert is_awake(olena.browser)
    pass_time(olena.browser, IDLE - 60)
    assert is_awake(olena.browser)


@pytest.mark.rule("T12")
@pytest.mark.parametrize("back", [60, 24 * 3600])
def test_a_desk_that_was_left_locks_when_the_clock_is_set_back(olena: Person, back: int) -> None:
    assert sessions.sweep(clock=lambda: time.time() - back) == 1
    assert not is_awake(olena.browser)


@pytest.mark.rule("T12")
def test_a_request_after_the_clock_was_set_back_wants_the_passphrase(olena: Person) -> None:
    pass_time(olena.browser, -3600)
    assert sessions.seconds_left(olena.browser.session) == 0
    assert not is_awake(olena.browser)


def test_a_clock_that_is_set_right_by_seconds_throws_nobody_out(olena: Person) -> None:
    assert sessions.sweep(clock=lambda: time.time() - 5) == 0
    assert is_awake(olena.browser)


@pytest.mark.rule("T12")
def test_a_page_that_asks_by_itself_keeps_nobody_awake(olena: Person) -> None:
    pass_time(olena.browser, IDLE - 60)
    assert olena.browser.get("/awake/", headers={"HX-Request": "true"}).status_code == 200
    pass_time(olena.browser, 60)
    assert not is_awake(olena.browser)


def test_typing_keeps_awake(olena: Person) -> None:
    pass_time(olena.browser, IDLE - 60)
    olena.browser.post("/awake/", headers={"HX-Request": "true"})
    pass_time(olena.browser, IDLE - 60)
    assert is_awake(olena.browser)


def test_a_fragment_of_a_locked_desk_sends_the_whole_page_to_the_lock(olena: Person) -> None:
    pass_time(olena.browser, IDLE)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/help/?a=1"}
    for ask in (olena.browser.get, olena.browser.post):  # nobody has pressed anything
        answer = ask("/awake/", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["HX-Redirect"] == "/unlock/?next=%2Fhelp%2F%3Fa%3D1"


def test_whoever_sends_something_to_a_locked_desk_is_told_that_it_was_not_done(olena: Person) -> None:
    pass_time(olena.browser, IDLE)
    answer = olena.browser.post(
        "/cases/26-0001/marks/mark/", {"mark": "DURESS"}, headers={"Referer": "http://testserver/help/"}
    )
    assert answer.headers["Location"] == "/unlock/?next=%2Fhelp%2F&undone=yes"
    undone = "What you sent just now was not done"
    assert undone in olena.browser.get(answer.headers["Location"]).content.decode()
    refused = olena.browser.post("/unlock/", olena.said(code="000000", next="/help/", undone="yes"))
    assert undone in refused.content.decode()
    assert undone not in olena.browser.get("/unlock/?next=%2Fhelp%2F").content.decode()
    olena.browser.post("/sign-out/")
    answer = olena.browser.get("/unlock/?next=%2Fhelp%2F&undone=yes")  # the session ended while they read it
    assert answer.headers["Location"] == "/sign-in/?next=%2Fhelp%2F&undone=yes"
    answer = olena.browser.post("/cases/26-0001/marks/mark/", {"mark": "DURESS"})
    assert answer.headers["Location"] == "/sign-in/?undone=yes"
    assert undone in olena.browser.get(answer.headers["Location"]).content.decode()


def test_passphrase_and_code_lead_back_to_where_the_operator_was(olena: Person) -> None:
    pass_time(olena.browser, IDLE)
    answer = olena.browser.post("/unlock/", olena.said(next="/people/?page=2"))
    assert answer.headers["Location"] == "/people/?page=2"
    assert is_awake(olena.browser)


@pytest.mark.parametrize("field", ["passphrase", "code"])
def test_unlocking_needs_both(olena: Person, field: str) -> None:
    olena.browser.post("/lock/")
    assert olena.browser.post("/unlock/", olena.said(**{field: "000000"})).status_code == 400
    assert not is_awake(olena.browser)


def test_a_colleagues_words_do_not_unlock_it(olena: Person, house: House) -> None:
    olena.browser.post("/lock/")
    assert olena.browser.post("/unlock/", house.person(Role.MONITOR).said()).status_code == 400


def test_the_old_unlock_cookie_opens_nothing_after_the_lock(olena: Person) -> None:
    old = olena.browser.cookies["__Host-unlock"].value
    olena.browser.post("/lock/")
    olena.browser.cookies["__Host-unlock"] = old
    assert not is_awake(olena.browser)


@pytest.mark.rule("T12")
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", "x"]
)
def test_nothing_leads_out_of_the_desk(house: House, elsewhere: str) -> None:
    answer = house.person(Role.OPERATOR).sign_in(next=elsewhere)
    assert answer.headers["Location"] == "/"


def test_the_lock_button_leads_back_to_the_page_it_stood_on(olena: Person) -> None:
    answer = olena.browser.post("/lock/", {"next": "/people/"})
    assert answer.headers["Location"] == "/unlock/?next=%2Fpeople%2F"


def test_signing_out_leaves_nothing(olena: Person) -> None:
    olena.browser.post("/sign-out/")
    assert olena.browser.get("/help/").headers["Location"] == "/sign-in/?next=%2Fhelp%2F"
    assert olena.browser.cookies["__Host-unlock"].value == ""


def test_a_session_ends_after_twelve_hours_however_busy(olena: Person) -> None:
    session = olena.browser.session
    session["since"] -= sessions.LONGEST_SECONDS + 1
    session.save()
    assert olena.browser.get("/help/").headers["Location"].startswith("/sign-in/")


@pytest.mark.rule("T3")
def test_the_sweep_takes_the_seed_of_a_desk_that_nobody_came_back_to(olena: Person) -> None:
    pass_time(olena.browser, IDLE)
    assert sessions.sweep() == 1
    assert "seed" not in olena.browser.session


def test_the_sweep_leaves_a_busy_desk_alone_and_drops_an_old_one(olena: Person) -> None:
    assert sessions.sweep() == 0
    assert is_awake(olena.browser)
    pass_time(olena.browser, sessions.LONGEST_SECONDS + 1)
    sessions.sweep()
    assert not Session.objects.exists()


@pytest.mark.rule("T3")
def test_the_sweep_forgets_when_codes_were_used_but_never_one_that_could_be_used_again(olena: Person) -> None:
    sessions.sweep()
    assert TOTPDevice.objects.get(user=olena.operator).last_t > 0
    sessions.sweep(clock=lambda: time.time() + 700)
    device = TOTPDevice.objects.get(user=olena.operator)
    assert (device.last_t, device.last_used_at, device.created_at) == (-1, None, None)


def test_who_signed_in_before_the_clock_was_set_back_gets_in_again(olena: Person) -> None:
    two_days_ago = time.time() - 2 * 86_400
    sessions.sweep(clock=lambda: two_days_ago)
    assert TOTPDevice.objects.get(user=olena.operator).last_t == -1


def test_the_unlock_page_of_an_open_desk_leads_back(olena: Person) -> None:
    assert olena.browser.get("/unlock/?next=/people/").headers["Location"] == "/people/"


def test_a_stranger_at_the_unlock_page_is_sent_to_the_door() -> None:
    assert Client().get("/unlock/").headers["Location"] == "/sign-in/"
