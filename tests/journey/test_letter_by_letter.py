# SPDX-License-Identifier: AGPL-3.0-or-later
"""The invented web applications go in through the real form, and come out at the desk letter by letter."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page
from tests.journey.conftest import Desks, Line
from tests.journey.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

APPLICATIONS = [json.loads(line) for line in (Path(__file__).parent / "applications.jsonl").read_text().splitlines()]
TEXT_MAX = 10_000


@pytest.fixture
def desk(desks: Desks) -> Page:
    return desks.of("olena")


def exact_text(said: Locator) -> str:
    """What the person sent, read back from the page: what stands behind each mark instead of the mark."""
    script = """element => [...element.childNodes].map(node => {
        const points = node.dataset?.raw;
        if (!points) return node.textContent;
        const [point, times] = points.split('*');
        return String.fromCodePoint(parseInt(point, 16)).repeat(Number(times || 1));
    }).join('')"""
    return str(said.evaluate(script))


@pytest.mark.rule("T8", "R2", "R3")
def test_every_web_application_comes_out_letter_by_letter(line: Line, desk: Page) -> None:
    sent: dict[str, list[str]] = {}
    for application in APPLICATIONS:
        person = Person(line, application["language"])
        digits = person.apply(application)
        kept = [application["messages"][0]]
        for text in application["messages"][1:]:
            answer = person.write(digits, text)
            assert answer.status_code == (200 if len(text) <= TEXT_MAX else 400), answer.text
            if len(text) <= TEXT_MAX:
                kept.append(text)
            else:
                assert "10000" in re.sub(r"\D", "", answer.text)
        sent[application["id"]] = [text.replace("\r\n", "\n") for text in kept]
    found = _everything_at_the_desk(line, desk, sum(len(one) for one in sent.values()))
    for texts in sent.values():
        assert texts in found


def _everything_at_the_desk(line: Line, desk: Page, expected: int) -> list[list[str]]:
    """The texts of every waiting case, in order, once all of them have arrived."""
    for _ in range(60):
        cases = _cases(line, desk)
        found = []
        for case in cases:
            desk.goto(line.desk + case)
            found.append([exact_text(said) for said in desk.locator(".bubble.theirs .said").all()])
        if sum(len(texts) for texts in found) >= expected:
            return found
        desk.wait_for_timeout(500)
    pytest.fail("not everything arrived at the desk")


def _cases(line: Line, desk: Page) -> list[str]:
    desk.goto(f"{line.desk}/queue/")
    links = desk.locator("main a[href^='/cases/'], a[href^='/cases/']").all()
    return list(dict.fromkeys(str(link.get_attribute("href")) for link in links if link.get_attribute("href")))
