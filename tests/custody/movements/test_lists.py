# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody leaves without a list, and no list leaves without what the Convention asks for (arts. 19 to 24, 46 to 48)."""

import os
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.conftest import wait_for_a_lock
from tests.custody.movements.conftest import Draw, on, row_of, where

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.audited import FULL
from safeconduct.desk.custody.errors import CampClosed
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.movements import acts as movements
from safeconduct.desk.custody.movements import comrades
from safeconduct.desk.custody.movements.acts import Plan
from safeconduct.desk.custody.movements.audited import MISSING, STAYED
from safeconduct.desk.custody.movements.errors import (
    ComradesParted,
    DayBefore,
    DepartsBefore,
    ListedAlready,
    NoAddress,
    NobodyListed,
    NoDoctorsWord,
    NotFromTransit,
    NotOnAList,
    NotThere,
    NotTold,
    NotToTravel,
    OnTheirWay,
    StepRefused,
)
from safeconduct.desk.custody.movements.models import Movement
from safeconduct.desk.custody.movements.states import TRANSITIONS, Kind, State, Step, after
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent

P = PersonEvent


def rings(kind: str) -> bool:
    return Alert.objects.filter(kind=kind, is_over=False).exists()


def owed(person: Person) -> set[str]:
    return {row.duty for row in Owed.objects.filter(person=person)}


def kinds(person: Person) -> list[str]:
    return list(Event.objects.filter(person=person, stands=True).order_by("pk").values_list("kind", flat=True))


@pytest.mark.rule("R34")
def test_a_transfer_goes_from_the_list_to_the_new_camp(
    registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], dalni: Camp
) -> None:
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    assert movements.arrive(keyring, movement, set(), on(5)) == 0
    assert {where(one) for one in people} == {dalni}
    assert kinds(people[0])[2:] == [
        "transfer.planned", "transfer.told", "transfer.passed_by_medical", "transfer.departed", "transferred", "arrived",
    ]  # fmt: skip
    assert {"card", "bureau", "mail-redirected", "quarters"} <= owed(people[0])
    assert Movement.objects.get().state == State.ARRIVED.value


@pytest.mark.rule("R24")
@pytest.mark.parametrize(("event", "to_other"), [(P.DEPARTED, False), (P.TRANSFERRED, True), (P.ARRIVED, True)])
def test_nobody_sets_out_or_is_moved_without_a_list(
    *, registrar: Operator, people: list[Person], camp: Camp, dalni: Camp, event: PersonEvent, to_other: bool
) -> None:
    with pytest.raises(NotOnAList):
        acts.enter(registrar, people[0], event, on(4), camp=dalni if to_other else None)
    assert where(people[0]) == camp
    assert len(kinds(people[0])) == 2


@pytest.mark.rule("R24")
def test_an_evacuation_leaves_with_its_list_and_nobody_else(
    *, registrar: Operator, keyring: Keyring, draw: Draw, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    movement = draw(Kind.EVACUATION, people[:2])
    movements.depart(registrar, movement, set(), on(4))
    assert "evacuation" in owed(people[0])
    movements.arrive(keyring, movement, set(), on(5))
    assert [where(one) for one in people] == [dalni, dalni, camp]
    assert "evacuation.departed" not in kinds(people[2])
    assert "evacuation" not in owed(people[0])


@pytest.mark.rule("R24", "R34")
def test_an_evacuation_leads_from_a_transit_camp_alone(
    registrar: Operator, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    with pytest.raises(NotFromTransit):
        movements.draw_up(registrar, Plan(Kind.EVACUATION, camp, dalni, on(4).day), people, on(2))
    assert not Movement.objects.exists()


@pytest.mark.rule("R34")
def test_a_doctors_no_binds_an_evacuation_until_a_doctor_says_otherwise(
    registrar: Operator, medical: Operator, draw: Draw, people: list[Person]
) -> None:
    acts.enter(medical, people[0], P.TRANSFER_REFUSED, on(1))
    with pytest.raises(NotToTravel):
        draw(Kind.EVACUATION)
    acts.enter(medical, people[0], P.TRANSFER_PASSED, on(1))
    yes = Event.objects.get(person=people[0], kind=P.TRANSFER_PASSED.value)
    movement = draw(Kind.EVACUATION)
    acts.correct(medical, people[0], yes.pk, None)
    with pytest.raises(NotToTravel):
        movements.depart(registrar, movement, set(), on(4))


@pytest.mark.rule("R34")
def test_who_was_missing_and_was_found_elsewhere_goes_on_with_another_list(
    *, registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], dalni: Camp
) -> None:
    hospital = acts.open_camp(registrar, "Hospital", CampKind.HOSPITAL, {}, on(0))
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, {row_of(movement, one).pk for one in people[:2]}, on(5))
    acts.enter(registrar, people[0], P.TRANSFERRED, on(6), camp=hospital)
    with pytest.raises(NotOnAList):
        acts.enter(registrar, people[0], P.TRANSFERRED, on(7), camp=dalni)
    movements.arrive_late(keyring, row_of(movement, people[1]), on(7))
    assert [where(one) for one in people] == [hospital, dalni, dalni]


