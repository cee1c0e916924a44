# SPDX-License-Identifier: AGPL-3.0-or-later
"""A registration that was an error is taken back by two registrars, and nothing is erased."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.alerts import registry
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts, watching
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.audited import NOWHERE, TAKEN_BACK
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.models import Camp, Event, Owed, Person, Sealed
from safeconduct.desk.custody.registrations import NotRegistered
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

P = PersonEvent
pytestmark = pytest.mark.rule("R27", "R50")


@pytest.fixture
def twice(registrar: Operator, camp: Camp) -> Person:
    """The same person once more, under another number."""
    return acts.register(registrar, "UA-0002", camp, SOMEBODY, When(ARRIVAL))


@pytest.fixture
def first(house: House) -> Client:
    return house.signed_in(Role.REGISTRAR)


@pytest.fixture
def second(second_registrar: Client) -> Client:
    return second_registrar


def say(browser: Client, person: Person, **said: str) -> int:
    return browser.post(f"/persons/{person.number}/registration/", {"wrong": "error"} | said).status_code


def owed(person: Person) -> set[str]:
    return set(Owed.objects.filter(person=person).values_list("duty", flat=True))


def test_two_take_back_a_registration_and_it_is_found_under_both_numbers(
    first: Client, second: Client, person: Person, twice: Person
) -> None:
    pages = Sealed.objects.filter(person=twice).count()
    assert say(first, twice, other=person.number) == 302
    assert Person.objects.get(pk=twice.pk).camp is not None  # one alone changes nothing
    assert say(second, twice, other=person.number) == 302
    assert Person.objects.get(pk=twice.pk).camp is None
    assert "This person is UA-0001" in first.get("/persons/UA-0002/").content.decode()
    assert "UA-0002" in first.get("/persons/UA-0001/").content.decode()
    assert Sealed.objects.filter(person=twice).count() == pages
    assert owed(person) >= {"card", "bureau"}


@pytest.mark.rule("R29")
def test_mail_under_a_number_taken_back_leads_to_whose_it_is(
    first: Client, second: Client, house: House, person: Person, twice: Person
) -> None:
    for browser in (first, second):
        say(browser, twice, other=person.number)
    said = {
        "sheet": "came",
        "kind": "letter",
        "camp": person.camp_id,
        "day": ARRIVAL.isoformat(),
        "ticket": "ab" * 16,
        "lines": "UA-0002",
    }
    page = house.signed_in(Role.MAIL_OFFICE).post("/post/sheet/", said).content.decode()
    assert "This person is UA-0001</a>, Stanytsia" in page


def test_the_bureau_is_told_that_it_never_was(first: Client, second: Client, twice: Person) -> None:
    told = Package.objects.get(person=twice)
    for browser in (first, second):
        assert say(browser, twice) == 302
    back = Package.objects.filter(person=twice).last()
    assert back is not None
    assert back.event is not None
    assert (back.kind, back.corrects, back.event.stands) == (P.REGISTERED.value, told, False)
    assert owed(twice) == set()


def test_monitor_and_counsel_hear_of_it_and_nobody_is_held_nowhere(
    first: Client, second: Client, twice: Person
) -> None:
    for browser in (first, second):
        say(browser, twice)
    assert Alert.objects.filter(kind=TAKEN_BACK, is_over=False).exists()
    assert all(TAKEN_BACK not in registry.hidden_from(role) for role in (Role.MONITOR, Role.COUNSEL))
    watching.watch_nowhere()
    assert not Alert.objects.filter(kind=NOWHERE, is_over=False).exists()


def test_who_says_something_else_puts_nothing_right(
    first: Client, second: Client, person: Person, twice: Person
) -> None:
    say(first, twice, other=person.number)
    assert say(second, twice) == 400
    assert say(second, twice, other="UA-0002") == 400
    assert say(first, twice, other=person.number) == 302  # the same person again is still one
    assert Person.objects.get(pk=twice.pk).camp is not None


def test_what_was_said_to_counsel_and_a_fear_stay_owed(
    registrar: Operator, first: Client, second: Client, twice: Person
) -> None:
    for event in (P.COMPLAINED, P.SPONTANEOUS_OFFER, P.FEAR_STATED):
        acts.happen(registrar, twice, event, When(ARRIVAL))
    for browser in (first, second):
        say(browser, twice)
    assert owed(twice) == {"complaint", "counsel", "fear"}


def test_nobody_arrives_under_a_number_that_was_taken_back(
    registrar: Operator, first: Client, second: Client, twice: Person, camp: Camp
) -> None:
    for browser in (first, second):
        say(browser, twice)
    with pytest.raises(NotRegistered):
        acts.happen(registrar, twice, P.ARRIVED, When(ARRIVAL), camp=camp)


def test_a_wrong_day_is_put_right_and_the_bureau_hears_of_it(first: Client, second: Client, person: Person) -> None:
    told, day = Package.objects.get(person=person), ARRIVAL + timedelta(days=3)
    for browser in (first, second):
        assert say(browser, person, wrong="day", day=day.isoformat()) == 302
    registered = Event.objects.get(person=person, kind=P.REGISTERED.value, stands=True)
    assert registered.happened == day
    assert Package.objects.get(event=registered).corrects == told
