# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person is found by name in any script, by those who may read who somebody is, and by nobody else."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.names import indexing, search, tokens
from safeconduct.desk.custody.names.models import Indexed, Token
from safeconduct.desk.operators.destroying import all_of_them
from safeconduct.desk.operators.index_key import index_key
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.identity import Birth
from safeconduct.vocabulary.reception import Received

Doors = Callable[[Role], Client]
MOST = 18  # questions to the database of one search, the page around it included
PEOPLE = ("Мельник Степан", "Ковальчук Ірина", "Шевченко Тарас", "Petrenko Ivan", "Цой Виктор", "Каримов Рустам")


def keyring(house: House, role: Role = Role.REGISTRAR) -> Keyring:
    who = house.person(role)
    return Keyring(who.operator, house.opened(who))


@pytest.fixture
def others(registrar: Operator, camp: Camp) -> list[Person]:
    """Some more, so that being found means something."""
    return [
        acts.register(registrar, f"UA-1{at}", camp, Received(surname=name), When(ARRIVAL))
        for at, name in enumerate(PEOPLE)
    ]


def found(house: House, role: Role = Role.REGISTRAR, *, surname: str = "", service_number: str = "") -> list[str]:
    answer = search.find(keyring(house, role), Received(surname=surname, service_number=service_number))
    return [one.person.number for one in answer.found]


@pytest.mark.parametrize("name", ["Чхве Мин", "Мин Чхве", "Choe Min", "최민", "Choi Min"])
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.BUREAU])
def test_a_person_is_found_by_name_in_any_script_and_order(
    house: House, person: Person, others: list[Person], name: str, role: Role
) -> None:
    assert found(house, role, surname=name)[:1] == [person.number]


def test_a_person_is_found_by_service_number_however_it_is_typed(
    house: House, person: Person, others: list[Person]
) -> None:
    assert found(house, service_number="аб 123456") == [person.number]


def test_the_date_of_birth_puts_the_right_one_first(house: House, registrar: Operator, camp: Camp) -> None:
    for number, year in (("A-1", "1970"), ("A-2", "1999"), ("A-3", "1985")):
        said = Received(surname="Мельник Степан", birth=Birth(year))
        acts.register(registrar, number, camp, said, When(ARRIVAL))
    answer = search.find(keyring(house), Received(surname="Melnyk Stepan", birth=Birth("1999")))
    assert answer.found[0].person.number == "A-2"


def test_who_is_described_anew_is_found_by_the_new_name_and_no_longer_by_the_old(
    house: House, registrar: Operator, person: Person, others: list[Person]
) -> None:
    assert found(house, surname="Чхве Мин") == [person.number]
    acts.describe(registrar, person, Received(surname="Бондаренко Олег"), None)
    assert found(house, surname="Bondarenko Oleh") == [person.number]
    assert found(house, surname="Чхве Мин") == []
    key, who = index_key(keyring(house), "custody"), tokens.identity(Received(surname="Бондаренко Олег"))
    kept = list(Token.objects.filter(team="custody", person=person).values_list("value", flat=True))
    assert sorted(kept) == sorted(tokens.made(key, who, tokens.lengths(Person.objects.count())))


@pytest.mark.rule("T3")
def test_nobody_at_rest_makes_a_token_and_none_is_made_before_a_key_is_open(person: Person) -> None:
    assert not Token.objects.exists()
    assert set(Indexed.objects.values_list("team", "bits")) == {("custody", 0), ("bureau", 0)}


def test_a_registrars_page_makes_the_tokens_at_once(desk_of: Doors, camp: Camp) -> None:
    said = {"number": "UA-5", "camp": str(camp.pk), "day": ARRIVAL.isoformat(), "surname": "Мельник"}
    assert desk_of(Role.REGISTRAR).post("/register/", said).status_code == 302
    assert Token.objects.filter(team="custody").exists()
    assert not Token.objects.filter(team="bureau").exists()


