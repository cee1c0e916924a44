# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.desk.cases.conftest import Line, Window, chromium, line, window
from tests.desk.cases.test_rotation_browser import sign_in
from tests.desk.conftest import House

from safeconduct.desk.emergency import acts
from safeconduct.desk.operators.roles import Role

__all__ = ["chromium", "line", "window"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.rule("R51")]


def test_an_open_queue_is_cleared_by_itself_when_somebody_locks_everybody(
    window: Window, live_server: Any, house: House, line: Line
) -> None:
    line.apply_new("таємниця")
    line.collect()
    said = house.person(Role.OPERATOR).said()
    window.do(lambda page: sign_in(page, live_server.url, said))
    acts.lock_everybody(house.person(Role.SUPERVISOR).operator)

    def cleared(page: Page) -> str:
        expect(page).to_have_url(re.compile("/unlock/"), timeout=30_000)  # several of its parts ask
        return page.inner_text("h1")

    assert window.do(cleared) == "The desk is locked"


def test_a_supervisor_locks_everybody_by_keyboard_alone_and_is_locked_too(
    window: Window, live_server: Any, house: House, line: Line
) -> None:
    said = house.person(Role.SUPERVISOR).said()

    def lock(page: Page) -> str:
        sign_in(page, live_server.url, said)
        page.goto(f"{live_server.url}/keys/")
        page.locator("main >> text=Emergency").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/keys/emergency/")
        page.locator("main button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/unlock/")
        return page.inner_text("h1")

    assert window.do(lock) == "The desk is locked"
