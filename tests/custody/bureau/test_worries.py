# SPDX-License-Identifier: AGPL-3.0-or-later
"""R26: a worry goes to counsel, and never suppresses the Agency's copy."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.custody.bureau.conftest import TheBureau
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau import alarms, worries
from safeconduct.desk.custody.bureau.errors import NoWorry, WorryWaits
from safeconduct.desk.custody.bureau.models import WITHIN, Package
from safeconduct.desk.custody.models import Person, Sealed
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

FEAR = "Его семья дома."


def waits(the_bureau: TheBureau) -> list[bool]:
    return [the_bureau.opened(row).power_waits for row in Package.objects.all()]


@pytest.mark.rule("R26")
def test_a_worry_tells_the_bureau_to_wait_with_the_powers_copy_and_every_package_goes_out(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    worries.raise_worry(registrar, person, FEAR)
    acts.enter(registrar, person, PersonEvent.ESCAPED, When(ARRIVAL + timedelta(days=2)))
    assert waits(the_bureau) == [False, True, True]
    assert all(bytes(row.body) for row in Package.objects.all())


@pytest.mark.rule("R26")
def test_counsel_decides_and_the_bureau_is_told(
    the_bureau: TheBureau, house: House, registrar: Operator, person: Person
) -> None:
    counsel = house.person(Role.COUNSEL).operator
    worries.raise_worry(registrar, person, FEAR)
    worries.decide(counsel, person, "Нет опасности.", power_may_know=True)
    told = the_bureau.opened(Package.objects.get(number=3))
    assert (told.kind, told.power_waits) == ("power.may_know", False)
    worries.raise_worry(registrar, person, FEAR)
    worries.decide(counsel, person, "Опасно.", power_may_know=False)
    acts.enter(registrar, person, PersonEvent.ESCAPED, When(ARRIVAL + timedelta(days=2)))
    assert waits(the_bureau) == [False, True, False, True, True, True]


def test_counsel_is_asked_once_at_a_time_and_decides_what_waits(
    house: House, registrar: Operator, person: Person
) -> None:
    with pytest.raises(NoWorry):
        worries.decide(house.person(Role.COUNSEL).operator, person, "", power_may_know=True)
    worries.raise_worry(registrar, person, FEAR)
    with pytest.raises(WorryWaits):
        worries.raise_worry(registrar, person, FEAR)


@pytest.mark.rule("R26", "T3")
def test_what_is_feared_opens_for_counsel_alone(registrar: Operator, person: Person) -> None:
    worries.raise_worry(registrar, person, FEAR)
    (page,) = Sealed.objects.filter(kind="worry")
    assert page.team == "counsel"
    assert FEAR.encode() not in bytes(page.body)


@pytest.mark.rule("R26")
def test_a_worry_rings_at_counsel_until_they_have_decided_and_late_at_the_monitor(
    desk_of: Callable[[Role], Client], house: House, registrar: Operator, person: Person
) -> None:
    def hears(role: Role) -> tuple[bool, bool]:
        said = browsers[role].get("/alerts/").content.decode()
        return "Counsel is asked whether" in said, "Counsel has not decided in time" in said

    browsers = {role: desk_of(role) for role in (Role.COUNSEL, Role.MONITOR, Role.REGISTRAR)}
    worries.raise_worry(registrar, person, FEAR)
    assert hears(Role.COUNSEL) == (True, False)
    alarms.ring(acts.today() + WITHIN)
    assert {role: hears(role) for role in browsers} == {
        Role.COUNSEL: (True, False),
        Role.MONITOR: (False, False),
        Role.REGISTRAR: (False, False),
    }
    alarms.ring(acts.today() + WITHIN + timedelta(days=1))
    assert (hears(Role.COUNSEL), hears(Role.MONITOR)) == ((True, True), (False, True))
    worries.decide(house.person(Role.COUNSEL).operator, person, "", power_may_know=True)
    assert not Alert.objects.filter(kind__startswith="custody.worry", is_over=False).exists()


@pytest.mark.rule("R26", "T3")
def test_counsel_and_the_monitor_see_who_waits_and_only_counsel_is_led_on(
    desk_of: Callable[[Role], Client], registrar: Operator, person: Person
) -> None:
    worries.raise_worry(registrar, person, FEAR)
    link = f'href="/bureau/persons/{person.number}/"'
    counsel, monitor = (desk_of(role).get("/bureau/worries/").content.decode() for role in (Role.COUNSEL, Role.MONITOR))
    assert person.number in counsel
    assert person.number in monitor
    assert (link in counsel, link in monitor) == (True, False)
    assert desk_of(Role.REGISTRAR).get("/bureau/worries/").status_code == 404
