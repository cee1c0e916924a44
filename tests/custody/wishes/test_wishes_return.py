# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody is entered as returned whose wish and fear were not looked at; a fear is decided on by itself, by two people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.custody.conftest import ARRIVAL
from tests.custody.wishes.conftest import confirm, hostilities_over, to_be_sent_home, wish
from tests.desk.conftest import House

from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import NotYours
from safeconduct.desk.custody.models import Event, Owed, Person
from safeconduct.desk.custody.wishes import access, acts, clearing, listing, records, returning
from safeconduct.desk.custody.wishes.counting import Fear, Stop
from safeconduct.desk.custody.wishes.errors import (
    AnotherStands,
    DecisionIncomplete,
    NotApprovable,
    NotCleared,
    NothingToDecide,
    ReleaseNotCleared,
    ReturnStopped,
)
from safeconduct.desk.custody.wishes.models import Clearance
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.wishes import Decision, Outcome, WayHome, WishKind

NO = Decision(
    outcome=Outcome.NOT_RETURNED, grounds="They were threatened by name.", decided_by=("A. Bondar", "O. Hnat")
)
YES = Decision(outcome=Outcome.MAY_RETURN, grounds="They say that they no longer fear it.", decided_by=NO.decided_by)


def sent_home(keys: Keyring, person: Person) -> None:
    register.enter(keys.operator, person, PersonEvent.REPATRIATED, When(timezone.localdate()))


def fears(keys: Keyring, person: Person) -> None:
    register.enter(keys.operator, person, PersonEvent.FEAR_STATED, When(ARRIVAL))


def decided(keys: Keyring, second: Keyring, person: Person, decision: Decision) -> None:
    returning.propose(keys, person, decision)
    confirm(second, person)


@pytest.mark.rule("R41")
def test_nobody_is_entered_as_repatriated_before_it_was_checked(keys: Keyring, person: Person) -> None:
    to_be_sent_home(keys.operator, person)
    with pytest.raises(NotCleared):
        sent_home(keys, person)
    clearing.clear_for_return(keys, person, WayHome.SICK)
    sent_home(keys, person)
    assert Event.objects.filter(person=person, kind="repatriated").count() == 1
    assert not Clearance.objects.exists()


@pytest.mark.rule("R41")
def test_what_was_checked_lapses_after_72_hours(keys: Keyring, person: Person) -> None:
    to_be_sent_home(keys.operator, person)
    clearing.clear_for_return(keys, person, WayHome.SICK)
    (row,) = Clearance.objects.all()
    assert timedelta(hours=71) < row.lapses - timezone.now() <= timedelta(hours=72)
    Clearance.objects.update(lapses=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotCleared):
        sent_home(keys, person)
    returning.forget_lapsed(timezone.now())
    assert not Clearance.objects.exists()


@pytest.mark.rule("R41")
def test_who_refuses_under_109_is_not_sent_home_sick(keys: Keyring, person: Person) -> None:
    to_be_sent_home(keys.operator, person)
    acts.take(keys, person, wish(WishKind.EXCHANGE, refuses_if_sick=True))
    with pytest.raises(ReturnStopped) as stopped:
        clearing.clear_for_return(keys, person, WayHome.SICK)
    assert stopped.value.why is Stop.REFUSES
    with pytest.raises(NotCleared):
        sent_home(keys, person)


@pytest.mark.rule("R41")
@pytest.mark.parametrize("kind", [WishKind.NO_EXCHANGE, WishKind.STAY, WishKind.UNDECIDED])
def test_nobody_is_exchanged_who_does_not_wish_it(
    keys: Keyring, second: Keyring, person: Person, confirmed: Callable[[Person], Person], kind: WishKind
) -> None:
    row, _left_out = listing.build(keys, [confirmed(person)])
    listing.approve(second, row.pk)
    listing.hand_over(keys, row.pk)
    clearing.clear_for_return(keys, person, WayHome.EXCHANGE)
    acts.take(keys, person, wish(kind))
    with pytest.raises(ReturnStopped) as stopped:
        clearing.clear_for_return(keys, person, WayHome.EXCHANGE)
    assert stopped.value.why is Stop.NO_WISH


@pytest.mark.rule("R40", "R41", "T6")
def test_one_registrar_alone_exchanges_nobody(
    keys: Keyring, second: Keyring, person: Person, confirmed: Callable[[Person], Person]
) -> None:
    row, _left_out = listing.build(keys, [confirmed(person)])
    for step in (listing.approve, listing.hand_over):
        with pytest.raises(ReturnStopped) as stopped:
            clearing.clear_for_return(keys, person, WayHome.EXCHANGE)
        assert stopped.value.why is Stop.NOT_LISTED
        step(second, row.pk)
    clearing.clear_for_return(keys, person, WayHome.EXCHANGE)
    sent_home(keys, person)


