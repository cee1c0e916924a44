# SPDX-License-Identifier: AGPL-3.0-or-later
"""Custody's pages as somebody meets them on a narrow screen, with a keyboard or with a screen reader."""

import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Page, sync_playwright
from tests.custody.conftest import ARRIVAL
from tests.custody.two_worlds.walking import paths

from safeconduct.desk.custody import acts, watching
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife.models import Visit
from safeconduct.desk.custody.complaints.models import Complaint
from safeconduct.desk.custody.inquiries.models import Inquiry
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.movements.models import Movement
from safeconduct.desk.custody.post.models import Piece
from safeconduct.desk.custody.reception.models import Sheet
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.camplife import Body
from safeconduct.vocabulary.custody import CampKind, PersonEvent

pytestmark = pytest.mark.browser

Doors = Callable[[Role], Client]
Looks = Callable[[dict[str, str]], list[str]]
AXE = Path("tests/edge/axe/node_modules/axe-core/axe.min.js")
FOUND = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}))
    .violations.map(one => one.id + ": " + one.nodes[0].html.slice(0, 200))"""
NO_PAGE = re.compile(
    r"/(head|awake|paper|print|receipt|card)/$|^/forms/.|^/sign-out/|^/lock/"
)  # papers, parts of pages, ways out
BEHIND_LINKS: tuple[type[Any], ...] = (Camp, Complaint, Inquiry, Movement, Piece, Sheet, Visit)
LONG = "Camp for other ranks in the former settlement of the Western d"[:60]


@pytest.fixture(scope="module")
def look() -> Iterator[Looks]:
    """Each page with its styles, 320 wide: what is wrong with it."""

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    where = shutil.which("chromium")

    def one(page: Page, path: str, html: str) -> list[str]:
        page.set_content(html)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        wide = ["wider than the screen"] * page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [f"{path}: {found}" for found in [*wide, *page.evaluate(FOUND)]]

    def every(page: Page, pages: dict[str, str]) -> list[str]:
        return [found for path, html in pages.items() for found in one(page, path, html)]

    with ThreadPoolExecutor(1) as thread:  # its event loop must not be the one that Django looks for
        playwright = thread.submit(sync_playwright().start).result()
        browser = thread.submit(lambda: playwright.chromium.launch(executable_path=where, args=flags)).result()
        page = thread.submit(lambda: browser.new_page(viewport={"width": 320, "height": 640})).result()
        yield lambda pages: thread.submit(every, page, pages).result()
        thread.submit(browser.close).result()
        thread.submit(playwright.stop).result()


@pytest.fixture
def lived_in(registrar: Operator, camp: Camp, person: Person, desk_of: Doors) -> Person:
    """Long names, a second camp, and something in every list and behind each of its links."""
    there = acts.open_camp(registrar, LONG, CampKind.HOSPITAL, {}, When(ARRIVAL))
    day = {"day": ARRIVAL.isoformat()}
    for role, path, said in (
        (Role.REGISTRAR, "/arrivals/", {"camp": str(there.pk), "numbers": "UA-0002", "ticket": "ab" * 16}),
        (Role.REGISTRAR, f"/camps/{camp.pk}/journey/", {"to": str(there.pk), "departs": "2026-10-20", "numbers": "UA-0001", "kind": "transfer"}),
        (Role.REGISTRAR, f"/camps/{camp.pk}/visits/ask/", {"body": Body.RED_CROSS.value}),
        (Role.BUREAU, "/inquiries/ask/", {"name": LONG, "asks": LONG}),
        (Role.BUREAU, "/bureau/persons/UA-0001/worry/", {"words": LONG}),
        (Role.MAIL_OFFICE, "/post/sheet/", {"sheet": "came", "kind": "parcel", "camp": str(camp.pk), "lines": "UA-0001", "ticket": "cd" * 16}),
        (Role.CAMP_COMMANDER, "/complaint/", {"words": LONG, "ill_treatment": "yes", "ticket": "ef" * 16}),
    ):  # fmt: skip
        assert desk_of(role).post(path, day | said).status_code in {200, 302, 303}, path
    for event in (PersonEvent.FELL_SICK, PersonEvent.COMPLAINED, PersonEvent.FEAR_STATED, PersonEvent.DIED):
        acts.happen(registrar, person, event, When(ARRIVAL))
    watching.work_out(date(2026, 11, 20))
    return person


def styled(html: str) -> str:
    """The page with its styles inside, because nothing is served here."""

    def sheet(found: re.Match[str]) -> str:
        path = finders.find(re.sub(r"\.[0-9a-f]{12}\.", ".", found[1]))
        assert isinstance(path, str), found[1]
        return f"<style>{Path(path).read_text(encoding='utf-8')}</style>"

    return re.sub(r'<link [^>]*href="/static/([^"?]+\.css)[^>]*>', sheet, html)


@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_every_page_of_an_office_is_narrow_and_open_to_everybody(
    desk_of: Doors, look: Looks, lived_in: Person, role: Role
) -> None:
    browser = desk_of(role)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "uk"  # its words are the longer ones
    number, rows = lived_in.number, {model: str(model.objects.order_by("pk")[0].pk) for model in BEHIND_LINKS}
    values = {"number": [number], "int": sorted(set(rows.values())), "visit": [rows[Visit]]}
    values |= {"code": ["card"], "language": ["uk"], "any": [number]}
    whole = [path for path in dict.fromkeys(paths(values)) if not NO_PAGE.search(path)]
    answers = {path: browser.get(path) for path in whole}
    pages = {
        path: styled(answer.content.decode())
        for path, answer in answers.items()
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    }
    assert len(pages) > 10
    assert look(pages) == []
