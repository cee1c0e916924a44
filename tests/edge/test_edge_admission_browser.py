# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question of a flood in headless Chromium: who can use it, with what."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.edge.test_edge_browser import AXE, CHROMIUM, FLAGS, NARROW, SPOKEN

from safeconduct.edge.board import View
from safeconduct.edge.web.bodies import identity
from safeconduct.edge.web.carriage import inputs
from safeconduct.edge.web.pages import Pages

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GAPS = {"first": "2", "second": "3", "sealed": "sealed", "carried": inputs({"text": "words", "ticket": "t"})}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.rule("R10", "T7")
@pytest.mark.parametrize("tag", SPOKEN)
def test_the_question_can_be_seen_heard_and_answered_with_the_keyboard(browser: Browser, tag: str) -> None:
    pages, context = Pages(View(), tuple(SPOKEN), demonstration=True), browser.new_context(locale=tag)
    page = context.new_page()
    page.set_viewport_size({"width": NARROW, "height": 600})
    for wrong in (False, True):
        page.set_content(identity(pages.question(tag, wrong=wrong).cast(GAPS)).decode())
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(f"axe.run({{runOnly: {json.dumps(TAGS)}}})")["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        assert re.search(r'group "2 \+ 3 = \?', page.locator("fieldset").aria_snapshot())
        page.focus("#sum-2")
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        assert page.evaluate("new FormData(document.forms[0]).get('sum')") == "5"
    context.close()
