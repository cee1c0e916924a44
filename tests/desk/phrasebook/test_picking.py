# SPDX-License-Identifier: AGPL-3.0-or-later
import dataclasses
from typing import Any

import pytest
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.operators.roles import Role
from safeconduct.desk.phrasebook import access, book
from safeconduct.desk.phrasebook.models import Favourite


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=True)


def test_the_sense_stands_beside_the_persons_words_in_their_direction(operator: Client) -> None:
    page = operator.get("/phrasebook/?to=ar&q=tourniquet").content.decode()
    assert book.sense("bleeding")[0] in page
    assert f'lang="ar" dir="rtl">{book.shipped("bleeding", "ar")[0]}' in page
    assert page.count('<li id="p-') == 1


def test_an_operator_who_works_in_ukrainian_reads_the_sense_in_ukrainian(house: House) -> None:
    assert access.sense_of("hello", "uk") == book.shipped("hello", "uk")[0]
    assert access.sense_of("hello", "fr") == book.sense("hello")[0]


def test_values_that_were_typed_stand_in_the_sentence_and_a_wrong_one_is_named(operator: Client) -> None:
    asked = {"to": "ru", "phrase": "wait_minutes", "count": "22"}
    page = operator.get("/phrasebook/", asked).content.decode()
    assert "примерно 22 минуты" in page
    page = operator.get("/phrasebook/", asked | {"count": "<b>"}).content.decode()
    assert "“How many” cannot stand in this sentence" in page
    assert "<b>" not in page


def test_favourites_stand_at_the_top_of_their_own_operators_page_alone(house: House, operator: Client) -> None:
    operator.post("/phrasebook/favourite/", {"phrase": "relative", "is": "yes"})
    page = operator.get("/phrasebook/?to=uk").content.decode()
    assert page.index("Your favourites") < page.index('id="p-relative"') < page.index('id="p-hello"')
    assert "Your favourites" not in house.signed_in(Role.SUPERVISOR).get("/phrasebook/?to=uk").content.decode()
    operator.post("/phrasebook/favourite/", {"phrase": "relative"})
    assert not Favourite.objects.exists()


def test_an_unknown_language_or_case_number_does_no_harm(operator: Client) -> None:
    page = operator.get('/phrasebook/?to=xx&case="><script>').content.decode()
    assert "<script>" not in page.replace("<script src", "")


def test_nothing_found_says_how_to_look(operator: Client) -> None:
    assert "No sentence fits" in operator.get("/phrasebook/?q=zzzz").content.decode()
