# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever types one word of a name sees first those who bear it, and how well they fit it."""

import pytest
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.custody.names import search
from safeconduct.desk.custody.names.search import Found
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.reception import Received


def ask(house: House, typed: str) -> list[Found]:
    who = house.person(Role.REGISTRAR)
    return list(search.find(Keyring(who.operator, house.opened(who)), Received(surname=typed)).found)


def register(registrar: Operator, camp: Camp, number: str, *names: str) -> None:
    acts.register(registrar, number, camp, Received(surname=names[0], first_names=names[1]), When(ARRIVAL))


@pytest.fixture
def crowd(registrar: Operator, camp: Camp) -> None:
    """Sixty Ivans, and then one Ivanov: the tokens of a register's first few are so short that chance decides."""
    for at in range(60):
        register(registrar, camp, f"B-{at:02}", "Testov", "Ivan")
    register(registrar, camp, "A-1", "Иванов", "Пётр")


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("typed", ["Иванов", "Ivanov", "Іванова"])
def test_a_family_name_is_not_hidden_behind_those_whose_first_name_it_holds(house: House, typed: str) -> None:
    first, *others = ask(house, typed)
    assert (first.person.number, first.fits) == ("A-1", 100)
    assert all(one.fits < 100 for one in others)


@pytest.mark.parametrize("typed", ["Пётр", "ivanov", "иванов"])
def test_the_only_one_who_bears_a_word_fits_it_wholly(
    house: House, registrar: Operator, camp: Camp, typed: str
) -> None:
    register(registrar, camp, "A-1", "Иванов", "Пётр")
    assert [(one.person.number, one.fits) for one in ask(house, typed)] == [("A-1", 100)]


@pytest.mark.parametrize("kept", [("테스토프", "이반"), ("Testov", "Ivan"), ("Тестов", "Иван")])
def test_a_foreign_first_name_in_korean_spelling_is_a_word(
    house: House, registrar: Operator, camp: Camp, kept: tuple[str, str]
) -> None:
    register(registrar, camp, "A-1", *kept)
    register(registrar, camp, "A-2", "Ковальчук", "Степан")
    (first,) = ask(house, "이반")
    assert first.person.number == "A-1"
    assert first.fits >= 80


def test_a_word_that_does_not_fit_lowers_the_number(house: House, registrar: Operator, camp: Camp) -> None:
    register(registrar, camp, "A-1", "Мельник", "Степан")
    register(registrar, camp, "A-2", "Мельник", "Тарас")
    fits = {one.person.number: one.fits for one in ask(house, "Мельник Степан")}
    assert fits["A-1"] == 100
    assert fits.get("A-2", 0) <= 50


@pytest.mark.parametrize(("typed", "first_name"), [("Іваненко", "Иван"), ("Петренко", "Пётр"), ("Ковальчук", "Коваль")])
def test_who_is_called_as_a_family_name_begins_hardly_fits_it(
    house: House, registrar: Operator, camp: Camp, typed: str, first_name: str
) -> None:
    register(registrar, camp, "A-1", typed, "Остап")
    register(registrar, camp, "A-2", "Сидоров", first_name)
    fits = {one.person.number: one.fits for one in ask(house, typed)}
    assert fits["A-1"] == 100
    assert fits.get("A-2", 0) <= 50
