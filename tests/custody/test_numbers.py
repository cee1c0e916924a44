# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number that was entered wrongly is put right, finds its person for ever, and is never somebody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as deciding
from safeconduct.desk.custody import acts, numbering
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import NumberGiven, NumberTaken
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.wishes.kinds import RETURN
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind, PersonEvent

Doors = Callable[[Role], Client]


@pytest.fixture
def renumbered(registrar: Operator, person: Person) -> Person:
    return numbering.renumber(registrar, person, "UA-0021")


def test_a_registrar_puts_a_number_right_and_the_old_one_says_what_it_is_now(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    answer = browser.post(f"/persons/{person.number}/number/", {"right": " ua-0021 "})
    assert answer["Location"] == "/persons/UA-0021/"
    assert "number corrected</strong>" in browser.get("/persons/UA-0021/").content.decode()
    assert "UA-0001 was put right. The number is now UA-0021" in browser.get("/persons/UA-0001/").content.decode()
    assert "UA-0001, now UA-0021" in browser.get("/persons/?number=ua-00").content.decode()
    assert acts.person_of("ua-0001") == person


def test_an_old_number_is_given_to_nobody_else(
    desk_of: Doors, registrar: Operator, camp: Camp, renumbered: Person
) -> None:
    with pytest.raises(NumberGiven):
        acts.register(registrar, "UA-0001", camp, SOMEBODY, When(ARRIVAL))
    other = acts.register(registrar, "UA-0030", camp, SOMEBODY, When(ARRIVAL))
    answer = desk_of(Role.REGISTRAR).post(f"/persons/{other.number}/number/", {"right": "UA-0001"})
    assert answer.status_code == 400
    assert "No number is given to a second person" in answer.content.decode()
    assert set(Person.objects.values_list("number", flat=True)) == {"UA-0021", "UA-0030"}


def test_a_number_that_somebody_has_is_refused(registrar: Operator, camp: Camp, person: Person) -> None:
    other = acts.register(registrar, "UA-0030", camp, SOMEBODY, When(ARRIVAL))
    with pytest.raises(NumberTaken):
        numbering.renumber(registrar, other, person.number)
    assert not Event.objects.filter(kind=PersonEvent.RENUMBERED.value).exists()


@pytest.mark.parametrize("typed", ["", "-", "У-1", "A" * 21, "a b", "../x", "UA-0001", "ua-0001\0"])
def test_a_number_that_cannot_be_or_is_the_same_is_refused(desk_of: Doors, person: Person, typed: str) -> None:
    assert desk_of(Role.REGISTRAR).post(f"/persons/{person.number}/number/", {"right": typed}).status_code == 400
    assert Person.objects.get(pk=person.pk).number == "UA-0001"


def test_a_correction_that_was_wrong_itself_gives_the_first_number_back(
    registrar: Operator, desk_of: Doors, renumbered: Person
) -> None:
    numbering.renumber(registrar, renumbered, "UA-0001")
    page = desk_of(Role.REGISTRAR).get("/persons/UA-0001/").content.decode()
    assert "Numbers before: UA-0021" in page
    assert "was put right" not in page
    assert acts.person_of("UA-0021") == renumbered


@pytest.mark.rule("R25", "R26")
def test_card_and_notification_are_owed_anew(registrar: Operator, person: Person) -> None:
    for event in (PersonEvent.CARD_SENT, PersonEvent.BUREAU_NOTIFIED):
        acts.happen(registrar, person, event, When(acts.today()))
    owed = Owed.objects.filter(person=person, duty__in=["card", "bureau"])
    assert not owed.filter(duty="bureau").exists()
    Event.objects.filter(kind=PersonEvent.CARD_SENT.value).update(happened=acts.today() - timedelta(days=1))
    numbering.renumber(registrar, person, "UA-0021")
    assert set(owed.values_list("duty", flat=True)) == {"card", "bureau"}


@pytest.mark.rule("R25")
def test_of_who_has_left_no_card_is_owed(registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, PersonEvent.RELEASED, When(ARRIVAL))
    numbering.renumber(registrar, person, "UA-0021")
    assert not Owed.objects.filter(person=person, duty="card").exists()
    assert Owed.objects.filter(person=person, duty="bureau").exists()


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", sorted(roles.here() - {Role.REGISTRAR}, key=str))
def test_nobody_but_registrars_puts_a_number_right(desk_of: Doors, person: Person, role: Role) -> None:
    browser, path = desk_of(role), f"/persons/{person.number}/number/"
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"right": "UA-0021"}).status_code == 404
    assert "Correct the number" not in browser.get(f"/persons/{person.number}/").content.decode()


def test_an_old_number_leads_no_commander_to_another_camps_person(
    house: House, registrar: Operator, desk_of: Doors, renumbered: Person
) -> None:
    away = acts.open_camp(registrar, "Dalni", CampKind.PERMANENT, {}, When(ARRIVAL))
    acts.register(registrar, "UA-0040", away, SOMEBODY, When(ARRIVAL))
    numbering.renumber(registrar, acts.person_of("UA-0040"), "UA-0041")
    browser = desk_of(Role.CAMP_COMMANDER)
    assert browser.get("/persons/UA-0001/").status_code == 200
    assert browser.get("/persons/UA-0040/").status_code == 404
    assert "UA-0040" not in browser.get("/persons/?number=UA").content.decode()


@pytest.mark.rule("R41")
def test_a_decision_that_waits_under_the_old_number_is_void(house: House, registrar: Operator, person: Person) -> None:
    deciding.propose(registrar, RETURN, person.number, b"x")
    numbering.renumber(registrar, person, "UA-0021")
    assert approvals.standing(RETURN, "UA-0001") is None
