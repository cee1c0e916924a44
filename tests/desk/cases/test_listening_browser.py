# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listening to prompts in a real browser: the sound plays under the strict policy, on a wide and on a narrow screen."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Window
from tests.desk.cases.test_browser import SCRIPTS, violations
from tests.desk.conftest import House

from safeconduct.desk.operators.roles import Role
from safeconduct.speech.building import build
from safeconduct.speech.espeak import Espeak
from safeconduct.speech.prompts import hash_of, required

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """English, where one sentence of the instructions lacks."""
    folder = tmp_path_factory.mktemp("spoken")
    build(folder, "en", Espeak())
    (folder / "en" / f"{hash_of(required('en')[2])}.8000.wav").unlink()
    return folder


@pytest.fixture
def signed_in(live_server: Any, house: House, line: Line, settings: Any, spoken: Path) -> Callable[[Page, str], None]:
    settings.DESK = dataclasses.replace(settings.DESK, prompts=spoken)
    said = house.person(Role.OPERATOR).said()

    def go(page: Page, path: str) -> None:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url("**/queue/")
        page.goto(f"{live_server.url}{path}")

    return go


def test_a_prompt_plays(window: Window, signed_in: Callable[[Page, str], None]) -> None:
    def work(page: Page) -> float:
        signed_in(page, "/prompts/en/")
        page.evaluate("document.querySelector('audio').play()")
        page.wait_for_function("document.querySelector('audio').currentTime > 0")
        return float(page.evaluate("document.querySelector('audio').duration"))

    assert window.do(work) > 1


@SCRIPTS
def test_every_sentence_can_be_reached(window: Window, signed_in: Callable[[Page, str], None]) -> None:
    def work(page: Page) -> list[bool]:
        signed_in(page, "/prompts/")
        page.click("main >> text=English")
        page.click("summary >> text=Numbers and letters")
        return [page.is_visible("li:has(> p:text-is('60')) audio"), page.is_visible("text=1 sentence cannot be said")]

    assert window.do(work) == [True, True]


@pytest.mark.parametrize("path", ["/prompts/", "/prompts/en/", "/prompts/ar/"])
@pytest.mark.parametrize(
    "window",
    [
        {"bypass_csp": True, "viewport": {"width": width, "height": 800}, "color_scheme": scheme}
        for width, scheme in ((1280, "light"), (320, "dark"))
    ],
    indirect=True,
    ids=["wide", "narrow"],
)
def test_axe_finds_nothing_and_nothing_runs_out_of_the_screen(
    window: Window, signed_in: Callable[[Page, str], None], path: str, pytestconfig: pytest.Config
) -> None:
    axe = pytestconfig.rootpath / "tests" / "edge" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    source = axe.read_text(encoding="utf-8")

    def work(page: Page) -> list[str]:
        signed_in(page, path)
        is_too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return violations(page, source) + ["too wide"] * is_too_wide

    assert window.do(work) == []
