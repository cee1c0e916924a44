# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two colleagues answer one person: nothing that either typed is lost, and neither is refused for ever."""

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_case_page import hidden, opened, read_back, said

from safeconduct.desk.cases.models import Draft

TEXT = "Тримайтеся.\nМи тут."
Answer = Callable[[Client, str], None]


def box(page: str) -> str:
    found = re.search(r'<textarea id="reply"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found.group(1))


def again(page: str) -> dict[str, str]:
    """What the browser posts from a page that was refused."""
    reopen = {"reopen": "yes"} if 'name="reopen"' in page else {}
    return said(page, box(page)) | reopen


def press(browser: Client, address: str, move: str) -> None:
    page = browser.get(address).content.decode()
    assert browser.post(f"{address}status/", {"move": move, "seen": hidden(page, "seen")}).status_code == 303


def answers(browser: Client, address: str) -> None:
    page = browser.get(address).content.decode()
    assert browser.post(f"{address}reply/", said(page, "відповідь колеги")).status_code == 303


def settles(browser: Client, address: str) -> None:
    press(browser, address, "settle")


def closes(browser: Client, address: str) -> None:
    press(browser, address, "close")


@pytest.fixture
def crossed(line: Line, person: Person, operator: Client, colleague: Client) -> Callable[[Answer], tuple[str, str]]:
    """A page is open; the person writes; a colleague deals with it. What the page then answers to a reply."""

    def cross(deals: Answer) -> tuple[str, str]:
        address, page = opened(operator, line, person)
        line.write(person, "я вже в дорозі")
        line.collect()
        deals(colleague, address)
        refused = operator.post(f"{address}reply/", said(page, TEXT))
        assert refused.status_code == 409
        return address, refused.content.decode()

    return cross


@pytest.mark.rule("R14")
@pytest.mark.parametrize("deals", [answers, settles, closes])
def test_an_answer_that_a_colleague_was_before_is_sent_with_the_next_press(
    line: Line, person: Person, operator: Client, crossed: Callable[[Answer], tuple[str, str]], deals: Answer
) -> None:
    address, page = crossed(deals)
    assert "New since you last looked" in page
    assert "я вже в дорозі" in read_back(page)
    assert operator.post(f"{address}reply/", again(page)).status_code == 303
    assert read_back(operator.get(address).content.decode())[-1] == TEXT
    assert line.case(person).state == "answered"


@pytest.mark.parametrize("deals", [answers, settles, closes])
def test_what_was_refused_stands_in_the_box_when_the_case_is_opened_anew(
    operator: Client, crossed: Callable[[Answer], tuple[str, str]], deals: Answer
) -> None:
    address, page = crossed(deals)
    assert box(page) == TEXT
    anew = operator.get(address).content.decode()
    assert box(anew) == TEXT
    assert operator.post(f"{address}reply/", again(anew)).status_code == 303
    assert not Draft.objects.exists()


def test_a_refused_page_that_is_posted_again_as_it_was_shows_the_same(
    line: Line, person: Person, operator: Client, colleague: Client
) -> None:
    address, page = opened(operator, line, person)
    line.write(person, "я вже в дорозі")
    line.collect()
    answers(colleague, address)
    for _ in range(2):
        refused = operator.post(f"{address}reply/", said(page, TEXT))
        assert (refused.status_code, box(refused.content.decode())) == (409, TEXT)


def test_who_is_crossed_twice_is_told_twice_and_then_sends(
    line: Line, person: Person, operator: Client, colleague: Client, crossed: Callable[[Answer], tuple[str, str]]
) -> None:
    address, page = crossed(answers)
    line.write(person, "чуєте?")
    line.collect()
    closes(colleague, address)
    refused = operator.post(f"{address}reply/", again(page))
    assert refused.status_code == 409
    assert operator.post(f"{address}reply/", again(refused.content.decode())).status_code == 303
    assert line.case(person).state == "answered"


def test_a_case_closed_while_nobody_wrote_says_so_and_opens_with_the_answer(
    line: Line, person: Person, operator: Client, colleague: Client
) -> None:
    address, page = opened(operator, line, person)
    closes(colleague, address)
    refused = operator.post(f"{address}reply/", said(page, TEXT))
    assert "a colleague has closed this case meanwhile" in refused.content.decode()
    assert operator.post(f"{address}reply/", again(refused.content.decode())).status_code == 303
    assert line.case(person).state == "answered"


@pytest.mark.parametrize("spoilt", [{"seen": "x"}, {"form": "0"}, {"seen": ""}])
def test_a_form_that_was_not_whole_is_whole_when_it_is_shown_again(
    line: Line, person: Person, operator: Client, spoilt: dict[str, str]
) -> None:
    address, page = opened(operator, line, person)
    refused = operator.post(f"{address}reply/", said(page, TEXT) | spoilt)
    assert refused.status_code == 400
    assert operator.post(f"{address}reply/", again(refused.content.decode())).status_code == 303
    assert read_back(operator.get(address).content.decode())[-1] == TEXT


def test_what_was_typed_while_the_cell_took_the_case_over_can_still_be_read(
    line: Line, person: Person, operator: Client
) -> None:
    address, page = opened(operator, line, person)
    case = line.case(person)
    type(case).objects.filter(pk=case.pk).update(with_cell="cell")
    refused = operator.post(f"{address}reply/", said(page, TEXT))
    assert (refused.status_code, box(refused.content.decode())) == (409, TEXT)
    assert "Ми тут." in operator.get(address).content.decode()
