# SPDX-License-Identifier: AGPL-3.0-or-later
"""Field 11 of the capture card, who may be a minor, and the empty forms."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.custody.card_page import card_of, health_of
from safeconduct.desk.custody.models import Owed, Person, Sealed
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Team
from safeconduct.desk.operators.roles import Role
from safeconduct.paper.content import FORMS, name_of
from safeconduct.paper.wording import AVAILABLE
from safeconduct.vocabulary.reception import Health, Received

Doors = Callable[[Role], Client]


def ticked(house: House, role: Role, person: Person) -> tuple[Health, ...]:
    who = house.person(role)
    return health_of(Keyring(who.operator, house.opened(who)), person)


@pytest.mark.rule("R25")
def test_the_card_bears_the_health_that_the_registrar_ticked(desk_of: Doors, house: House, person: Person) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/persons/{person.number}/arrival/"
    browser.post(path, {"health": ["sick", "slightly_wounded", "well enough"]})
    health = ticked(house, Role.REGISTRAR, person)
    assert card_of(person, Received(), health).health == (Health.SICK, Health.SLIGHTLY_WOUNDED)
    assert 'value="sick" checked' in browser.get(path).content.decode()
    assert browser.get(f"/persons/{person.number}/card/").content.startswith(b"%PDF-")


@pytest.mark.rule("R28")
def test_health_on_arrival_is_for_registrars_and_doctors(desk_of: Doors, house: House, person: Person) -> None:
    path = f"/persons/{person.number}/arrival/"
    desk_of(Role.REGISTRAR).post(path, {"health": ["sick"]})
    assert {row.team for row in Sealed.objects.filter(kind="arrival")} == {"custody", "medical"}
    assert "<li>sick</li>" in desk_of(Role.MEDICAL).get(path).content.decode()
    assert desk_of(Role.MEDICAL).post(path, {"health": ["good"]}).status_code == 404
    for role in (Role.BUREAU, Role.CAMP_COMMANDER, Role.MAIL_OFFICE, Role.COUNSEL, Role.MONITOR):
        assert desk_of(role).get(path).status_code == 404
    assert ticked(house, Role.BUREAU, person) == ()


def test_without_a_reader_nothing_is_written_and_the_page_says_why(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    Team.objects.filter(code="medical").update(code="nobody")
    answer = browser.post(f"/persons/{person.number}/arrival/", {"health": ["sick"]})
    assert answer.status_code == 400
    assert "A team that must read this has no key yet" in answer.content.decode()
    assert not Sealed.objects.filter(kind="arrival").exists()


def test_ticking_the_same_again_writes_nothing(desk_of: Doors, person: Person) -> None:
    for _time in range(2):
        desk_of(Role.REGISTRAR).post(f"/persons/{person.number}/arrival/", {"health": ["good"]})
    assert Sealed.objects.filter(kind="arrival", team="custody").count() == 1


@pytest.mark.rule("R13")
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.MEDICAL])
def test_one_tick_says_that_a_person_may_be_a_minor_and_a_person_reviews_it(
    desk_of: Doors, person: Person, role: Role
) -> None:
    browser, path = desk_of(role), f"/persons/{person.number}/arrival/"
    assert browser.post(path + "minor/").status_code == 302
    assert Owed.objects.filter(person=person, duty="minor").count() == 1
    browser.post(path + "minor/")
    assert person.events.filter(kind="minor.suspected").count() == 1
    assert "A person reviews their age" in browser.get(path).content.decode()


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.CAMP_COMMANDER, Role.COUNSEL])
def test_every_form_is_offered_empty_in_every_language(desk_of: Doors, role: Role) -> None:
    page = desk_of(role).get("/forms/").content.decode()
    for form in FORMS:
        for tag in AVAILABLE:
            assert f'href="/forms/{name_of(form)}/{tag}/"' in page


@pytest.mark.parametrize(("form", "tag"), [("reception", "ko-KP"), ("effects_receipt", "ar"), ("visit_log", "uk")])
def test_an_empty_form_prints(desk_of: Doors, form: str, tag: str) -> None:
    answer = desk_of(Role.REGISTRAR).get(f"/forms/{form}/{tag}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["/forms/poem/uk/", "/forms/reception/xx/"])
def test_a_form_that_is_not_there_is_not_there(desk_of: Doors, path: str) -> None:
    assert desk_of(Role.REGISTRAR).get(path).status_code == 404