@pytest.mark.rule("R49")
def test_at_most_fifty_are_opened_and_each_is_recorded(house: House, registrar: Operator, camp: Camp) -> None:
    for at in range(60):
        acts.register(registrar, f"B-{at:02}", camp, Received(surname="Мельник Степан"), When(ARRIVAL))
    answer = search.find(keyring(house), Received(surname="Мельник Степан"))
    assert (answer.opened, len(answer.shown), answer.further) == (50, 10, 40)
    told = [line.told for line in record.page([house.keys["monitor"]], before=None).lines if line.told]
    (searched,) = [one.subject for one in told if one.act == "custody.searched"]
    assert len(searched.split()) == 50


def test_nothing_is_opened_for_a_question_that_says_nothing(house: House, person: Person) -> None:
    assert search.find(keyring(house), Received()).opened == 0


def test_short_tokens_are_made_anew_as_the_register_grows(
    house: House, registrar: Operator, camp: Camp, others: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    indexing.catch_up(keyring(house))
    (before,) = set(Indexed.objects.filter(team="custody").values_list("bits", flat=True))
    grown = tokens.lengths(100_000)
    monkeypatch.setattr(tokens, "lengths", lambda _persons: grown)
    acts.register(registrar, "UA-99", camp, Received(surname="Лисенко Павло"), When(ARRIVAL))
    for made in (3, 6):  # the new one first, and older ones as long as any are left
        indexing.catch_up(keyring(house), most=3)
        assert Indexed.objects.filter(team="custody", bits=grown["name"][0]).count() == made
    assert found(house, surname="Шевченко Тарас") == ["UA-12"]
    assert before < grown["name"][0]


def test_a_search_does_not_ask_more_the_more_there_are(house: House, registrar: Operator, camp: Camp) -> None:
    browser, asked = house.signed_in(Role.REGISTRAR), []
    for few in (range(2), range(2, 40)):
        for at in few:
            acts.register(registrar, f"C-{at:02}", camp, Received(surname="Мельник Степан"), When(ARRIVAL))
        browser.post("/names/", {"surname": "Мельник"})  # makes the tokens that wait
        with CaptureQueriesContext(connection) as said:
            assert "C-01" in browser.post("/names/", {"surname": "Мельник"}).content.decode()
        asked.append(len(said))
    assert asked[0] == asked[1] <= MOST


@pytest.mark.rule("R20", "T6")
@pytest.mark.parametrize("role", [Role.MEDICAL, Role.CAMP_COMMANDER, Role.MAIL_OFFICE, Role.COUNSEL, Role.MONITOR])
def test_nobody_else_searches_by_name(desk_of: Doors, person: Person, role: Role) -> None:
    assert desk_of(role).get("/names/").status_code == 404


def test_the_page_finds_and_puts_no_name_into_an_address(desk_of: Doors, person: Person) -> None:
    answer = desk_of(Role.BUREAU).post("/names/", {"surname": "Choe Min"})
    assert "UA-0001" in answer.content.decode()
    assert answer.status_code == 200
    assert "UA-0001" not in desk_of(Role.BUREAU).get("/names/?surname=Choe+Min").content.decode()


@pytest.mark.rule("R51")
def test_destroying_the_keys_leaves_no_token(house: House, person: Person) -> None:
    indexing.catch_up(keyring(house))
    (kept,) = [one for one in all_of_them() if one.code == "custody.names"]
    assert kept.count() > 0
    kept.destroy()
    assert not Token.objects.exists()


def test_the_same_name_stands_under_other_tokens_in_the_other_team(house: House, person: Person) -> None:
    for role in (Role.REGISTRAR, Role.BUREAU):
        who = keyring(house, role)
        indexing.catch_up(who)
    long = tokens.lengths(10**6)
    keys = [index_key(keyring(house, role), role.team or "") for role in (Role.REGISTRAR, Role.BUREAU)]
    ours, theirs = (tokens.made(key, tokens.identity(SOMEBODY), long) for key in keys)
    assert not ours & theirs
