# SPDX-License-Identifier: AGPL-3.0-or-later
"""R50: merged conversations stand as one in time, each line with its case, and one answer goes to one of them."""

import re

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_merging import acts_told, merged, second, two
from tests.desk.conftest import House

from safeconduct.desk.cases import acts, cell, reading, together
from safeconduct.desk.cases.errors import CaseGone, NotMerged
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import Purpose

__all__ = ["second", "two"]
pytestmark = [pytest.mark.django_db, pytest.mark.rule("R50")]


@pytest.fixture
def one_person(hand: Hand, second: Hand, two: tuple[str, str], line: Line, person: Person) -> tuple[str, str]:
    """Two cases, merged; then the person wrote once more in the older one."""
    merged(hand, second, two)
    line.write(person, "пишу знову")
    line.collect()
    return two


def case_page(browser: Client, number: str) -> str:
    return str(browser.get(f"/cases/{number}/").content.decode())


def page_of(browser: Client, number: str) -> str:
    return str(browser.get(f"/cases/{number}/together/").content.decode())


def test_both_conversations_stand_in_one_order_each_line_with_its_case(
    operator: Client, one_person: tuple[str, str]
) -> None:
    page = page_of(operator, one_person[1])
    places = [page.index(words) for words in ("хочу жить", "это снова я", "пишу знову")]
    assert places == sorted(places)
    lines = re.findall(r'<li class="bubble theirs.*?</li>', page, re.DOTALL)
    assert [re.findall(r'"origin">([0-9-]+)<', one) for one in lines] == [
        [one_person[0]],
        [one_person[1]],
        [one_person[0]],
    ]


def test_the_answer_goes_to_where_they_wrote_last_and_nowhere_else(
    operator: Client, one_person: tuple[str, str]
) -> None:
    page = page_of(operator, one_person[1])
    assert f"They wrote last in case {one_person[0]}: your answer goes there alone" in page
    address = re.search(r'action="(/cases/[0-9-]+/reply/)"', page)
    assert address
    hidden = dict(re.findall(r'name="(seen|form|together)" value="([^"]+)"', page))
    answer = operator.post(address[1], hidden | {"text": "Ми тут"})
    assert answer.headers["Location"] == f"/cases/{one_person[0]}/together/#end"
    replies = StoredEnvelope.objects.filter(purpose=Purpose.TO_PERSON.value)
    assert [row.case.number for row in replies] == [one_person[0]]
    assert "Ми тут" in page_of(operator, one_person[1])


@pytest.mark.rule("R49")
def test_reading_them_together_is_a_recorded_reading_of_each(
    house: House, operator: Client, one_person: tuple[str, str]
) -> None:
    page_of(operator, one_person[1])
    assert not StoredEnvelope.objects.filter(opened_day=None).exists()
    assert acts_told(house).count("cases.read") == len(one_person)


def test_the_case_says_that_there_is_more(operator: Client, one_person: tuple[str, str]) -> None:
    page = operator.get(f"/cases/{one_person[1]}/").content.decode()
    assert "This person has another conversation" in page
    assert f'href="/cases/{one_person[1]}/together/#end"' in page


def test_taken_apart_each_stands_alone_again(
    hand: Hand, second: Hand, operator: Client, one_person: tuple[str, str]
) -> None:
    merged(hand, second, one_person)  # the same two steps undo it
    with pytest.raises(NotMerged):
        together.read(hand, one_person[0])
    answer = operator.get(f"/cases/{one_person[0]}/together/")
    assert answer.headers["Location"] == f"/cases/{one_person[0]}/"
    alone = operator.get(f"/cases/{one_person[0]}/").content.decode()
    assert "это снова я" not in alone
    assert "This person has another conversation" not in alone


def test_many_messages_are_read_by_pages_without_a_gap(
    line: Line, hand: Hand, one_person: tuple[str, str], person: Person
) -> None:
    for number in range(reading.PAGE + 5):
        line.write(person, f"№{number}.")
    line.collect()
    seen, before = [], 0
    while True:
        found = together.read(hand, one_person[1], before=before)
        seen += [one.entry.item.stored.pk for one in found.lines]
        assert {one.case.number for one in found.lines} <= set(one_person)
        before = found.span.older
        if not before:
            break
    words = StoredEnvelope.objects.filter(sort="words").values_list("pk", flat=True)
    assert set(words) <= set(seen)


@pytest.mark.rule("R5")
def test_a_frozen_one_warns_in_all(operator: Client, one_person: tuple[str, str]) -> None:
    Case.objects.filter(number=one_person[1]).update(frozen_day="2026-11-01")
    assert "One of these conversations is frozen" in page_of(operator, one_person[0])
    warned = ["One of these conversations is frozen" in case_page(operator, number) for number in one_person]
    assert warned == [True, False]  # the other says it of itself


@pytest.mark.rule("R16")
def test_what_the_cell_has_is_seen_by_intake_and_not_answered(
    hand: Hand, planner: Hand, operator: Client, one_person: tuple[str, str]
) -> None:
    acts.read(hand, one_person[0])
    cell.offer(hand, one_person[0], handover=planner.team.public)
    cell.accept(planner, one_person[0])
    page = page_of(operator, one_person[1])
    assert "nothing can be answered there by you now" in page
    assert "/reply/" not in page
    with pytest.raises(NotMerged):  # of the other the planner sees nothing, not even that it is there
        together.read(planner, one_person[0])
    with pytest.raises(CaseGone):
        together.read(planner, one_person[1])
