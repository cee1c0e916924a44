# SPDX-License-Identifier: AGPL-3.0-or-later
"""A security key in place of the code. The browser's own virtual key is touched; nothing of ours pretends to be one."""

import dataclasses
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import CDPSession, Page
from tests.desk.cases.conftest import Window
from tests.desk.conftest import House, Person

from safeconduct.desk.operators import acts, security_keys, sessions
from safeconduct.desk.operators.errors import KeyNotBelieved
from safeconduct.desk.operators.models import SecurityKey
from safeconduct.desk.operators.roles import Role

BY_KEY = "text=Use a security key instead of the code"
STICK = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": False,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(live_server: Any, settings: Any) -> str:
    """The address that the browser shows, which is what a security key signs."""
    settings.DESK = dataclasses.replace(settings.DESK, origin=live_server.url)
    return str(live_server.url)


def with_stick(page: Page) -> tuple[CDPSession, str]:
    """Put a security key into the machine."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    return tools, tools.send("WebAuthn.addVirtualAuthenticator", {"options": STICK})["authenticatorId"]


def fill(page: Page, said: dict[str, Any], *, code: bool) -> None:
    page.wait_for_url(re.compile("sign-in|unlock"))
    page.wait_for_load_state()  # the key is a script's, and scripts come after the page
    page.locator("[name=code]" if code else "[name=passphrase]").wait_for()
    for name in ("name", "passphrase", *(["code"] if code else [])):
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", said[name])


def register(page: Page, desk: str, said: dict[str, Any]) -> None:
    page.goto(f"{desk}/sign-in/")
    fill(page, said, code=True)
    page.click("main button:has-text('Sign in')")
    page.wait_for_url("**/queue/")
    page.goto(f"{desk}/people/")
    page.click("main >> text=Your security keys")
    page.wait_for_url("**/keys/own/")
    page.wait_for_load_state()  # the key is a script's, and scripts come after the page
    page.fill("#label", "blue")
    page.click("text=Register a security key")
    page.locator("th:has-text('blue')").wait_for()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("T12")
def test_a_person_registers_a_key_and_signs_in_and_unlocks_with_it(window: Window, desk: str, house: House) -> None:
    said = house.person(Role.OPERATOR).said()

    def work(page: Page) -> tuple[str, int]:
        tools, stick = with_stick(page)
        register(page, desk, said)
        page.click("header >> text=Sign out")
        fill(page, said, code=False)
        page.click(BY_KEY)
        page.wait_for_url("**/queue/")
        page.click("header >> text=Lock")
        fill(page, said, code=False)
        page.click(BY_KEY)
        page.wait_for_url("**/queue/")
        stored = tools.send("WebAuthn.getCredentials", {"authenticatorId": stick})["credentials"]
        return page.inner_text("header .who strong"), sum(one["isResidentCredential"] for one in stored)

    assert window.do(work) == ("operator one", 0)  # the key itself tells nobody whose it is
    assert SecurityKey.objects.get().count > 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("T12")
def test_another_persons_key_opens_nothing_and_the_code_still_does(window: Window, desk: str, house: House) -> None:
    first, second = house.person(Role.OPERATOR), house.person(Role.SUPERVISOR)
    SecurityKey.objects.create(
        operator=second.operator, credential=b"theirs", public=b"x", count=0, label="red", added="2026-11-22"
    )
    said, mine = second.said(), first.said()

    def work(page: Page) -> tuple[bool, str]:
        with_stick(page)
        register(page, desk, mine)
        page.click("header >> text=Sign out")
        fill(page, said, code=False)
        page.click(BY_KEY)
        page.locator("[data-trouble]").wait_for()
        entered = page.locator("header.head").count() > 0
        page.click("text=Back to passphrase and code")
        fill(page, said, code=True)
        page.click("main button:has-text('Sign in')")
        page.wait_for_url("**/queue/")
        return entered, page.inner_text("header .who strong")

    assert window.do(work) == (False, "supervisor one")


@pytest.fixture
def owner(house: House) -> Person:
    """Someone with a key that was registered, though nobody here can touch it."""
    person = house.person(Role.OPERATOR)
    SecurityKey.objects.create(
        operator=person.operator, credential=b"stick", public=b"\xa0", count=0, label="blue", added="2026-11-22"
    )
    return person


def begin(person: Person, **changed: str) -> Any:
    return person.browser.post("/sign-in/", person.said(code="", second="key", **changed))


def test_the_passphrase_alone_opens_nothing(owner: Person) -> None:
    assert begin(owner).headers["Location"] == "/sign-in/key/"
    assert "Touch your security key" in owner.browser.get("/sign-in/key/").content.decode()
    for page in ("/queue/", "/people/", "/keys/own/"):
        assert owner.browser.get(page).headers["Location"].startswith("/sign-in/")


def test_who_has_no_key_or_a_wrong_passphrase_is_refused_alike(house: House, owner: Person) -> None:
    keyless = house.person(Role.SUPERVISOR)
    answers = [begin(keyless), begin(owner, passphrase="wrong words")]
    assert [answer.status_code for answer in answers] == [400, 400]
    mains = [answer.content.decode().split("<main")[1] for answer in answers]
    assert mains[0].replace("supervisor one", "").count("That did not fit") == mains[1].count("That did not fit") == 1


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        "[]",
        "null",
        "7",
        "{",
        '{"id": 1}',
        '{"id":"","rawId":"","type":"public-key","response":{}}',
        "x" * 20_000,
    ],
)
@pytest.mark.rule("T8")
def test_what_is_no_answer_is_refused_once_and_the_challenge_is_gone(owner: Person, said: str) -> None:
    begin(owner)
    assert owner.browser.post("/sign-in/key/", {"answer": said}).status_code == 400
    assert owner.browser.post("/sign-in/key/", {"answer": said}).headers["Location"] == "/sign-in/"
    with pytest.raises(KeyNotBelieved):
        security_keys.register(owner.operator, "red", said, bytes(32))


def test_without_the_cookie_the_half_opened_session_is_worth_nothing(owner: Person) -> None:
    begin(owner)
    del owner.browser.cookies["__Host-unlock"]
    assert owner.browser.post("/sign-in/key/", {"answer": "{}"}).headers["Location"] == "/sign-in/"


@pytest.mark.rule("T3")
def test_a_half_opened_session_that_was_left_loses_its_key(owner: Person) -> None:
    begin(owner)
    assert "half" in Session.objects.get().get_decoded()
    late = Session.objects.get().get_decoded()["since"] + sessions.HALF_SECONDS + 1
    assert sessions.sweep(clock=lambda: late) == 1
    assert "half" not in Session.objects.get().get_decoded()
    assert owner.browser.get("/sign-in/key/").headers["Location"] == "/sign-in/"


def test_a_key_is_removed_by_its_owner_alone_and_goes_with_a_new_passphrase(house: House, owner: Person) -> None:
    pk = SecurityKey.objects.get().pk
    house.signed_in(Role.SUPERVISOR).post(f"/keys/own/{pk}/remove/")
    assert SecurityKey.objects.exists()
    browser: Client = house.signed_in(Role.OPERATOR)
    assert browser.post(f"/keys/own/{pk}/remove/").status_code == 302
    assert not SecurityKey.objects.exists()


@pytest.mark.parametrize("act", ["renew", "deactivate"])
def test_a_new_passphrase_and_leaving_both_take_the_keys(house: House, owner: Person, act: str) -> None:
    getattr(acts, act)(owner.operator, actor=house.person(Role.ADMINISTRATOR).operator)
    assert not SecurityKey.objects.exists()


def test_a_key_needs_a_name_and_a_challenge_of_this_page(house: House) -> None:
    browser = house.signed_in(Role.EDITOR)
    assert browser.post("/keys/own/add/", {"label": "blue", "answer": "{}"}).status_code == 400
    browser.get("/keys/own/")
    assert browser.post("/keys/own/add/", {"label": "  ", "answer": "{}"}).status_code == 400
    assert browser.post("/keys/own/add/", {"label": "blue", "answer": "{}"}).status_code == 400
