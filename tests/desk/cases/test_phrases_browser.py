# SPDX-License-Identifier: AGPL-3.0-or-later
"""The phrasebook in a browser: picked in Ukrainian or English, put into the reply in the person's language."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.desk.cases.conftest import Line, Window
from tests.desk.cases.test_browser import violations
from tests.desk.conftest import House

from safeconduct.desk.alerts.audited import LATE
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.phrasebook import book

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = {"viewport": {"width": 320, "height": 720}}
PICTURES = os.environ.get("SAFECONDUCT_TEST_PICTURES", "")


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=True)


@pytest.fixture
def signed_in(live_server: Any, house: House, line: Line) -> Callable[[Page, Role], str]:
    """Through the door; gives the desk's address."""
    said = {role: house.person(role).said() for role in (Role.OPERATOR, Role.EDITOR)}

    def go(page: Page, role: Role) -> str:
        page.goto(f"{live_server.url}/sign-in/")
        for name, value in said[role].items():
            page.fill(f"[name={name}]", value)
        page.click("main button")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return str(live_server.url)

    return go


def pictured(page: Page, name: str) -> bool:
    """Whether nothing stands beside the page's edge. Keeps a picture where one is asked for."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(
    "window",
    [{}, {"java_script_enabled": False}, SMALL],
    ids=["scripts", "no scripts", "small"],
    indirect=True,
)
def test_an_operator_picks_a_sentence_that_goes_into_the_reply(
    window: Window, signed_in: Callable[[Page, Role], str], line: Line, request: pytest.FixtureRequest
) -> None:
    line.apply_new("كم ننتظر؟", language="ar")
    line.collect()
    name = request.node.callspec.id.replace(" ", "-")

    def work(page: Page) -> tuple[str, list[bool]]:
        signed_in(page, Role.OPERATOR)
        page.click("#rows tbody a")
        page.fill("#reply", "مرحبا")
        page.click("section button:has-text('Phrasebook')")
        page.fill("[name=q]", "minutes")
        page.click("main form.asking button")
        page.fill("#wait_minutes-count", "7")
        fits = [pictured(page, f"pick-{name}")]
        page.locator("#p-wait_minutes").scroll_into_view_if_needed()
        page.click("#p-wait_minutes button:has-text('Put into the reply')")
        page.wait_for_url("**/cases/**")
        fits.append(pictured(page, f"case-{name}"))
        return page.input_value("#reply"), fits

    text, fits = window.do(work)
    assert text == "مرحبا\n\n" + book.shipped("wait_minutes", "ar")[3].format(count=7)
    assert all(fits)


@pytest.mark.parametrize("window", [{}, SMALL], ids=["wide", "small"], indirect=True)
def test_every_page_of_the_phrasebook_and_of_the_alerts_fits_its_window(
    window: Window, signed_in: Callable[[Page, Role], str], line: Line, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    raise_alert(LATE)
    (tmp_path / "alerts.toml").write_text('[[transport]]\nname = "mail"\nurl = "mailtos://mail.example.org"\n')
    (tmp_path / "alerts.toml").chmod(0o600)
    name = request.node.callspec.id

    def look(page: Page) -> list[bool]:
        desk = signed_in(page, Role.OPERATOR)
        fits = []
        for path in ("/phrasebook/?to=ar", "/alerts/"):
            page.goto(desk + path)
            fits.append(pictured(page, path.strip("/").split("/")[0] + "-" + name))
        page.click("header form[action*='sign-out'] button")
        signed_in(page, Role.EDITOR)
        for path in ("/wordings/", "/wordings/ar/", "/wordings/ar/unit_confirm/"):
            page.goto(desk + path)
            fits.append(pictured(page, path.strip("/").replace("/", "-") + "-" + name))
        page.goto(f"{desk}/wordings/ar/hello/")
        page.click("main form button")
        page.wait_for_url("**/drafts/**")
        fits.append(pictured(page, f"draft-{name}"))
        return fits

    assert all(window.do(look))


@pytest.mark.parametrize(
    "window", [{"color_scheme": scheme, "bypass_csp": True} for scheme in ("light", "dark")], indirect=True
)
def test_axe_finds_nothing_on_the_phrasebook_and_the_alerts(
    window: Window, signed_in: Callable[[Page, Role], str], pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    axe = pytestconfig.rootpath / "tests" / "edge" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    source = axe.read_text(encoding="utf-8")
    raise_alert(LATE)
    (tmp_path / "alerts.toml").write_text('[[transport]]\nname = "mail"\nurl = "mailtos://mail.example.org"\n')
    (tmp_path / "alerts.toml").chmod(0o600)

    def look(page: Page) -> list[list[str]]:
        desk = signed_in(page, Role.OPERATOR)
        found = []
        for path in ("/phrasebook/?to=ar", "/phrasebook/?q=zzzz", "/alerts/"):
            page.goto(desk + path)
            found.append(violations(page, source))
        page.click("header form[action*='sign-out'] button")
        signed_in(page, Role.EDITOR)
        for path in ("/wordings/", "/wordings/ar/", "/wordings/ar/unit_confirm/"):
            page.goto(desk + path)
            found.append(violations(page, source))
        return found

    assert window.do(look) == [[]] * 6


def test_a_page_that_stays_open_shows_an_alert_by_itself(
    window: Window, signed_in: Callable[[Page, Role], str]
) -> None:
    def wait(page: Page) -> None:
        signed_in(page, Role.OPERATOR)
        page.evaluate("document.querySelector('#alerts').setAttribute('hx-trigger', 'every 1s')")
        page.evaluate("htmx.process(document.querySelector('#alerts'))")

    window.do(wait)
    raise_alert(LATE)
    assert window.do(lambda page: page.locator("#alerts a").inner_text(timeout=40_000)) == "1 alert"
