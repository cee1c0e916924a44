# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tokens that an older version of the house made are made anew by whoever of their team opens it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.desk.conftest import House

from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.names import indexing, search, tokens
from safeconduct.desk.custody.names.models import Indexed, Token
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.reception import Received


def keyring(house: House) -> Keyring:
    who = house.person(Role.REGISTRAR)
    return Keyring(who.operator, house.opened(who))


@pytest.fixture
def older(house: House, person: Person) -> Person:
    """Somebody whose tokens an older version made: another way of making them gave other values."""
    indexing.catch_up(keyring(house))
    Token.objects.filter(team="custody").update(value=1)
    Indexed.objects.filter(team="custody").update(version=tokens.VERSION - 1)
    return person


def test_whoever_opens_the_board_makes_them_anew(house: House, older: Person) -> None:
    assert indexing.waiting(keyring(house)) == 1
    assert house.signed_in(Role.REGISTRAR).get("/duties/").status_code == 200
    assert indexing.waiting(keyring(house)) == 0
    assert not Token.objects.filter(team="custody", value=1).exists()


def test_a_search_makes_them_anew_and_finds(house: House, older: Person) -> None:
    (first,) = search.find(keyring(house), Received(surname="Чхве Мин")).found
    assert first.person.number == older.number
    assert set(Indexed.objects.filter(team="custody").values_list("version", flat=True)) == {tokens.VERSION}


def test_what_is_new_is_not_made_twice(house: House, person: Person) -> None:
    indexing.catch_up(keyring(house))
    before = set(Token.objects.values_list("pk", flat=True))
    indexing.catch_up(keyring(house))
    assert set(Token.objects.values_list("pk", flat=True)) == before


@pytest.fixture
def newest_again(transactional_db: None) -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def _at(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("custody_names", name)])
    return MigrationExecutor(connection).loader.project_state([("custody_names", name)]).apps


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("newest_again")
def test_tokens_that_were_there_before_versions_are_of_the_first() -> None:
    before = _at("0001_tokens")
    someone = before.get_model("custody", "Person").objects.create(number="A-1", token=bytes(16))
    before.get_model("custody_names", "Indexed").objects.create(person=someone, team="custody", bits=5)
    row = _at("0002_version_of_tokens").get_model("custody_names", "Indexed").objects.get()
    assert (row.bits, row.version) == (5, 1)