def test_a_hospital_takes_people_without_a_list(registrar: Operator, people: list[Person]) -> None:
    hospital = acts.open_camp(registrar, "Hospital", CampKind.HOSPITAL, {}, on(0))
    acts.enter(registrar, people[0], P.TRANSFERRED, on(2), camp=hospital)
    assert where(people[0]) == hospital


@pytest.mark.rule("R34")
def test_a_transfer_waits_until_all_were_told_the_new_address(
    registrar: Operator, medical: Operator, draw: Draw, dalni: Camp
) -> None:
    movement = draw()
    movements.say_fit(medical, movement, movements.going(movement), on(3), fit=True)
    with pytest.raises(StepRefused):
        movements.depart(registrar, movement, set(), on(4))
    Camp.objects.filter(pk=dalni.pk).update(address="")
    with pytest.raises(NoAddress):
        movements.tell(registrar, movement, on(3))
    assert Movement.objects.get().state == State.DRAWN_UP.value


@pytest.mark.rule("R34")
def test_whoever_is_put_on_later_is_told_as_well(
    registrar: Operator, medical: Operator, ready: Draw, people: list[Person]
) -> None:
    movement = ready(people[:2])
    movements.add(registrar, movement, people[2:], on(3))
    with pytest.raises(StepRefused):
        movements.depart(registrar, movement, set(), on(4))
    movements.tell(registrar, movement, on(3))
    with pytest.raises(NoDoctorsWord) as refused:
        movements.depart(registrar, movement, set(), on(4))
    assert refused.value.numbers == ("M-3",)
    assert kinds(people[0]).count("transfer.told") == 1


@pytest.mark.rule("R34")
def test_a_notice_that_was_struck_is_no_notice(registrar: Operator, ready: Draw, people: list[Person]) -> None:
    movement = ready()
    told = Event.objects.get(person=people[0], kind="transfer.told")
    acts.correct(registrar, people[0], told.pk, None)
    with pytest.raises(NotTold) as refused:
        movements.depart(registrar, movement, set(), on(4))
    assert refused.value.numbers == ("M-1",)


@pytest.mark.rule("R34")
@pytest.mark.parametrize("on_the_list", [True, False])
def test_with_whom_a_doctor_says_no_nothing_departs(
    *,
    registrar: Operator,
    medical: Operator,
    keyring: Keyring,
    ready: Draw,
    people: list[Person],
    camp: Camp,
    on_the_list: bool,
) -> None:
    movement = ready()
    if on_the_list:
        movements.say_fit(medical, movement, [row_of(movement, people[0])], on(3), fit=False)
    else:
        acts.enter(medical, people[0], P.TRANSFER_REFUSED, on(3))
    assert row_of(movement, people[0]).mark == "not-travel"
    assert not {"transfer-told", "transfer-health"} & owed(people[0])
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, set(), on(5))
    assert where(people[0]) == camp
    assert "transfer.departed" not in kinds(people[0])


