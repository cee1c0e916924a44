# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a reply to the phrasebook and back."""

import dataclasses
from typing import Any

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line

from safeconduct.desk.cases import acts
from safeconduct.desk.cases.models import Case, Draft
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.phrasebook import book


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=True)


@pytest.fixture
def number(line: Line) -> str:
    line.apply_new("що робити?")
    line.collect()
    return Case.objects.get().number


def test_a_sentence_goes_behind_what_is_being_written_and_its_sense_stands_beside(
    operator: Client, number: str
) -> None:
    operator.get(f"/cases/{number}/")
    answer = operator.post(f"/cases/{number}/reply/phrasebook/", {"text": "Чекайте.", "form": "a"})
    assert answer.headers["Location"].startswith(f"/phrasebook/?case={number}&to=")
    answer = operator.post(f"/cases/{number}/reply/phrase/", {"phrase": "hello", "to": "ar"})
    page = operator.get(answer.headers["Location"]).content.decode()
    assert f"Чекайте.\n\n{book.shipped('hello', 'ar')[0]}" in page
    assert "The last sentence means: Hello. A person is reading this now" in page


@pytest.mark.rule("T3")
def test_what_was_typed_into_a_sentence_stands_in_no_address_and_in_no_row(operator: Client, number: str) -> None:
    said = {"phrase": "hello_name", "to": "uk", "name": "Mariana"}
    answer = operator.post(f"/cases/{number}/reply/phrase/", said)
    assert "Mariana" not in answer.headers["Location"]
    assert b"Mariana" not in bytes(Draft.objects.get().sealed)
    assert "Mariana" in operator.get(answer.headers["Location"]).content.decode()


def test_a_value_that_cannot_stand_there_leads_back_to_its_sentence(operator: Client, number: str) -> None:
    said = {"phrase": "unit_confirm", "to": "uk", "count": "many"}
    answer = operator.post(f"/cases/{number}/reply/phrase/", said)
    assert (
        answer.headers["Location"] == f"/phrasebook/?case={number}&to=uk&phrase=unit_confirm&wrong=count#p-unit_confirm"
    )
    assert "“How many” cannot stand" in operator.get(answer.headers["Location"]).content.decode()
    assert not Draft.objects.exists()


@pytest.mark.rule("R12")
def test_a_real_line_puts_no_unread_sentence_into_a_reply(operator: Client, number: str, settings: Any) -> None:
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=False)
    assert operator.post(f"/cases/{number}/reply/phrase/", {"phrase": "hello", "to": "uk"}).status_code == 404


@pytest.mark.rule("T3")
def test_the_phrasebook_opens_in_the_persons_language_when_nothing_waits_any_more(
    operator: Client, line: Line, hand: Hand
) -> None:
    someone = line.apply_new("नमस्ते", language="ne")
    line.collect()
    number = line.case(someone).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("…"))
    answer = operator.post(f"/cases/{number}/reply/phrasebook/", {"text": "", "form": "a"})
    assert answer.headers["Location"] == f"/phrasebook/?case={number}&to=ne"


def test_for_a_person_whose_language_nobody_knows_none_is_chosen(operator: Client, number: str) -> None:
    for to in ("", "und"):
        page = operator.get(f"/phrasebook/?case={number}&to={to}").content.decode()
        assert '<option value="" selected>' in page
        assert page.count(" selected") == 1
        assert "Put into the reply" not in page
