# SPDX-License-Identifier: AGPL-3.0-or-later
"""Camps: what they have, who lives where, and whom a commander sees."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.custody.conftest import ARRIVAL, SOMEBODY, inputs_of
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import acts, camp_acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.audited import FULL
from safeconduct.desk.custody.bounds import camps_of
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, Category, Need, PersonEvent

Doors = Callable[[Role], Client]
STANDING = {
    "kind": "permanent", "places-officers": "3", "places-other-ranks": "40", "places-women": "5",
    "address": "Box 7, Stanytsia", "languages": ["ru", "ko-KP", "xx"], "needs": ["step-free", "magic"],
}  # fmt: skip


def on(days: int) -> When:
    return When(ARRIVAL + timedelta(days=days))


@pytest.fixture
def other(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Dalni", CampKind.PERMANENT, {Category.OTHER_RANKS: 10}, When(ARRIVAL))


@pytest.fixture
def stranger(registrar: Operator, other: Camp) -> Person:
    """Held in a camp that the house's commander is not bound to."""
    return acts.register(registrar, "ZZ-9", other, SOMEBODY, When(ARRIVAL))


def test_what_a_camp_has_is_changed_and_recorded(house: House, camp: Camp) -> None:
    browser = house.signed_in(Role.REGISTRAR)
    assert browser.post(f"/camps/{camp.pk}/change/", STANDING).status_code == 302
    now = Camp.objects.get(pk=camp.pk)
    assert now.address == "Box 7, Stanytsia"
    assert (sorted(now.spoken), list(now.serves)) == (["ko-KP", "ru"], [Need.STEP_FREE])
    assert dict(now.quarters.values_list("category", "places")) == {"officers": 3, "other-ranks": 40, "women": 5}
    told = [line.told for line in record.page([house.keys["monitor"]], before=None).lines if line.told]
    assert ("custody.camp_changed", "Stanytsia") in {(one.act, one.subject) for one in told}


def test_the_same_page_of_a_camp_sent_twice_enters_it_once(desk_of: Doors, camp: Camp) -> None:
    browser, path = desk_of(Role.CAMP_COMMANDER), f"/camps/{camp.pk}/"
    said = {"event": CampEvent.HYGIENE_INSPECTED.value, "day": ARRIVAL.isoformat()}
    page = said | {"ticket": inputs_of(browser.get(path).content.decode())["ticket"]}
    for _click in range(2):
        assert browser.post(f"{path}enter/", page).status_code == 302
    assert camp.events.filter(kind=said["event"]).count() == 1
    browser.post(f"{path}enter/", said | {"ticket": inputs_of(browser.get(path).content.decode())["ticket"]})
    assert camp.events.filter(kind=said["event"]).count() == 2


def test_a_camp_that_was_closed_is_opened_again_and_owes_its_days(
    desk_of: Doors, registrar: Operator, camp: Camp
) -> None:
    acts.enter_of_camp(registrar, camp, CampEvent.CLOSED, on(3))
    browser, path = desk_of(Role.REGISTRAR), f"/camps/{camp.pk}/open/"
    assert browser.post(path, {"day": on(3).day.isoformat()}).status_code == 400  # the day on which it was closed
    assert browser.post(path, {"day": on(5).day.isoformat()}).status_code == 302
    assert Camp.objects.get(pk=camp.pk).is_open
    acts.register(registrar, "N-1", camp, SOMEBODY, on(5))
    assert Owed.objects.get(camp=camp, duty="water").due == on(6).day
    assert browser.post(path, {"day": on(6).day.isoformat()}).status_code == 400  # it is open


@pytest.mark.rule("R24")
def test_too_many_women_for_the_womens_quarters_ring_though_the_camp_has_room(
    registrar: Operator, camp: Camp, person: Person
) -> None:
    camp_acts.give_quarters(registrar, {person: Category.OTHER_RANKS}, on(0))
    assert not Alert.objects.filter(kind=FULL).exists()
    camp_acts.give_quarters(registrar, {person: Category.WOMEN}, on(1))
    assert Alert.objects.filter(kind=FULL, is_over=False).exists()
    camp_acts.change(registrar, camp, camp_acts.Standing(CampKind.PERMANENT, {Category.WOMEN: 1}))
    assert not Alert.objects.filter(kind=FULL, is_over=False).exists()


@pytest.mark.rule("R24")
def test_quarters_of_women_follow_from_camp_to_camp(registrar: Operator, person: Person, other: Camp) -> None:
    camp_acts.give_quarters(registrar, {person: Category.WOMEN}, on(0))
    acts.enter(registrar, person, PersonEvent.RELEASED, on(1))
    acts.enter(registrar, person, PersonEvent.ARRIVED, on(2), camp=other)
    now = Person.objects.select_related("quarters").get(pk=person.pk)
    assert now.quarters is not None
    assert (now.quarters.camp, now.quarters.category) == (other, "women")


