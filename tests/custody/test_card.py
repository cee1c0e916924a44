# SPDX-License-Identifier: AGPL-3.0-or-later
"""The capture card of a registered person."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.custody.conftest import SOMEBODY, inputs_of

from safeconduct.desk.custody import printing
from safeconduct.desk.custody.card_page import card_of
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.identity import Birth
from safeconduct.vocabulary.reception import Received

Doors = Callable[[Role], Client]


@pytest.mark.rule("R25")
def test_a_registrar_prints_a_persons_card(desk_of: Doors, person: Person) -> None:
    answer = desk_of(Role.REGISTRAR).get(f"/persons/{person.number}/card/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.rule("R25")
def test_the_card_says_what_was_registered_and_nothing_of_how_they_came(person: Person) -> None:
    card = card_of(person, SOMEBODY)
    assert (card.surname, card.first_names, card.rank) == (SOMEBODY.surname, SOMEBODY.first_names, SOMEBODY.rank)
    assert (card.prisoner_number, card.camp, card.coming_from) == (person.number, "Stanytsia", "")


def test_nobody_else_prints_one(desk_of: Doors, person: Person) -> None:
    for role in (Role.MAIL_OFFICE, Role.MEDICAL, Role.CAMP_COMMANDER):
        assert desk_of(role).get(f"/persons/{person.number}/card/").status_code == 404


def test_a_card_that_cannot_be_set_is_said_so(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    said = {"surname": "\U0001f3f3" * 20, "first_names": "", "rank": "", "birth": "", "service_number": ""}
    seen = inputs_of(browser.get(f"/persons/{person.number}/details/").content.decode())["seen"]
    assert browser.post(f"/persons/{person.number}/details/", said | {"seen": seen}).status_code == 302
    answer = browser.get(f"/persons/{person.number}/card/")
    assert answer.status_code == 409
    assert "cannot be printed" in answer.content.decode()


def test_a_print_that_takes_too_long_says_so_and_is_offered_again(
    desk_of: Doors, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/persons/{person.number}/card/"
    monkeypatch.setattr(printing, "_PATIENCE", 0.0)
    answer = browser.get(path)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Capture card" in page
    assert "Nothing was lost" in page
    assert f'href="{path}"' in page
    monkeypatch.undo()
    assert browser.get(path).status_code == 200


def test_a_day_stands_as_it_was_said(person: Person) -> None:
    card = card_of(person, Received(birth=Birth("주체 93"), in_power_since=date(2026, 9, 30)))
    assert (card.birth_date, card.taken_on) == ("주체 93", "2026-09-30")