@pytest.mark.rule("R34")
def test_who_was_refused_is_not_put_on_again_until_a_doctor_says_yes(
    registrar: Operator, medical: Operator, ready: Draw, people: list[Person]
) -> None:
    movement = ready()
    movements.say_fit(medical, movement, [row_of(movement, people[0])], on(3), fit=False)
    with pytest.raises(NotToTravel):
        movements.add(registrar, movement, people[:1], on(3))
    acts.enter(medical, people[0], P.TRANSFER_PASSED, on(4))
    movements.add(registrar, movement, people[:1], on(4))
    assert row_of(movement, people[0]).mark == "goes"


def test_a_closed_camp_is_refused_and_a_full_one_alarms(
    *, registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    closed = acts.open_camp(registrar, "Closed", CampKind.PERMANENT, {}, on(0))
    acts.enter_of_camp(registrar, closed, CampEvent.CLOSED, on(1))
    with pytest.raises(CampClosed):
        movements.draw_up(registrar, Plan(Kind.TRANSFER, camp, closed, on(4).day), people, on(2))
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, set(), on(5))  # three people, two places
    assert dalni.people.count() == 3
    assert rings(FULL)


@pytest.mark.rule("R34")
def test_a_camp_to_which_people_are_on_their_way_stays_open(registrar: Operator, draw: Draw, dalni: Camp) -> None:
    movement = draw()
    with pytest.raises(OnTheirWay):
        acts.enter_of_camp(registrar, dalni, CampEvent.CLOSED, on(3))
    movements.call_off(registrar, movement, on(3))
    acts.enter_of_camp(registrar, dalni, CampEvent.CLOSED, on(3))
    assert not Camp.objects.get(pk=dalni.pk).is_open


@pytest.mark.rule("R34")
def test_who_did_not_depart_is_marked_and_owes_nothing_more(
    registrar: Operator, ready: Draw, people: list[Person], camp: Camp
) -> None:
    movement = ready()
    movements.depart(registrar, movement, {row_of(movement, people[0]).pk}, on(4))
    assert row_of(movement, people[0]).mark == "stayed"
    assert rings(STAYED)
    assert (where(people[0]), kinds(people[0])[-1]) == (camp, "transfer.called_off")


@pytest.mark.rule("R24")
def test_who_did_not_arrive_alarms_until_they_are_found(
    registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], dalni: Camp
) -> None:
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, {row_of(movement, one).pk for one in people[:2]}, on(5))
    acts.enter(registrar, people[0], P.ESCAPED, on(5))
    assert rings(MISSING)
    movements.arrive_late(keyring, row_of(movement, people[1]), on(6))
    assert not rings(MISSING)
    assert where(people[1]) == dalni


@pytest.mark.rule("R24")
def test_comrades_part_only_when_they_agree(
    registrar: Operator, medical: Operator, ready: Draw, people: list[Person]
) -> None:
    comrades.together(registrar, people[1:])
    movement = ready(people[:2])
    with pytest.raises(ComradesParted) as refused:
        movements.depart(registrar, movement, set(), on(4))
    assert refused.value.numbers == ("M-2",)
    comrades.agree_to_part(registrar, people[1])
    movements.depart(registrar, movement, set(), on(4))
    assert Movement.objects.get().state == State.DEPARTED.value


