# SPDX-License-Identifier: AGPL-3.0-or-later
"""That the fighting has ended starts what article 118 asks for. One registrar's word starts nothing, and one ends nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, camp_acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import NotYours
from safeconduct.desk.custody.models import Camp, Event, Owed
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind

DAY = {"day": (ARRIVAL + timedelta(days=9)).isoformat()}
Post = Callable[[Client, str], int]


@pytest.fixture
def first(house: House) -> Client:
    return house.signed_in(Role.REGISTRAR)


@pytest.fixture
def second(second_registrar: Client) -> Client:
    return second_registrar


def confirm(browser: Client) -> int:
    """As whoever reads the page: what stands on it is what they confirm."""
    page = browser.get("/hostilities/").content.decode()
    found = re.search(r'action="(/hostilities/(?:confirm|take-back)/)".*?name="read" value="(\d+)"', page)
    return browser.post(found[1], {"read": found[2]}).status_code if found else 0


def stands(camp: Camp) -> bool:
    return camp.events.filter(kind=CampEvent.HOSTILITIES_OVER.value, stands=True).exists()


def is_owed(camp: Camp) -> bool:
    return Owed.objects.filter(camp=camp, duty="return").exists()


@pytest.fixture
def ended(first: Client, second: Client, camp: Camp) -> None:
    first.post("/hostilities/propose/", DAY)
    assert confirm(second) == 302


def test_the_end_of_the_fighting_stands_when_a_second_registrar_confirms_it(
    first: Client, second: Client, camp: Camp
) -> None:
    assert first.post("/hostilities/propose/", DAY).status_code == 302
    assert not stands(camp)
    assert not is_owed(camp)
    assert confirm(second) == 302
    assert Owed.objects.get(camp=camp, duty="return").since.isoformat() == DAY["day"]
    assert "hostilities ended" in first.get(f"/camps/{camp.pk}/").content.decode()


def test_nobody_confirms_what_they_proposed(first: Client, second: Client, camp: Camp) -> None:
    first.post("/hostilities/propose/", DAY)
    assert confirm(first) == 0  # no button
    read = re.search(r'name="read" value="(\d+)"', second.get("/hostilities/").content.decode())
    assert read
    answer = first.post("/hostilities/confirm/", {"read": read[1]})
    assert answer.status_code == 400
    assert "Another registrar has to confirm it" in answer.content.decode()
    assert not stands(camp)


def test_what_was_proposed_anew_is_not_confirmed_by_an_older_page(first: Client, second: Client, camp: Camp) -> None:
    first.post("/hostilities/propose/", DAY)
    read = re.search(r'name="read" value="(\d+)"', second.get("/hostilities/").content.decode())
    assert read
    first.post("/hostilities/propose/", {"day": ARRIVAL.isoformat()})
    assert second.post("/hostilities/confirm/", {"read": read[1]}).status_code == 400
    assert not stands(camp)


@pytest.mark.usefixtures("ended")
def test_it_is_taken_back_by_two_as_well(first: Client, second: Client, camp: Camp) -> None:
    assert second.post("/hostilities/doubt/").status_code == 302
    assert is_owed(camp)
    assert confirm(second) == 0
    assert confirm(first) == 302
    assert not stands(camp)
    assert not is_owed(camp)
    assert Event.objects.filter(kind=CampEvent.HOSTILITIES_OVER.value).count() == 2  # both entries stay


@pytest.mark.usefixtures("ended")
def test_no_hand_strikes_it_or_enters_it_alone(registrar: Operator, first: Client, camp: Camp) -> None:
    row = camp.events.get(kind=CampEvent.HOSTILITIES_OVER.value)
    with pytest.raises(NotYours):
        acts.correct_of_camp(registrar, camp, row.pk, None)
    with pytest.raises(NotYours):
        acts.enter_of_camp(registrar, camp, CampEvent.HOSTILITIES_OVER, When(ARRIVAL))
    assert 'value="hostilities.over"' not in first.get(f"/camps/{camp.pk}/").content.decode()


@pytest.mark.usefixtures("ended")
def test_a_camp_that_opens_later_owes_its_plan_as_well(registrar: Operator, camp: Camp) -> None:
    later = acts.open_camp(registrar, "Dalni", CampKind.PERMANENT, {}, When(ARRIVAL))
    assert is_owed(later)
    acts.enter_of_camp(registrar, camp, CampEvent.CLOSED, When(ARRIVAL + timedelta(days=20)))
    camp_acts.reopen(registrar, camp, When(ARRIVAL + timedelta(days=21)))
    assert camp.events.filter(kind=CampEvent.HOSTILITIES_OVER.value, stands=True).count() == 1


@pytest.mark.parametrize("day", ["", "2999-01-01", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused(first: Client, camp: Camp, day: str) -> None:
    assert first.post("/hostilities/propose/", {"day": day}).status_code == 400
    assert 'name="read"' not in first.get("/hostilities/").content.decode()


def test_who_left_after_proposing_is_confirmed_by_nobody(
    house: House, first: Client, second: Client, camp: Camp
) -> None:
    first.post("/hostilities/propose/", DAY)
    Operator.objects.filter(pk=house.person(Role.REGISTRAR).operator.pk).update(active=False)
    assert confirm(second) == 0
    assert second.post("/hostilities/propose/", DAY).status_code == 302  # and may propose it anew
    assert not stands(camp)


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", sorted(roles.here() - {Role.REGISTRAR}, key=str))
def test_nobody_but_registrars_decides_on_it(house: House, camp: Camp, role: Role) -> None:
    browser = house.signed_in(role)
    assert browser.get("/hostilities/").status_code == 404
    for name in ("propose", "confirm", "doubt", "take-back"):
        assert browser.post(f"/hostilities/{name}/", DAY | {"read": "1"}).status_code == 404
    assert not stands(camp)
