# SPDX-License-Identifier: AGPL-3.0-or-later
"""A camp whose commander is bound to it, and who held in it."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, camp_acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

Doors = Callable[[Role], Client]


@pytest.fixture
def commander(house: House, registrar: Operator, camp: Camp) -> Client:
    camp_acts.bind(registrar, house.person(Role.CAMP_COMMANDER).operator, camp)
    return house.signed_in(Role.CAMP_COMMANDER)


@pytest.fixture
def held(registrar: Operator, camp: Camp) -> list[Person]:
    return [acts.register(registrar, f"UA-{n}", camp, SOMEBODY, When(ARRIVAL)) for n in range(1, 4)]
