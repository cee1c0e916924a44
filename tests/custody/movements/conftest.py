# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two camps, three people in the first, and the offices that let them travel."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, camp_acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camp_acts import Standing
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.movements import acts as movements
from safeconduct.desk.custody.movements.acts import Plan
from safeconduct.desk.custody.movements.models import Listed, Movement
from safeconduct.desk.custody.movements.states import Kind
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind, Category

Draw = Callable[..., Movement]


def on(days: int) -> When:
    return When(ARRIVAL + timedelta(days=days))


def where(person: Person) -> Camp | None:
    return Person.objects.select_related("camp").get(pk=person.pk).camp


def row_of(movement: Movement, person: Person) -> Listed:
    return Listed.objects.select_related("person", "movement").get(movement=movement, person=person)


@pytest.fixture
def dalni(registrar: Operator) -> Camp:
    """A camp with an address and two places."""
    camp = acts.open_camp(registrar, "Dalni", CampKind.PERMANENT, {}, When(ARRIVAL))
    camp_acts.change(registrar, camp, Standing(CampKind.PERMANENT, {Category.OTHER_RANKS: 2}, "Box 9, Dalni"))
    return Camp.objects.get(pk=camp.pk)


@pytest.fixture
def people(registrar: Operator, camp: Camp) -> list[Person]:
    return [acts.register(registrar, f"M-{n}", camp, SOMEBODY, When(ARRIVAL)) for n in (1, 2, 3)]


@pytest.fixture
def medical(house: House) -> Operator:
    return house.person(Role.MEDICAL).operator


@pytest.fixture
def keyring(house: House) -> Keyring:
    """The registrar's, open."""
    registrar = house.person(Role.REGISTRAR)
    return Keyring(registrar.operator, house.opened(registrar))


@pytest.fixture
def draw(registrar: Operator, camp: Camp, dalni: Camp, people: list[Person]) -> Draw:
    """A list of all three from camp to Dalni, drawn up on the second day, leaving on the fourth. For an evacuation it is a transit camp."""

    def drawn(kind: Kind = Kind.TRANSFER, whom: list[Person] | None = None) -> Movement:
        if kind is Kind.EVACUATION:
            camp.kind = CampKind.TRANSIT.value
            camp.save(update_fields=["kind"])
        plan = Plan(kind, camp, dalni, on(4).day)
        return movements.draw_up(registrar, plan, people if whom is None else whom, on(2))

    return drawn


@pytest.fixture
def ready(registrar: Operator, medical: Operator, draw: Draw) -> Draw:
    """The same, and all of them told and passed by a doctor."""

    def made(whom: list[Person] | None = None) -> Movement:
        movement = draw(Kind.TRANSFER, whom)
        movements.tell(registrar, movement, on(2))
        movements.say_fit(medical, movement, movements.going(movement), on(3), fit=True)
        return movement

    return made
