# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of reception, and who may use it. One that is not in the table fails here."""

from datetime import date

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.reception import effects
from safeconduct.desk.custody.reception.models import Sheet
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.effects import Article, ArticleKind, EffectsTaken

ALL = roles.here() - {Role.ADMINISTRATOR}
REGISTRARS, BESIDE = {Role.REGISTRAR}, {Role.REGISTRAR, Role.MEDICAL}
ADDRESSES: dict[str, tuple[str, str, set[Role] | frozenset[Role]]] = {
    "reception:arrivals": ("get", "", REGISTRARS),
    "reception:sheet": ("get", "sheet", REGISTRARS),
    "reception:arrival": ("get", "person", BESIDE),
    "reception:minor": ("post", "person", BESIDE),
    "reception:effects": ("get", "person", REGISTRARS),
    "reception:back": ("post", "person", REGISTRARS),
    "reception:sent": ("post", "person", REGISTRARS),
    "reception:receipt": ("get", "receipt", REGISTRARS),
    "reception:copy": ("post", "receipt", REGISTRARS),
    "reception:strike": ("post", "receipt", REGISTRARS),
    "reception:forms": ("get", "", ALL),
    "reception:form": ("get", "form", ALL),
}


@pytest.fixture
def needs(registrar: Operator, person: Person, camp: Camp) -> dict[str, dict[str, object]]:
    """What the addresses name: a sheet, a person, a receipt, a form."""
    sheet = Sheet.objects.create(ticket=b"t" * 16, camp=camp, day=ARRIVAL, entered=date(2026, 10, 2))
    knife = Article(kind=ArticleKind.EQUIPMENT, what="ніж")
    effects.take(registrar, person, EffectsTaken(number=0, articles=(knife,)), When(ARRIVAL))
    return {
        "": {},
        "sheet": {"pk": sheet.pk},
        "person": {"number": person.number},
        "receipt": {"number": person.number, "receipt": 1},
        "form": {"form": "complaint", "language": "uk"},
    }


def test_every_address_of_reception_is_in_the_table() -> None:
    rooms = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    mine = [one for room in rooms if room.namespace == "reception" for one in room.url_patterns]
    assert {f"reception:{one.name}" for one in mine if isinstance(one, URLPattern)} == set(ADDRESSES)


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_each_address_opens_for_its_offices_alone(
    house: House, needs: dict[str, dict[str, object]], role: Role
) -> None:
    browser = house.signed_in(role)
    for name, (method, what, who) in ADDRESSES.items():
        path = reverse(name, kwargs=needs[what])
        answer = browser.post(path, {}) if method == "post" else browser.get(path)
        assert (answer.status_code != 404) == (role in who), name
