# SPDX-License-Identifier: AGPL-3.0-or-later
"""What papers that come late, wrong or twice do to the register."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, camp_acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import DayRefused, LanguageNeeded, NobodyReads, NotYours, StillHeld
from safeconduct.desk.custody.models import Camp, Event, Owed, Person, Sealed
from safeconduct.desk.operators.destroying import all_of_them
from safeconduct.desk.operators.models import Operator, Team
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent

Doors = Callable[[Role], Client]


def on(days: int) -> When:
    return When(ARRIVAL + timedelta(days=days))


def where(person: Person) -> Camp | None:
    return Person.objects.select_related("camp").get(pk=person.pk).camp


@pytest.fixture
def other(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Dalni", CampKind.PERMANENT, {}, When(ARRIVAL))


def test_who_left_by_mistake_is_back_when_it_is_struck(registrar: Operator, person: Person, camp: Camp) -> None:
    died = acts.enter(registrar, person, PersonEvent.DIED, on(5))
    assert where(person) is None
    acts.correct(registrar, person, died.pk, None)
    assert where(person) == camp
    assert "inspection" in {row.duty for row in Owed.objects.filter(person=person)}


def test_papers_that_come_late_do_not_bring_back_who_has_left(registrar: Operator, person: Person, other: Camp) -> None:
    acts.enter(registrar, person, PersonEvent.RELEASED, on(5))
    acts.enter(registrar, person, PersonEvent.TRANSFERRED, on(3), camp=other)
    assert where(person) is None


def test_an_earlier_escape_does_not_take_away_who_has_come_again(
    registrar: Operator, person: Person, camp: Camp
) -> None:
    acts.enter(registrar, person, PersonEvent.ARRIVED, on(6), camp=camp)
    acts.enter(registrar, person, PersonEvent.ESCAPED, on(2))
    assert where(person) == camp


def test_nothing_is_dated_anew_to_before_the_arrival(house: House, person: Person) -> None:
    medical = house.person(Role.MEDICAL).operator
    seen = acts.enter(medical, person, PersonEvent.FELL_SICK, on(2))
    with pytest.raises(DayRefused):
        acts.correct(medical, person, seen.pk, on(-3))
    assert Event.objects.get(pk=seen.pk).stands


@pytest.mark.rule("R30", "R37")
@pytest.mark.parametrize("role", [Role.CAMP_COMMANDER, Role.REGISTRAR, Role.MEDICAL])
def test_who_may_be_accused_neither_sees_nor_strikes_a_report(
    house: House, desk_of: Doors, person: Person, role: Role
) -> None:
    counsel = house.person(Role.COUNSEL).operator
    told = acts.enter(counsel, person, PersonEvent.ILL_TREATMENT_REPORTED, on(1))
    page = desk_of(role).get(f"/persons/{person.number}/").content.decode()
    assert "ill-treatment reported</th>" not in page
    with pytest.raises(NotYours):
        acts.correct(house.person(role).operator, person, told.pk, None)
    assert Owed.objects.filter(person=person, duty="ill-treatment").exists()


@pytest.mark.rule("R30", "R42")
def test_counsel_finds_the_person_and_takes_up_what_was_said(desk_of: Doors, person: Person) -> None:
    browser, path = desk_of(Role.COUNSEL), f"/persons/{person.number}/"
    for event in ("complaint.made", "complaint.forwarded"):
        assert browser.post(path + "enter/", {"event": event, "day": ARRIVAL.isoformat()}).status_code == 302
    assert "complaint forwarded</strong>" in browser.get(path).content.decode()
    assert not Owed.objects.filter(person=person, duty="complaint").exists()


def test_a_day_is_todays_on_the_clock_of_whoever_enters_it(registrar: Operator, person: Person) -> None:
    with timezone.override(ZoneInfo("Etc/GMT-14")):
        there = When(timezone.localdate())  # where it is this day, it is not yet in the other zone
        acts.enter(registrar, person, PersonEvent.DIED, there)
    with timezone.override(ZoneInfo("Etc/GMT+12")), pytest.raises(DayRefused):
        acts.enter(registrar, person, PersonEvent.BURIED, there)


def test_a_camp_is_closed_when_nobody_is_held_there_and_opens_when_that_was_wrong(
    registrar: Operator, person: Person, camp: Camp
) -> None:
    with pytest.raises(StillHeld):
        acts.enter_of_camp(registrar, camp, CampEvent.CLOSED, on(3))
    acts.enter(registrar, person, PersonEvent.RELEASED, on(3))
    closed = acts.enter_of_camp(registrar, camp, CampEvent.CLOSED, on(3))
    assert not Owed.objects.filter(camp=camp, person=None).exists()
    acts.correct_of_camp(registrar, camp, closed.pk, None)
    acts.register(registrar, "N-2", camp, SOMEBODY, on(4))
    assert Owed.objects.filter(camp=camp, duty="morning-meal").exists()


def test_a_closing_that_is_dated_anew_stays_between_the_openings(registrar: Operator, camp: Camp) -> None:
    closed = acts.enter_of_camp(registrar, camp, CampEvent.CLOSED, on(3))
    camp_acts.reopen(registrar, camp, on(5))
    acts.register(registrar, "N-2", camp, SOMEBODY, on(5))
    with pytest.raises(DayRefused, match="opened"):  # an open camp would owe nothing
        acts.correct_of_camp(registrar, camp, closed.pk, on(6))
    acts.correct_of_camp(registrar, camp, closed.pk, on(4))
    assert camp.events.get(corrects=closed).happened == on(4).day
    assert Owed.objects.filter(camp=camp, duty="morning-meal").exists()


@pytest.mark.rule("R32")
def test_what_is_posted_is_posted_in_a_language(house: House, camp: Camp) -> None:
    with pytest.raises(LanguageNeeded):
        acts.enter_of_camp(house.person(Role.CAMP_COMMANDER).operator, camp, CampEvent.CONVENTION_POSTED, on(0))


def test_a_refused_registration_keeps_all_that_was_typed(desk_of: Doors, person: Person, camp: Camp) -> None:
    said = {
        "number": person.number,
        "camp": str(camp.pk),
        "day": ARRIVAL.isoformat(),
        "birth": "주체 93",
        "spellings": "Ri\nRhee",
    }
    page = desk_of(Role.REGISTRAR).post("/register/", said).content.decode()
    assert 'value="주체 93"' in page
    assert "Ri\nRhee\n</textarea>" in page


@pytest.mark.rule("R51")
def test_destroying_the_keys_leaves_no_page_that_shares_could_open(person: Person) -> None:
    (pages,) = [one for one in all_of_them() if one.code == "custody.pages"]
    assert pages.count() == pages.destroy() == 1  # however many: some are of no concern to who asks
    assert {bytes(row.body) for row in Sealed.objects.all()} == {b""}


def test_without_the_bureaus_key_nobody_is_registered_half(registrar: Operator, camp: Camp) -> None:
    Team.objects.filter(code="bureau").update(code="nobody")
    with pytest.raises(NobodyReads):
        acts.register(registrar, "A-1", camp, SOMEBODY, When(ARRIVAL))
    assert not Person.objects.exists()