def test_a_commander_is_bound_and_freed_on_the_page(desk_of: Doors, house: House, camp: Camp, other: Camp) -> None:
    commander = house.person(Role.CAMP_COMMANDER).operator
    said = {"commander": str(commander.pk), "camp": str(other.pk)}
    browser = desk_of(Role.ADMINISTRATOR)
    assert browser.post("/commanders/", said).status_code == 302
    assert set(camps_of(commander)) == {camp, other}
    assert browser.post("/commanders/", said | {"free": "yes"}).status_code == 302
    assert set(camps_of(commander)) == {camp}
    registrar = str(house.person(Role.REGISTRAR).operator.pk)
    assert browser.post("/commanders/", said | {"commander": registrar}).status_code == 400


@pytest.mark.parametrize("changed", [{"active": False}, {"role": Role.MAIL_OFFICE.value}])
def test_who_is_no_commander_any_more_is_freed_as_well(
    desk_of: Doors, house: House, camp: Camp, other: Camp, changed: dict[str, object]
) -> None:
    browser, commander = desk_of(Role.ADMINISTRATOR), house.person(Role.CAMP_COMMANDER).operator
    said = {"commander": str(commander.pk), "free": "yes"}
    Operator.objects.filter(pk=commander.pk).update(**changed)
    assert browser.post("/commanders/", said | {"camp": str(other.pk)}).status_code == 400
    assert browser.post("/commanders/", said | {"camp": str(camp.pk)}).status_code == 302
    assert not commander.commands.exists()


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def about(what: str) -> list[str]:
    return sorted(route for route in routes(get_resolver().url_patterns) if what in route)


def filled(route: str, number: str, camp: Camp) -> str:
    for name in (":number>", ":pk>", ":event>", ":page>"):
        start = route.find("<") if name in route else -1
        while start >= 0 and name in route:
            end = route.index(">", start)
            value = number if name == ":number>" else str(camp.pk)
            route = route[:start] + value + route[end + 1 :] if name in route[start : end + 1] else route
            start = route.find("<", start + 1)
    return "/" + route


@pytest.mark.rule("T6")
@pytest.mark.parametrize("route", about("<slug:number>"))
def test_of_who_is_held_elsewhere_a_commander_sees_nothing(
    desk_of: Doors, camp: Camp, stranger: Person, route: str
) -> None:
    browser, path = desk_of(Role.CAMP_COMMANDER), filled(route, stranger.number, camp)
    assert browser.get(path).status_code == 404
    assert browser.post(path, {}).status_code == 404


@pytest.mark.rule("T6")
@pytest.mark.parametrize("route", about("camps/<int:"))
def test_of_another_camp_a_commander_sees_nothing(desk_of: Doors, camp: Camp, other: Camp, route: str) -> None:
    browser, path = desk_of(Role.CAMP_COMMANDER), filled(route, "X", other)
    assert browser.get(path).status_code == 404
    assert browser.post(path, {}).status_code == 404


@pytest.mark.rule("T6")
def test_the_lists_of_a_commander_hold_their_own_camp_alone(
    desk_of: Doors, person: Person, stranger: Person, other: Camp
) -> None:
    browser = desk_of(Role.CAMP_COMMANDER)
    for path in ("/persons/", "/duties/", "/duties/quarters/", "/duties/water/", f"/persons/{person.number}/"):
        page = browser.get(path).content.decode()
        assert stranger.number not in page, path
        assert other.name not in page, path
    assert person.number in browser.get("/persons/").content.decode()
    assert browser.get(f"/duties/?camp={other.pk}").status_code == 404


@pytest.mark.rule("T6")
def test_who_left_is_seen_where_they_were_last(
    desk_of: Doors, registrar: Operator, person: Person, stranger: Person
) -> None:
    for one in (person, stranger):
        acts.enter(registrar, one, PersonEvent.ESCAPED, on(2))
    browser = desk_of(Role.CAMP_COMMANDER)
    assert browser.get(f"/persons/{person.number}/").status_code == 200
    assert browser.get(f"/persons/{stranger.number}/").status_code == 404


@pytest.mark.rule("T6")
def test_a_commander_whom_nobody_has_bound_sees_nobody(
    desk_of: Doors, house: House, registrar: Operator, person: Person, camp: Camp
) -> None:
    camp_acts.free(registrar, house.person(Role.CAMP_COMMANDER).operator, camp)
    browser = desk_of(Role.CAMP_COMMANDER)
    assert person.number not in browser.get("/persons/").content.decode()
    assert browser.get(f"/persons/{person.number}/").status_code == 404
