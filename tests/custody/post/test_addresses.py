# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the post and of complaints, and who may use it. One that is not in the table fails here."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.custody.post.conftest import Enter
from tests.desk.conftest import House

from safeconduct.desk.custody.complaints import acts as complaints
from safeconduct.desk.custody.complaints.models import Complaint
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.post.models import Piece
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.complaints import ComplaintTold

ALL = roles.here() - {Role.ADMINISTRATOR}
MAIL, LEDGER = {Role.MAIL_OFFICE}, {Role.MAIL_OFFICE, Role.REGISTRAR, Role.MONITOR}
APART = {Role.COUNSEL, Role.MONITOR}
ADDRESSES: dict[str, tuple[str, str, set[Role] | frozenset[Role]]] = {
    "post:waiting": ("get", "", MAIL),
    "post:sheet": ("get", "", MAIL),
    "post:cards": ("get", "", MAIL),
    "post:parcel": ("get", "piece", MAIL),
    "post:strike": ("get", "piece", MAIL),
    "post:person": ("get", "person", LEDGER),
    "post:camp": ("get", "camp", LEDGER),
    "complaints:write": ("get", "", ALL),
    "complaints:write-of": ("get", "person", ALL),
    "complaints:sealed": ("get", "", ALL),
    "complaints:list": ("get", "", APART),
    "complaints:complaint": ("get", "complaint", APART),
    "complaints:take-up": ("post", "complaint", APART),
    "complaints:forward": ("post", "complaint", APART),
    "complaints:answer": ("post", "complaint", APART),
    "complaints:paper": ("get", "complaint", APART),
}


@pytest.fixture
def needs(enter: Enter, registrar: Operator, person: Person, camp: Camp) -> dict[str, dict[str, object]]:
    """What the addresses name: a parcel, a complaint, a person, a camp."""
    enter("UA-0001 parcel")
    complaints.write_down(registrar, b"t" * 16, ComplaintTold(words="w", is_ill_treatment=True))
    return {
        "": {},
        "piece": {"pk": Piece.objects.get().pk},
        "complaint": {"pk": Complaint.objects.get().pk},
        "person": {"number": person.number},
        "camp": {"pk": camp.pk},
    }


def test_every_address_of_these_rooms_is_in_the_table() -> None:
    rooms = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    mine = [room for room in rooms if room.namespace in {"post", "complaints"}]
    found = {
        f"{room.namespace}:{one.name}" for room in mine for one in room.url_patterns if isinstance(one, URLPattern)
    }
    assert found == set(ADDRESSES)


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
