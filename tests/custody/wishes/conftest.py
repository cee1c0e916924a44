# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two registrars and counsel with their keys, and records as they would be entered."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House
from tests.desk.conftest import Person as Somebody

from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.wishes import access, acts, listing, returning
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators import acts as operators
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, PersonEvent
from safeconduct.vocabulary.wishes import Wish, WishKind, WitnessOffice

Says = Callable[..., None]
Confirmed = Callable[[Person], Person]
WHOLE = Wish(
    kind=WishKind.EXCHANGE, said=timezone.now(), language="ko-KP", sheet="1", interpreter="Kim", witness="Anna Weber",
    witness_office=WitnessOffice.RED_CROSS, is_signed=True, copy_given=True, name="Чхве Мин",
)  # fmt: skip


def wish(kind: WishKind = WishKind.EXCHANGE, hours_ago: float = 0, **changed: object) -> Wish:
    at = timezone.now() - timedelta(hours=hours_ago)
    return msgspec.structs.replace(WHOLE, kind=kind, said=at, **changed)


def to_be_sent_home(actor: Operator, person: Person) -> None:
    """As the medical office enters it."""
    register.happen(actor, person, PersonEvent.TO_BE_SENT_HOME_SICK, When(ARRIVAL))


def hostilities_over(person: Person) -> None:
    assert person.camp is not None
    register.happen_in_camp(person.camp, CampEvent.HOSTILITIES_OVER, When(ARRIVAL))


@pytest.fixture
def keys(house: House) -> Keyring:
    """The first registrar's."""
    somebody = house.person(Role.REGISTRAR)
    return Keyring(somebody.operator, house.opened(somebody))


@pytest.fixture
def second_person(house: House) -> Somebody:
    """Another registrar, with a browser."""
    welcome = operators.add_operator("registrar two", Role.REGISTRAR)
    operators.let_in(operators.team_key("custody"), house.keys["custody"], welcome.operator)
    return house.newcomer(welcome)


@pytest.fixture
def second(house: House, second_person: Somebody) -> Keyring:
    return Keyring(second_person.operator, house.opened(second_person))


def confirm(keys: Keyring, person: Person) -> None:
    """As whoever reads the page and confirms what stands on it."""
    returning.confirm(keys, person, access.coming_return(keys, person).named)


@pytest.fixture
def counsel(house: House) -> Keyring:
    somebody = house.person(Role.COUNSEL)
    return Keyring(somebody.operator, house.opened(somebody))


@pytest.fixture
def confirmed(keys: Keyring) -> Callable[[Person], Person]:
    """Somebody who wished to be exchanged a week ago, and said so again an hour ago."""

    def both(person: Person) -> Person:
        for hours in (24 * 7, 1):
            acts.take(keys, person, wish(hours_ago=hours))
        return person

    return both


@pytest.fixture
def second_browser(second: Keyring, second_person: Somebody) -> Client:
    """Of the other registrar, signed in."""
    assert second_person.sign_in().status_code == 303
    return second_person.browser


@pytest.fixture
def comrade(keys: Keyring, camp: Camp) -> Person:
    return register.register(keys.operator, "UA-0002", camp, SOMEBODY, When(ARRIVAL))


@pytest.fixture
def both(keys: Keyring, person: Person, comrade: Person, confirmed: Confirmed) -> ExchangeList:
    return listing.build(keys, [confirmed(person), confirmed(comrade)])[0]


@pytest.fixture
def handed(keys: Keyring, second: Keyring, both: ExchangeList) -> ExchangeList:
    listing.approve(second, both.pk)
    assert listing.hand_over(keys, both.pk) == []
    return ExchangeList.objects.get(pk=both.pk)
