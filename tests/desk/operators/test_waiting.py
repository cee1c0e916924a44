# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guessing slows one account for strangers, and never locks an operator out."""

import re
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from tests.desk.conftest import House, Person

from safeconduct.desk.operators import pressure, signing_in, views
from safeconduct.desk.operators.errors import StaleTicket, TooBusy, TooEarly
from safeconduct.desk.operators.models import Pressure
from safeconduct.desk.operators.pressure import Queue
from safeconduct.desk.operators.roles import Role

WRONG = "abandon abandon abandon abandon abandon abandon zoo"
NOW = 1_800_000_000
LANE = "ab" * 32

Clock = Callable[[int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the door's clock to so many seconds after the start."""

    def move(seconds: int) -> None:
        monkeypatch.setattr(views, "_now", lambda: NOW + seconds)

    move(0)
    return move


@pytest.fixture
def olena(house: House) -> Person:
    return house.person(Role.OPERATOR)


def guess(olena: Person, times: int) -> HttpResponse:
    for _ in range(times):
        answer = Client().post("/sign-in/", olena.said(passphrase=WRONG))
    return answer  # type: ignore[return-value]  # the stubs' own class of answers


def ticket_in(answer: HttpResponse) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_the_third_wrong_guess_brings_a_wait(olena: Person, at: Clock) -> None:
    assert b'name="ticket"' not in guess(olena, 2).content
    assert b'data-wait="1"' in guess(olena, 1).content


def test_the_right_words_get_in_after_the_wait_and_not_before(olena: Person, at: Clock) -> None:
    ticket = ticket_in(guess(olena, 5))
    assert olena.sign_in().status_code == 429
    assert olena.sign_in(ticket=ticket).status_code == 429
    at(4)
    assert olena.sign_in(ticket=ticket).status_code == 303


def test_right_words_that_came_too_early_do_not_count_as_a_guess(olena: Person, at: Clock) -> None:
    guess(olena, 3)
    before = Pressure.objects.get().failures
    assert olena.sign_in().status_code == 429
    assert Pressure.objects.get().failures == before


def test_strangers_never_slow_a_browser_that_the_operator_has_used(olena: Person, at: Clock) -> None:
    olena.sign_in()
    olena.browser.post("/sign-out/")
    for _ in range(20):
        pressure.note_failure(pressure.lane_of("strangers", "operator one"), NOW)
    assert guess(olena, 1).status_code == 429
    assert olena.sign_in().status_code == 303


def test_a_known_browser_becomes_a_stranger_after_ten_wrong_guesses(olena: Person, at: Clock) -> None:
    olena.sign_in()
    guess(olena, 3)
    for _ in range(10):
        assert olena.sign_in(passphrase=WRONG).status_code == 400
    assert olena.sign_in().status_code == 429


def test_one_operators_known_browser_is_a_stranger_to_another(house: House, at: Clock) -> None:
    olena, monitor = house.person(Role.OPERATOR), house.person(Role.MONITOR)
    olena.sign_in()
    guess(monitor, 3)
    monitor.browser = olena.browser
    assert monitor.sign_in().status_code == 429


def test_a_browser_shared_by_a_shift_is_known_for_each_of_them(house: House, at: Clock) -> None:
    olena, monitor = house.person(Role.OPERATOR), house.person(Role.MONITOR)
    monitor.browser = olena.browser
    olena.sign_in()
    monitor.sign_in()
    guess(olena, 4)
    assert olena.sign_in().status_code == 303


def test_guessing_at_one_account_leaves_the_others_alone(house: House, at: Clock) -> None:
    guess(house.person(Role.OPERATOR), 6)
    assert house.person(Role.MONITOR).sign_in().status_code == 303


def test_an_unknown_name_waits_just_as_a_known_one(house: House, at: Clock) -> None:
    olena = house.person(Role.OPERATOR)
    known = [guess(olena, 1).status_code for _ in range(5)]
    unknown = [Client().post("/sign-in/", olena.said(name="nobody")).status_code for _ in range(5)]
    assert known == unknown


def test_no_wait_is_longer_than_half_a_minute(db: None) -> None:
    for _ in range(40):
        pressure.note_failure(LANE, NOW)
    wait = pressure.wait_for(LANE, NOW)
    assert wait is not None
    assert wait.seconds == 30


def test_pressure_is_forgotten_after_a_quarter_of_an_hour(db: None) -> None:
    for _ in range(9):
        pressure.note_failure(LANE, NOW)
    assert pressure.wait_for(LANE, NOW + pressure.FORGOTTEN_AFTER) is None


def test_a_ticket_is_spent_by_its_use(db: None) -> None:
    ticket = pressure.waiting(LANE, NOW, 5).ticket
    pressure.spend(ticket, LANE, NOW + 5)
    with pytest.raises(StaleTicket):
        pressure.spend(ticket, LANE, NOW + 6)


def test_a_ticket_that_is_not_ripe_stays_good(db: None) -> None:
    ticket = pressure.waiting(LANE, NOW, 5).ticket
    with pytest.raises(TooEarly) as early:
        pressure.spend(ticket, LANE, NOW + 2)
    assert early.value.seconds == 3
    pressure.spend(ticket, LANE, NOW + 5)


@pytest.mark.parametrize("lane", [LANE, "cd" * 32])
def test_a_ticket_of_another_account_or_a_forged_one_is_refused(db: None, lane: str) -> None:
    ticket = pressure.waiting(LANE, NOW, 0).ticket
    spoiled = ticket if lane != LANE else ticket[:-3] + ("AAA" if ticket[-3:] != "AAA" else "BBB")
    with pytest.raises(StaleTicket):
        pressure.spend(spoiled, lane, NOW + 1)


@pytest.mark.rule("T3")
def test_what_was_typed_into_the_wrong_field_is_not_kept(olena: Person) -> None:
    olena.sign_in(name=olena.welcome.passphrase)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM operators_pressure")
        assert olena.welcome.passphrase.split()[0] not in str(cursor.fetchall())


@pytest.mark.rule("T14")
def test_a_full_line_turns_the_next_away_at_once() -> None:
    queue, entered, leave = Queue(at_once=1, in_line=1), threading.Event(), threading.Event()

    def work() -> None:
        with queue.turn():
            entered.set()
            leave.wait(5)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    entered.wait(5)
    while queue.is_open():
        pass
    with pytest.raises(TooBusy), queue.turn():
        pass
    leave.set()
    for worker in workers:
        worker.join()
    with queue.turn():
        pass


@pytest.mark.rule("T14")
def test_a_crowd_of_strangers_is_asked_to_wait_and_a_known_browser_is_not(
    olena: Person, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    olena.sign_in()
    full = Queue(at_once=1, in_line=0)
    monkeypatch.setattr(signing_in, "STRANGERS", full)
    with full.turn():
        assert Client().post("/sign-in/", olena.said()).status_code == 429
        assert olena.sign_in().status_code == 303