def test_nobody_is_on_two_lists_or_on_one_from_where_they_are_not(
    registrar: Operator, draw: Draw, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    draw(Kind.TRANSFER, people[:1])
    with pytest.raises(ListedAlready):
        draw(Kind.EVACUATION, people)
    with pytest.raises(NotThere):
        movements.draw_up(registrar, Plan(Kind.TRANSFER, dalni, camp, on(4).day), people[1:], on(2))
    with pytest.raises(NobodyListed):
        draw(Kind.TRANSFER, [])
    assert Movement.objects.count() == 1


def test_who_has_left_meanwhile_departs_with_no_list(registrar: Operator, ready: Draw, people: list[Person]) -> None:
    movement = ready()
    acts.enter(registrar, people[0], P.DIED, on(3))
    with pytest.raises(NotThere):
        movements.depart(registrar, movement, set(), on(4))
    movements.depart(registrar, movement, {row_of(movement, people[0]).pk}, on(4))
    assert kinds(people[0])[-1] == "died"


@pytest.mark.rule("R27", "R34")
@pytest.mark.parametrize("left", [P.DIED, P.ESCAPED])
def test_who_left_on_the_way_does_not_arrive(
    *, registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], dalni: Camp, left: PersonEvent
) -> None:
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    acts.enter(registrar, people[0], left, on(4))
    movements.arrive(keyring, movement, set(), on(5))
    assert (where(people[0]), where(people[1])) == (None, dalni)
    assert not {"transferred", "arrived"} & set(kinds(people[0])[2:])
    assert row_of(movement, people[0]).mark == "missing"


@pytest.mark.rule("R24", "R34")
@pytest.mark.skipif(os.environ.get("SAFECONDUCT_TEST_POSTGRES") != "1", reason="SQLite has one writer anyway")
@pytest.mark.django_db(transaction=True)
def test_two_lists_at_once_do_not_take_the_same_person(draw: Draw, people: list[Person]) -> None:
    refused: list[Exception] = []

    def second() -> None:
        try:
            draw(Kind.EVACUATION, people[::-1])
        except ListedAlready as error:
            refused.append(error)
        finally:
            connection.close()

    other = Thread(target=second)
    with transaction.atomic():
        draw(Kind.TRANSFER, people)
        other.start()
        wait_for_a_lock(other)
    other.join()
    assert len(refused) == 1
    assert Movement.objects.count() == 1


def test_days_follow_each_other_on_a_list(
    *, registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    with pytest.raises(DepartsBefore):
        movements.draw_up(registrar, Plan(Kind.TRANSFER, camp, dalni, on(1).day), people, on(2))
    movement = ready()
    with pytest.raises(DayBefore):
        movements.depart(registrar, movement, set(), on(1))
    movements.depart(registrar, movement, set(), on(4))
    with pytest.raises(DayBefore):
        movements.arrive(keyring, movement, set(), on(3))


def test_a_list_that_is_called_off_owes_nobody_a_notice(registrar: Operator, draw: Draw, people: list[Person]) -> None:
    movement = draw()
    assert {"transfer-told", "transfer-health"} <= owed(people[0])
    movements.strike(registrar, row_of(movement, people[2]), on(3))
    movements.call_off(registrar, movement, on(3))
    assert all(not {"transfer-told", "transfer-health"} & owed(one) for one in people)


@pytest.mark.rule("R32")
def test_the_languages_of_a_camp_follow_its_people(
    *, registrar: Operator, keyring: Keyring, ready: Draw, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    present = Event.objects.filter(kind="language.present", of="ko-KP")
    assert present.filter(camp=camp).count() == 1  # three people, one language
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    movements.arrive(keyring, movement, set(), on(5))
    assert present.get(camp=dalni).happened == on(5).day
    due = Owed.objects.get(camp=dalni, duty="convention", of="ko-KP").due
    assert due == on(5).day + timedelta(days=1)


@pytest.mark.rule("R24", "R34")
@given(st.sampled_from(Kind), st.lists(st.sampled_from(Step), max_size=8))
def test_whatever_is_tried_a_transfer_departs_only_after_it_was_told(kind: Kind, steps: list[Step]) -> None:
    state, told = State.DRAWN_UP, False
    for step in steps:
        try:
            state = after(kind, state, step)
        except StepRefused:
            assert (state, step) not in TRANSITIONS[kind]
            continue
        told = (told and step is not Step.CHANGE) or step is Step.TELL
        if step is Step.DEPART:
            assert told or kind is Kind.EVACUATION
