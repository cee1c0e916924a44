# SPDX-License-Identifier: AGPL-3.0-or-later
"""A date of birth that some read day first and some month first is asked about while the person is still there."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.custody import forms, sealed
from safeconduct.desk.custody.errors import BirthEitherWay
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.roles import Role

Doors = Callable[[Role], Client]
ASKED = "day first or month first"


def born(birth: str, camp: Camp) -> dict[str, str]:
    return {"number": "UA-9", "camp": str(camp.pk), "day": ARRIVAL.isoformat(), "surname": "Мельник", "birth": birth}


@pytest.mark.rule("R33")
def test_it_is_asked_and_what_was_typed_is_shown_again(desk_of: Doors, camp: Camp) -> None:
    answer = desk_of(Role.REGISTRAR).post("/register/", born("03/04/1990", camp))
    page = unescape(answer.content.decode())
    assert (answer.status_code, Person.objects.count()) == (400, 0)
    assert ASKED in page
    assert 'value="03/04/1990"' in page


@pytest.mark.parametrize("birth", ["3 April 1990 (03/04/1990)", "1990 (03/04/1990)", "03.04.1990", "13/04/1990"])
def test_the_answer_is_kept_with_what_was_written(desk_of: Doors, house: House, camp: Camp, birth: str) -> None:
    assert desk_of(Role.REGISTRAR).post("/register/", born(birth, camp)).status_code == 302
    who = house.person(Role.REGISTRAR)
    known = sealed.identity(Keyring(who.operator, house.opened(who)), Person.objects.get(number="UA-9"))
    assert known is not None
    assert known.birth is not None
    assert known.birth.text == birth


def test_one_row_of_a_sheet_is_asked_about_and_holds_up_no_other(desk_of: Doors, camp: Camp) -> None:
    rows = {"number-0": "UA-1", "birth-0": "03/04/1990", "number-1": "UA-2", "birth-1": "1990"}
    said = {"camp": str(camp.pk), "day": ARRIVAL.isoformat(), "ticket": "ab" * 16, **rows}
    answer = desk_of(Role.REGISTRAR).post("/arrivals/", said)
    assert ASKED in unescape(answer.content.decode())
    assert set(Person.objects.values_list("number", flat=True)) == {"UA-2"}


def test_what_was_kept_before_stands() -> None:
    before = forms.received({"surname": SOMEBODY.surname, "birth": "03/04/1990"})
    forms.require_one_birth(forms.received({"surname": "Х", "birth": "03/04/1990"}), before)
    with pytest.raises(BirthEitherWay):
        forms.require_one_birth(forms.received({"birth": "04/03/1990"}), before)
