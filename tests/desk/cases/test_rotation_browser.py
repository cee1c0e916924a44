# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member who leaves while signed in, and the change of key that follows, as people meet them."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.desk.cases.conftest import Line, Window
from tests.desk.cases.test_rotation import opens
from tests.desk.conftest import House

from safeconduct.desk.operators import acts, rotation_acts
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import KeyRotation
from safeconduct.desk.operators.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, address: str, said: dict[str, Any]) -> None:
    page.goto(f"{address}/sign-in/")
    for name, value in said.items():
        page.fill(f"[name={name}]", value)
    page.click("main button:has-text('Sign in')")
    page.wait_for_url("**/queue/")


def test_who_is_removed_while_signed_in_is_led_out_of_the_page(
    window: Window, live_server: Any, house: House, line: Line
) -> None:
    said = house.person(Role.OPERATOR).said()
    window.do(lambda page: sign_in(page, live_server.url, said))
    acts.deactivate(house.person(Role.OPERATOR).operator, actor=house.person(Role.ADMINISTRATOR).operator)

    def led_out(page: Page) -> str:
        expect(page).to_have_url(re.compile("/sign-in/"), timeout=30_000)  # several of its parts ask
        return page.inner_text("h1")

    assert window.do(led_out) == "Sign in"


def test_a_rotation_goes_on_by_itself_and_again_after_it_was_left(
    window: Window, live_server: Any, house: House, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        line.apply_new("хочу жить")
    line.collect()
    monkeypatch.setattr(rotation_acts, "ROWS", 2)
    monkeypatch.setattr(rotation_acts, "SECONDS", 0)  # one piece a request, so that it is seen half-way
    said, supervisor = house.person(Role.OPERATOR).said(), house.person(Role.SUPERVISOR)

    def half(page: Page) -> int:
        sign_in(page, live_server.url, said)
        page.goto(f"{live_server.url}/keys/")
        page.click("text=Give the team a new key")
        while page.evaluate("document.querySelector('progress')?.value ?? 0") < 20:
            page.wait_for_timeout(50)
        page.goto("about:blank")  # the browser is closed
        return 0

    def whole(page: Page) -> tuple[str, bool]:
        page.goto(f"{live_server.url}/keys/")
        page.locator("text=Step 3 of 4").wait_for(timeout=30_000)
        return page.inner_text("#rotation"), page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    window.do(half)
    assert KeyRotation.objects.get().state in {"adding", "clearing"}
    told, fits = window.do(whole)
    assert "The board does not name the new key yet" in told
    assert fits
    newest = Keyring(supervisor.operator, house.opened(supervisor)).team_private("intake")
    assert (opens(line, newest), opens(line, house.keys["intake"])) == (40, 0)
