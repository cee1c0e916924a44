# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever is not returned is let go here or to a third country, by two people, if it is what they validly wish (arts. 7, 118; R41)."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.custody.wishes.conftest import confirm, to_be_sent_home, wish

from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import days, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.errors import CustodyError, DayRefused
from safeconduct.desk.custody.models import Event, Owed, Person, Sealed
from safeconduct.desk.custody.wishes import acts, returning
from safeconduct.desk.custody.wishes.counting import Fear, Stop
from safeconduct.desk.custody.wishes.errors import (
    NotApprovable,
    NotCleared,
    ReleaseIncomplete,
    ReleaseNotCleared,
    ReturnStopped,
)
from safeconduct.desk.custody.wishes.models import Clearance
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.wishes import Decision, Outcome, WishKind


def here(**changed: object) -> Decision:
    plain = Decision(
        outcome=Outcome.RELEASED_HERE, grounds="Permit 12.", decided_by=("A. Bondar", "O. Hnat"), day=days.here()
    )
    return msgspec.structs.replace(plain, **changed)


@pytest.fixture
def fearful(keys: Keyring, person: Person) -> Person:
    """They fear to return, are to be sent home sick, and wish to stay."""
    to_be_sent_home(keys.operator, person)
    register.enter(keys.operator, person, PersonEvent.FEAR_STATED, When(ARRIVAL))
    acts.take(keys, person, wish(WishKind.STAY, 1))
    return person


@pytest.mark.rule("R27", "R41")
def test_who_is_not_returned_is_released_by_two_people_and_the_bureau_is_told(
    keys: Keyring, second: Keyring, fearful: Person
) -> None:
    returning.propose(keys, fearful, here())
    assert not Event.objects.filter(kind="released").exists()
    confirm(second, fearful)
    assert Person.objects.get(pk=fearful.pk).camp is None
    assert Package.objects.filter(person=fearful, kind="released", event__happened=days.here()).count() == 1
    assert not Owed.objects.filter(person=fearful, duty__in=["fear", "home-sick", "inspection"]).exists()
    assert (returning.fear_of(keys, fearful), Clearance.objects.exists()) == (Fear.UPHELD, False)


@pytest.mark.rule("R41", "T6")
def test_nobody_releases_alone_and_no_hand_enters_it(keys: Keyring, second: Keyring, fearful: Person) -> None:
    returning.propose(keys, fearful, here())
    with pytest.raises(NotApprovable):
        confirm(keys, fearful)
    for event, refused in ((PersonEvent.RELEASED, ReleaseNotCleared), (PersonEvent.REPATRIATED, NotCleared)):
        with pytest.raises(refused):
            register.enter(keys.operator, fearful, event, When(days.here()))
    confirm(second, fearful)
    assert Event.objects.filter(person=fearful, kind="released", stands=True).count() == 1


@pytest.mark.rule("R38", "R41")
@pytest.mark.parametrize("kind", [one for one in WishKind if one is not WishKind.STAY])
def test_nobody_is_released_here_who_does_not_wish_it(keys: Keyring, fearful: Person, kind: WishKind) -> None:
    acts.take(keys, fearful, wish(kind))
    with pytest.raises(ReturnStopped) as stopped:
        returning.propose(keys, fearful, here())
    assert stopped.value.why is Stop.WISHES_OTHERWISE
    acts.take(keys, fearful, wish(WishKind.STAY))
    returning.propose(keys, fearful, here())


@pytest.mark.rule("R40", "R41")
def test_another_wish_before_the_second_person_keeps_them(keys: Keyring, second: Keyring, fearful: Person) -> None:
    returning.propose(keys, fearful, here())
    acts.take(keys, fearful, wish(WishKind.UNDECIDED, is_signed=False))
    with pytest.raises(ReturnStopped) as stopped:
        confirm(second, fearful)
    assert stopped.value.why is Stop.DOUBT
    assert not Event.objects.filter(kind__in=["released", "return.decided"]).exists()


@pytest.mark.rule("R41")
@pytest.mark.parametrize("country", ["", " ", "north  LAND"])
def test_a_third_country_has_a_name_and_is_not_the_power_that_they_fear(
    keys: Keyring, second: Keyring, fearful: Person, country: str
) -> None:
    known = msgspec.structs.replace(SOMEBODY, power="North Land")
    sealed.keep(fearful, sealed.IDENTITY, known, entered=days.entered())
    acts.take(keys, fearful, wish(WishKind.THIRD_COUNTRY))
    there = here(outcome=Outcome.RELEASED_ELSEWHERE, country=country)
    with pytest.raises(ReleaseIncomplete):
        returning.propose(keys, fearful, there)
    returning.propose(keys, fearful, msgspec.structs.replace(there, country="Switzerland"))
    confirm(second, fearful)
    assert Event.objects.filter(person=fearful, kind="released").count() == 1


@pytest.mark.rule("R41")
@pytest.mark.parametrize(
    ("day", "why"), [(None, ReleaseIncomplete), (timedelta(days=2), DayRefused), (timedelta(days=-9_999), DayRefused)]
)
def test_a_release_has_a_day_on_which_it_can_have_been(
    keys: Keyring, fearful: Person, day: timedelta | None, why: type[CustodyError]
) -> None:
    with pytest.raises(why):
        returning.propose(keys, fearful, here(day=None if day is None else days.here() + day))


@pytest.mark.rule("R43", "T3")
def test_in_clear_a_release_waits_as_every_other_decision_does(keys: Keyring, fearful: Person) -> None:
    traces = set()
    for outcome in (Outcome.NOT_RETURNED, Outcome.MAY_RETURN, Outcome.RELEASED_HERE):
        returning.propose(keys, fearful, here(outcome=outcome))
        pages = Sealed.objects.order_by("-pk")[:2].values_list("kind", "team")
        sizes = {len(row.body) for row in Sealed.objects.order_by("-pk")[:2]}
        latest = Proposal.objects.order_by("-pk").values_list("kind", "subject", "state")[0]
        traces.add((tuple(pages), tuple(sizes), latest))
    assert len(traces) == 1


@pytest.mark.rule("R41")
def test_a_release_is_proposed_and_confirmed_on_the_page_of_the_return(
    desk_of: Callable[[Role], Client], second_browser: Client, fearful: Person
) -> None:
    first, second = desk_of(Role.REGISTRAR), second_browser
    path = f"/persons/{fearful.number}/return/"
    said = {"outcome": "released_here", "grounds": "Permit 12.", "decided_by": "A. Bondar\nO. Hnat", "day": ""}
    assert "A release needs its day" in first.post(path + "propose/", said).content.decode()
    assert first.post(path + "propose/", said | {"day": timezone.localdate().isoformat()}).status_code == 302
    page = second.get(path).content.decode()
    assert "is released in this country ·" in page
    read = page.partition('name="read" value="')[2].partition('"')[0]
    assert second.post(path + "confirm/", {"read": read}).status_code == 302
    assert Event.objects.filter(person=fearful, kind="released").count() == 1
