# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of the telephone: whose phone is asked for, what is recorded, and what keeps nobody awake."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.desk.conftest import House
from tests.desk.telephone.parts import SomeBrowser, SomeCaller

from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases.models import Case
from safeconduct.desk.operators import acts, duty
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.telephone import door, page, sip_names
from safeconduct.desk.telephone.calls import Told
from safeconduct.desk.telephone.settings import socket_in
from safeconduct.desk.telephone.switchboard import Switchboard

PHONE = sip_names.phone("operator one")
HX = {"HTTP_HX_REQUEST": "true"}


class Exchange:
    """A softphone's process in a thread, at which a test lets phones ring."""

    def __init__(self, path: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._board = Switchboard(SomeBrowser)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = self._do(door.serve(path, self._board))
        self.callers: list[SomeCaller] = []

    def _do(self, act: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(5)

    def ring(self, phone: str, conversation: str = "") -> SomeCaller:
        async def ring() -> SomeCaller:
            caller = SomeCaller(phone)
            caller.told = Told(phone, "uk", conversation, 30)
            self.task = asyncio.create_task(self._board.ring(caller))
            await asyncio.sleep(0.01)
            return caller

        self.callers.append(self._do(ring()))
        return self.callers[-1]

    def close(self) -> None:
        async def stop() -> None:
            self._server.close()
            await self._board.close()
            await asyncio.sleep(0.05)

        self._do(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    monkeypatch.setattr(page, "HELD_SECONDS", 0.2)
    running = Exchange(socket_in(tmp_path))
    yield running
    running.close()


def seen(browser: Client, known: int = -1) -> dict[str, Any]:
    got: dict[str, Any] = browser.get("/phone/state/", {"known": known}, **HX).json()  # type: ignore[arg-type]
    return got


def answer(browser: Client, call: str, offer: str = "v=0") -> Any:
    return browser.post("/phone/answer/", {"call": call, "offer": offer})


@pytest.fixture
def second(house: House) -> Callable[[], Client]:
    def signed_in() -> Client:
        person = house.newcomer(acts.add_operator("operator two", Role.OPERATOR))
        assert person.sign_in().status_code == 303
        return person.browser

    return signed_in


def test_a_call_is_shown_in_words_and_answered(operator: Client, exchange: Exchange) -> None:
    assert seen(operator)["state"] == "idle"
    exchange.ring(PHONE)
    ringing = seen(operator)
    assert (ringing["state"], ringing["language"], ringing["case"]) == ("ringing", "Ukrainian", "")
    assert answer(operator, ringing["call"]).json() == {"answer": "half of v=0"}


@pytest.mark.rule("R49")
def test_an_answered_call_is_recorded_and_a_refused_one_is_not(operator: Client, exchange: Exchange) -> None:
    seen(operator)
    exchange.ring(PHONE)
    before = Entry.objects.count()
    answer(operator, secrets.token_hex(8))
    assert Entry.objects.count() == before
    answer(operator, seen(operator)["call"])
    assert Entry.objects.count() == before + 1


@pytest.mark.rule("T6")
def test_a_second_operator_cannot_see_answer_or_end_anothers_call(
    operator: Client, second: Callable[[], Client], exchange: Exchange
) -> None:
    seen(operator)
    caller = exchange.ring(PHONE)
    call, other = seen(operator)["call"], second()
    assert seen(other)["state"] == "idle"
    assert answer(other, call).status_code == 404
    for act, more in (("hold", {"on": "yes"}), ("press", {"keys": "1"})):
        assert other.post(f"/phone/{act}/", {"call": call, **more}).status_code == 404
    other.post("/phone/hang-up/", {"call": call, "phone": PHONE})
    assert caller.did == []
    assert seen(operator)["state"] == "ringing"


def test_the_case_that_the_line_names_stands_beside_the_call(operator: Client, exchange: Exchange) -> None:
    case = Case.objects.create(
        number="26-4711", conversation=bytes(16), waiting_since="2026-01-01T00:00Z", urgency=1, last_day="2026-01-01"
    )
    seen(operator)
    exchange.ring(PHONE, conversation=bytes(16).hex())
    shown = seen(operator)
    assert (shown["number"], shown["case"]) == (case.number, "/cases/26-4711/")


def test_a_look_is_held_until_it_rings(operator: Client, exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "HELD_SECONDS", 10.0)
    known = seen(operator)["version"]
    threading.Timer(0.3, exchange.ring, [PHONE]).start()
    began = time.monotonic()
    assert seen(operator, known)["state"] == "ringing"
    assert 0.2 < time.monotonic() - began < 5


@pytest.mark.rule("T6")
def test_looking_keeps_nobody_awake(operator: Client, exchange: Exchange) -> None:
    session = operator.session
    session["touched"] = touched = int(time.time()) - 500
    session.save()
    assert seen(operator)["left"] < 110
    assert operator.session["touched"] == touched


@pytest.mark.rule("T6")
def test_asking_who_else_is_there_keeps_nobody_awake(operator: Client) -> None:
    session = operator.session
    session["touched"] = touched = int(time.time()) - 500
    session.save()
    assert operator.get("/phone/colleagues/", **HX).json() == {"colleagues": []}  # type: ignore[arg-type]
    assert operator.session["touched"] == touched


def test_a_whole_command_goes_to_the_line_as_it_is(operator: Client, exchange: Exchange) -> None:
    seen(operator)
    caller = exchange.ring(PHONE)
    call = seen(operator)["call"]
    answer(operator, call)
    for keys, status in (("*2104#", 200), ("*2 104#", 400), ("*2104#*2104#*", 400)):
        assert operator.post("/phone/press/", {"call": call, "keys": keys}).status_code == status
    assert caller.did == ["answered", "*2104#"]


@pytest.mark.rule("T6")
def test_a_locked_desk_is_told_nothing_of_a_call(operator: Client, exchange: Exchange) -> None:
    seen(operator)
    exchange.ring(PHONE)
    operator.post("/lock/")
    told = operator.get("/phone/state/", **HX)  # type: ignore[arg-type]
    assert (told.status_code, told.headers["HX-Redirect"][:8], told.content) == (204, "/unlock/", b"")


@pytest.mark.rule("T12")
def test_acts_want_the_forms_token(house: House, exchange: Exchange) -> None:
    person = house.person(Role.OPERATOR)
    person.browser = Client(enforce_csrf_checks=True)
    for act in ("answer", "hang-up", "hold", "press"):
        assert person.browser.post(f"/phone/{act}/", {"call": "0" * 16}).status_code == 403


@pytest.mark.rule("T12")
def test_only_the_telephones_page_may_use_a_microphone(operator: Client) -> None:
    assert "microphone=(self)" in operator.get("/phone/").headers["Permissions-Policy"]
    for other in ("/queue/", "/help/", "/nowhere/"):
        assert "microphone=()" in operator.get(other).headers["Permissions-Policy"]


def test_without_its_program_the_page_is_told_so_and_stays(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "DOWN_SECONDS", 0.0)
    assert seen(operator)["state"] == "down"
    assert operator.get("/phone/").status_code == 200
    assert answer(operator, "0" * 16).json() == {"refused": "down"}


@pytest.mark.parametrize("offer", ["", "x" * 40_000])
def test_an_offer_of_no_size_or_too_much_is_refused(operator: Client, exchange: Exchange, offer: str) -> None:
    seen(operator)
    exchange.ring(PHONE)
    refused = answer(operator, seen(operator)["call"], offer)
    assert (refused.status_code, refused.json()) == (400, {"refused": "bad offer"})


def test_the_page_tells_the_operators_own_address(operator: Client) -> None:
    assert f"sip:{PHONE}@127.0.0.1:5062" in operator.get("/phone/").content.decode()


def test_the_page_tells_the_operators_own_number(operator: Client) -> None:
    one = Operator.objects.get(name="operator one")
    assert f"Your number: {duty.number_of(one)}" in operator.get("/phone/").content.decode()


def test_in_ukrainian_the_keys_of_a_telephone_are_no_keys_of_a_lock(operator: Client) -> None:
    operator.cookies[settings.LANGUAGE_COOKIE_NAME] = "uk"
    assert "<legend>Клавіші</legend>" in operator.get("/phone/").content.decode()
