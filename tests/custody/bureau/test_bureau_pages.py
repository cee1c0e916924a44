# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bureau's office through its browser, and every address of this room, of names and of inquiries for each role."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.custody.bureau.conftest import TheBureau
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau import sending
from safeconduct.desk.custody.bureau.models import Package, Worry
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

Doors = Callable[[Role], Client]
R, B, N, M = Role.REGISTRAR, Role.BUREAU, Role.COUNSEL, Role.MONITOR
PERSON = "/bureau/persons/UA-0001/"
ADDRESSES: dict[str, tuple[str, set[Role]]] = {
    "bureau:packages": ("/bureau/", {R, B, M}),
    "bureau:upload": ("/bureau/acknowledgements/", {B}),
    "bureau:send": ("/bureau/send/", {R, B}),
    "bureau:anew": ("/bureau/anew/", {R, B}),
    "bureau:package": ("/bureau/packages/1/", {R, B}),
    "bureau:person": (PERSON, {R, B, N}),
    "bureau:worry": (PERSON + "worry/", {R, B, N}),
    "bureau:decide": (PERSON + "decide/", {N}),
    "bureau:worries": ("/bureau/worries/", {N, M}),
    "names:search": ("/names/", {R, B}),
    "inquiries:inquiries": ("/inquiries/", {B}),
    "inquiries:ask": ("/inquiries/ask/", {B}),
    "inquiries:inquiry": ("/inquiries/1/", set()),  # there is none: those who may get a 404 of their own
    "inquiries:answer": ("/inquiries/1/answer/", set()),
    "inquiries:nobody": ("/inquiries/1/nobody/", set()),
}
POSTED = {"bureau:send", "bureau:anew", "bureau:worry", "bureau:decide", "inquiries:answer", "inquiries:nobody"}


@pytest.mark.rule("T6")
def test_every_address_of_these_rooms_is_in_the_table() -> None:
    rooms = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    mine = [room for room in rooms if room.namespace in {"bureau", "names", "inquiries"}]
    found = {
        f"{room.namespace}:{page.name}" for room in mine for page in room.url_patterns if isinstance(page, URLPattern)
    }
    assert found == set(ADDRESSES)


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_each_address_opens_for_its_offices_alone(
    the_bureau: TheBureau, house: House, person: Person, role: Role
) -> None:
    browser = house.signed_in(role)
    for name, (path, who) in ADDRESSES.items():
        answer = browser.post(path) if name in POSTED else browser.get(path)
        assert (answer.status_code != 404) == (role in who), name


def shown(browser: Client, path: str = "/bureau/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.rule("R26")
def test_the_page_shows_what_is_not_acknowledged(the_bureau: TheBureau, desk_of: Doors, person: Person) -> None:
    browser = desk_of(B)
    assert person.number in shown(browser)
    sending.take(the_bureau.acknowledges(Package.objects.get(), day=acts.today()))
    assert "The Bureau knows all" in shown(browser)


def test_a_package_is_carried_by_hand_as_it_was_sealed(the_bureau: TheBureau, desk_of: Doors, person: Person) -> None:
    answer = desk_of(B).get("/bureau/packages/1/")
    assert answer.content == bytes(Package.objects.get().body)
    assert answer["Content-Disposition"] == 'attachment; filename="package-0000000001.sce"'
    assert answer["Cache-Control"] == "no-store"


def test_what_waits_for_a_key_is_made_anew_from_the_page(keyless: TheBureau, desk_of: Doors, person: Person) -> None:
    browser = desk_of(B)
    assert "waits for a key" in shown(browser)
    keyless.give_key()
    assert "not sealed to the Bureau's newest key" in shown(browser)
    assert browser.post("/bureau/anew/").status_code == 302
    told = keyless.opened(Package.objects.get())
    assert told.about is not None
    assert told.about.surname == "Чхве"


def test_everything_is_sent_again_at_once(
    the_bureau: TheBureau, desk_of: Doors, registrar: Operator, person: Person
) -> None:
    acts.enter(registrar, person, PersonEvent.ESCAPED, When(ARRIVAL + timedelta(days=1)))
    answer = desk_of(R).post("/bureau/send/")
    assert "2 packages lie in the folder for the Bureau again." in answer.content.decode()


@pytest.mark.rule("R26")
def test_a_registrar_asks_counsel_and_counsel_alone_reads_why_and_decides(
    the_bureau: TheBureau, desk_of: Doors, person: Person
) -> None:
    desk_of(R).post(PERSON + "worry/", {"words": "Его семья дома."})
    assert "Counsel was asked" in shown(desk_of(R), PERSON)
    assert "Его семья дома." not in shown(desk_of(R), PERSON)
    counsel = desk_of(N)
    assert "Его семья дома." in shown(counsel, PERSON)
    assert counsel.post(PERSON + "decide/", {"power": "perhaps"}).status_code == 400
    assert counsel.post(PERSON + "decide/", {"power": "waits", "words": "Опасно."}).status_code == 302
    assert Worry.objects.get().power_may_know is False
    assert Package.objects.count() == 3
