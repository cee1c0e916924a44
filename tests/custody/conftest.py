# SPDX-License-Identifier: AGPL-3.0-or-later
"""Custody with its teams and one person per role. It is another house than the desk's, so it is tested in a process of its own.

`SAFECONDUCT_HOUSE=custody pytest tests/custody`; `make test` runs both.
"""

import itertools
import re
import time
from collections.abc import Callable
from datetime import date
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from tests.desk.conftest import (
    House,
    _house_rules,  # noqa: F401 - fixtures that both houses share
    _in_english,  # noqa: F401
    django_db_modify_db_settings,  # noqa: F401
    found,
    house,  # noqa: F401
)

from safeconduct.desk.custody import acts, camp_acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators import acts as operators
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.custody import CampKind, Category
from safeconduct.vocabulary.identity import Birth
from safeconduct.vocabulary.reception import Received

ARRIVAL = date(2026, 10, 1)
SOMEBODY = Received(
    surname="Чхве", first_names="Мин", rank="상등병", birth=Birth("주체 93년 4월 2일"), service_number="АБ-123456", language="ko-KP"
)  # fmt: skip


@pytest.fixture
def found_teams() -> Callable[[], dict[str, PrivateKey]]:
    return lambda: {code: found(code) for code in ("monitor", "custody", "medical", "mail", "bureau", "counsel")}


@pytest.fixture
def registrar(house: House) -> Operator:  # noqa: F811
    return house.person(Role.REGISTRAR).operator


@pytest.fixture
def desk_of(house: House) -> Callable[[Role], Client]:  # noqa: F811
    """A browser in which somebody of that role is signed in."""
    return house.signed_in


@pytest.fixture
def second_registrar(house: House) -> Client:  # noqa: F811
    """A colleague's browser: whoever proposes confirms nothing."""
    welcome = operators.add_operator("registrar two", Role.REGISTRAR)
    operators.let_in(operators.team_key("custody"), house.keys["custody"], welcome.operator)
    somebody = house.newcomer(welcome)
    assert somebody.sign_in().status_code == 303
    return somebody.browser


@pytest.fixture
def camp(house: House, registrar: Operator) -> Camp:  # noqa: F811
    """The commander of the house commands this one, and no other."""
    camp = acts.open_camp(registrar, "Stanytsia", CampKind.PERMANENT, {Category.OTHER_RANKS: 2}, When(ARRIVAL))
    camp_acts.bind(registrar, house.person(Role.CAMP_COMMANDER).operator, camp)
    return camp


@pytest.fixture
def person(registrar: Operator, camp: Camp) -> Person:
    return acts.register(registrar, "UA-0001", camp, SOMEBODY, When(ARRIVAL))


@pytest.fixture
def make_person(db: None) -> Callable[[], Person]:
    """A number and nothing else."""
    numbers = itertools.count(1)
    return lambda: Person.objects.create(number=f"N-{next(numbers)}")


def inputs_of(page: str) -> dict[str, str]:
    """What the inputs of a page hold, as a browser would send it again."""
    return dict(re.findall(r'<input [^>]*?name="([a-z_]+)"[^>]*? value="([^"]*)"', page))


def wait_for_a_lock(other: Thread) -> None:
    """Until somebody waits for what this test holds (PostgreSQL), or the other one has ended."""
    while other.is_alive() and not _somebody_waits():
        time.sleep(0.02)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