@pytest.mark.rule("R40", "R43")
def test_who_confirms_another_name_is_exchanged_by_no_list_with_the_old_one(
    keys: Keyring, second: Keyring, person: Person, confirmed: Callable[[Person], Person]
) -> None:
    row, _left_out = listing.build(keys, [confirmed(person)])
    listing.approve(second, row.pk)
    listing.hand_over(keys, row.pk)
    acts.take(keys, person, wish(name="Цой Мин"))
    with pytest.raises(ReturnStopped) as stopped:
        clearing.clear_for_return(keys, person, WayHome.EXCHANGE)
    assert stopped.value.why is Stop.NOT_LISTED


@pytest.mark.rule("R41")
def test_another_wish_or_a_fear_ends_what_was_checked(keys: Keyring, person: Person) -> None:
    to_be_sent_home(keys.operator, person)
    for is_a_wish in (True, False):
        clearing.clear_for_return(keys, person, WayHome.SICK)
        if is_a_wish:
            acts.take(keys, person, wish())
        else:
            fears(keys, person)
        with pytest.raises(NotCleared):
            sent_home(keys, person)


@pytest.mark.rule("R41")
def test_who_fears_to_return_is_not_sent_until_it_was_decided(keys: Keyring, second: Keyring, person: Person) -> None:
    hostilities_over(person)
    fears(keys, person)
    with pytest.raises(ReturnStopped) as stopped:
        clearing.clear_for_return(keys, person, WayHome.AFTER_HOSTILITIES)
    assert stopped.value.why is Stop.FEAR
    assert Owed.objects.filter(person=person, duty="fear").exists()
    decided(keys, second, person, YES)
    assert not Owed.objects.filter(person=person, duty="fear").exists()
    clearing.clear_for_return(keys, person, WayHome.AFTER_HOSTILITIES)


@pytest.mark.rule("R41")
def test_who_was_found_to_fear_rightly_is_returned_in_no_way(keys: Keyring, second: Keyring, person: Person) -> None:
    fears(keys, person)
    decided(keys, second, person, NO)
    for way in WayHome:
        with pytest.raises(ReturnStopped) as stopped:
            clearing.clear_for_return(keys, person, way)
        assert stopped.value.why is Stop.NOT_RETURNED


@pytest.mark.rule("R41", "T6")
def test_nobody_decides_alone(keys: Keyring, second: Keyring, person: Person) -> None:
    fears(keys, person)
    with pytest.raises(NothingToDecide):
        confirm(second, person)
    returning.propose(keys, person, YES)
    with pytest.raises(NotApprovable):
        confirm(keys, person)
    assert returning.fear_of(keys, person) is Fear.OPEN
    confirm(second, person)
    assert returning.fear_of(keys, person) is Fear.ANSWERED


@pytest.mark.rule("R41")
@pytest.mark.parametrize(
    "lacking", [{"grounds": " "}, {"decided_by": ("A. Bondar",)}, {"decided_by": ("A. Bondar", "a.  bondar", "")}]
)
def test_a_decision_has_grounds_and_at_least_two_people(
    keys: Keyring, person: Person, lacking: dict[str, object]
) -> None:
    told = {"outcome": Outcome.MAY_RETURN, "grounds": YES.grounds, "decided_by": YES.decided_by} | lacking
    with pytest.raises(DecisionIncomplete):
        returning.propose(keys, person, Decision(**told))  # type: ignore[arg-type]  # one of them is wrong on purpose


@pytest.mark.rule("R41")
def test_a_new_fear_after_a_decision_is_decided_anew(keys: Keyring, second: Keyring, person: Person) -> None:
    fears(keys, person)
    decided(keys, second, person, YES)
    fears(keys, person)
    assert returning.fear_of(keys, person) is Fear.OPEN


@pytest.mark.rule("R41", "T6")
def test_no_registrar_enters_a_decision_by_hand_or_strikes_a_fear(
    keys: Keyring, counsel: Keyring, person: Person
) -> None:
    fears(keys, person)
    row = Event.objects.get(kind="return.feared")
    with pytest.raises(NotYours):
        register.enter(keys.operator, person, PersonEvent.RETURN_DECIDED, When(ARRIVAL))
    with pytest.raises(NotYours):
        register.correct(keys.operator, person, row.pk, None)
    register.correct(counsel.operator, person, row.pk, None)
    assert returning.fear_of(keys, person) is Fear.NONE


@pytest.mark.rule("R41", "R49")
def test_the_grounds_are_counsels_and_the_registrars_and_a_stopped_check_is_recorded(
    keys: Keyring, second: Keyring, counsel: Keyring, house: House, person: Person
) -> None:
    decided(keys, second, person, NO)
    assert sealed.newest(counsel, person, records.DECISION) is not None
    with pytest.raises(ReturnStopped):
        clearing.clear_for_return(keys, person, WayHome.SICK)
    told = [line.told for line in record.page([house.keys["monitor"]], before=None).lines if line.told]
    assert ("custody.return_stopped", person.number) in {(one.act, one.subject) for one in told}


@pytest.mark.rule("R41")
def test_nobody_is_cleared_on_a_ground_that_was_chosen_and_never_entered(keys: Keyring, person: Person) -> None:
    why = []
    for way in (WayHome.AFTER_HOSTILITIES, WayHome.SICK):
        with pytest.raises(ReturnStopped) as stopped:
            clearing.clear_for_return(keys, person, way)
        why.append(stopped.value.why)
    assert why == [Stop.NOT_OVER, Stop.NOT_SICK]
    with pytest.raises(NotCleared):
        sent_home(keys, person)


@pytest.mark.rule("R41")
def test_what_was_cleared_ends_when_its_ground_is_struck(keys: Keyring, person: Person) -> None:
    to_be_sent_home(keys.operator, person)
    clearing.clear_for_return(keys, person, WayHome.SICK)
    register.amend(person, Event.objects.get(kind="repatriation.medical").pk, None)
    assert not Clearance.objects.exists()
    hostilities_over(person)
    clearing.clear_for_return(keys, person, WayHome.AFTER_HOSTILITIES)
    assert person.camp is not None
    register.strike_in_camp(person.camp, Event.objects.get(kind="hostilities.over").pk)
    with pytest.raises(NotCleared):
        sent_home(keys, person)


@pytest.mark.rule("R41")
@pytest.mark.parametrize("decision", [None, NO])
def test_who_fears_to_return_is_not_entered_as_released_either(
    keys: Keyring, second: Keyring, person: Person, decision: Decision | None
) -> None:
    fears(keys, person)
    if decision:
        decided(keys, second, person, decision)
    hostilities_over(person)
    with pytest.raises(ReturnStopped):
        clearing.clear_for_return(keys, person, WayHome.AFTER_HOSTILITIES)
    with pytest.raises(ReleaseNotCleared):
        register.enter(keys.operator, person, PersonEvent.RELEASED, When(timezone.localdate()))


@pytest.mark.rule("R41")
def test_who_never_feared_is_released_and_whose_fear_was_answered_after_a_check(
    keys: Keyring, second: Keyring, person: Person
) -> None:
    today = When(timezone.localdate())
    row = register.enter(keys.operator, person, PersonEvent.RELEASED, today)
    register.correct(keys.operator, person, row.pk, None)
    fears(keys, person)
    decided(keys, second, person, YES)
    hostilities_over(person)
    clearing.clear_for_return(keys, person, WayHome.AFTER_HOSTILITIES)
    register.enter(keys.operator, person, PersonEvent.RELEASED, today)
    assert not Clearance.objects.exists()


@pytest.mark.rule("R41", "T6")
def test_nobody_confirms_a_decision_that_they_have_not_read(keys: Keyring, second: Keyring, person: Person) -> None:
    fears(keys, person)
    returning.propose(keys, person, NO)
    read = access.coming_return(second, person).named
    returning.propose(keys, person, YES)
    for told in (read, "", read.replace("-", "0-")):
        with pytest.raises(AnotherStands):
            returning.confirm(second, person, told)
    assert returning.fear_of(keys, person) is Fear.OPEN


@pytest.mark.rule("R41")
def test_a_fear_that_was_decided_on_is_not_stated_anew_by_another_day(
    keys: Keyring, second: Keyring, counsel: Keyring, person: Person
) -> None:
    register.enter(counsel.operator, person, PersonEvent.FEAR_STATED, When(ARRIVAL + timedelta(days=2)))
    decided(keys, second, person, YES)
    (row,) = person.events.filter(kind="return.feared")
    register.correct(counsel.operator, person, row.pk, When(ARRIVAL + timedelta(days=1)))
    assert returning.fear_of(keys, person) is Fear.ANSWERED
    fears(keys, person)
    assert returning.fear_of(keys, person) is Fear.OPEN
    assert Owed.objects.filter(person=person, duty="fear").exists()
