# SPDX-License-Identifier: AGPL-3.0-or-later
"""No single office makes anybody vanish: whoever was registered is held somewhere, or others look into how they left (R27)."""

from datetime import date, timedelta

import pytest
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.alerts import registry
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts, camp_acts, watching
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.audited import DEATH_STRUCK, DIED, ESCAPED, NOWHERE
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.errors import (
    CampClosed,
    DayRefused,
    KindKept,
    LastArrival,
    MovesBySide,
    MovesRest,
    NotYours,
)
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.movements.errors import NotToHospital
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent, Precision

P = PersonEvent
MONTH = When(date(2026, 10, 1), Precision.MONTH)


def on(days: int) -> When:
    return When(ARRIVAL + timedelta(days=days))


def where(person: Person) -> Camp | None:
    return Person.objects.select_related("camp").get(pk=person.pk).camp


def event(person: Person, kind: PersonEvent) -> int:
    return Event.objects.get(person=person, kind=kind.value, stands=True).pk


def rings(kind: str) -> bool:
    return Alert.objects.filter(kind=kind, is_over=False).exists()


@pytest.fixture
def other(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Dalni", CampKind.PERMANENT, {}, When(ARRIVAL))


@pytest.fixture
def hospital(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Hospital", CampKind.HOSPITAL, {}, When(ARRIVAL))


@pytest.fixture
def late(registrar: Operator, camp: Camp) -> Person:
    """Somebody who came in the middle of a month."""
    return acts.register(registrar, "UA-0015", camp, SOMEBODY, on(14))


@pytest.mark.rule("R27")
@pytest.mark.parametrize("has_left", [False, True])
def test_the_last_word_on_where_somebody_is_held_is_not_struck(
    *, registrar: Operator, person: Person, camp: Camp, has_left: bool
) -> None:
    if has_left:
        acts.enter(registrar, person, P.RELEASED, on(3))
    with pytest.raises(LastArrival):
        acts.correct(registrar, person, event(person, P.ARRIVED), None)
    acts.correct(registrar, person, event(person, P.ARRIVED), on(-1))
    assert where(person) == (None if has_left else camp)


@pytest.mark.rule("R27", "R36")
def test_nobody_who_died_here_was_released_before(registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, P.DIED, on(9))
    with pytest.raises(DayRefused) as refused:
        acts.enter(registrar, person, P.RELEASED, on(3))
    assert refused.value.why == "dead"
    acts.correct(registrar, person, event(person, P.DIED), None)
    acts.enter(registrar, person, P.RELEASED, on(3))
    assert where(person) is None


@pytest.mark.rule("R27")
def test_who_is_held_nowhere_and_never_left_rings_until_they_are_found(person: Person, camp: Camp) -> None:
    Person.objects.filter(pk=person.pk).update(camp=None)
    watching.work_out(ARRIVAL)
    assert rings(NOWHERE)
    Person.objects.filter(pk=person.pk).update(camp=camp)
    watching.work_out(ARRIVAL)
    assert not rings(NOWHERE)


@pytest.mark.rule("R27", "R36")
@pytest.mark.parametrize(("left", "alarm"), [(P.ESCAPED, ESCAPED), (P.DIED, DIED)])
def test_another_office_hears_of_every_escape_and_death(
    registrar: Operator, person: Person, left: PersonEvent, alarm: str
) -> None:
    acts.enter(registrar, person, left, on(2))
    assert rings(alarm)
    assert not registry.known(alarm).lasts  # it stays until somebody takes it
    assert registry.audience(alarm) == frozenset({Role.REGISTRAR, Role.MONITOR, Role.COUNSEL})


@pytest.mark.rule("R27", "R36")
def test_a_death_that_is_struck_rings_as_well(registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, P.DIED, on(2))
    acts.correct(registrar, person, event(person, P.DIED), on(3))
    assert not rings(DEATH_STRUCK)
    acts.correct(registrar, person, event(person, P.DIED), None)
    assert rings(DEATH_STRUCK)


@pytest.mark.rule("R27")
def test_a_commander_ends_no_duty_by_an_escape(house: House, person: Person, camp: Camp) -> None:
    with pytest.raises(NotYours):
        acts.enter(house.person(Role.CAMP_COMMANDER).operator, person, P.ESCAPED, on(2))
    assert where(person) == camp


@pytest.mark.rule("R27")
@pytest.mark.parametrize("when", [MONTH, When(date(2026, 1, 1), Precision.YEAR)])
@pytest.mark.parametrize("left", [P.DIED, P.ESCAPED, P.RELEASED])
def test_who_left_in_the_month_in_which_they_came_has_left(
    registrar: Operator, late: Person, left: PersonEvent, when: When
) -> None:
    acts.enter(registrar, late, left, when)
    assert where(late) is None
    assert not Owed.objects.filter(person=late, duty__in=["inspection", "letters", "quarters"]).exists()


@pytest.mark.rule("R27")
@pytest.mark.parametrize("left", [P.DIED, P.FELL_SICK])
def test_a_month_that_ended_before_they_came_is_refused(registrar: Operator, late: Person, left: PersonEvent) -> None:
    with pytest.raises(DayRefused):
        acts.happen(registrar, late, left, When(date(2026, 9, 1), Precision.MONTH))
    assert where(late) is not None


@pytest.mark.rule("R27", "R36")
def test_nobody_is_moved_once_they_are_dead(registrar: Operator, person: Person, hospital: Camp) -> None:
    acts.enter(registrar, person, P.DIED, on(3))
    for day in (3, 4):
        with pytest.raises(DayRefused):
            acts.enter(registrar, person, P.TRANSFERRED, on(day), camp=hospital)
    acts.enter(registrar, person, P.TRANSFERRED, on(2), camp=hospital)  # papers that come late
    with pytest.raises(DayRefused):
        acts.correct(registrar, person, event(person, P.DIED), on(1))
    assert where(person) is None


@pytest.mark.rule("R27")
@pytest.mark.parametrize("first", [P.DIED, P.RELEASED, P.ESCAPED])
@pytest.mark.parametrize("then", [P.RELEASED, P.ESCAPED, P.REPATRIATED, P.SERIOUSLY_ILL, P.TAKEN_TO_HOSPITAL])
def test_who_is_not_held_does_not_leave_again_and_falls_ill_nowhere(
    registrar: Operator, person: Person, first: PersonEvent, then: PersonEvent
) -> None:
    acts.enter(registrar, person, first, on(3))
    with pytest.raises(DayRefused):
        acts.happen(registrar, person, then, on(5))
    if then is P.SERIOUSLY_ILL:
        acts.happen(registrar, person, then, on(3))  # they were held that day


@pytest.mark.rule("R27")
def test_one_escape_entered_twice_is_one(registrar: Operator, person: Person, camp: Camp) -> None:
    acts.enter(registrar, person, P.ESCAPED, on(3))
    for day in (3, 2):
        with pytest.raises(DayRefused):
            acts.enter(registrar, person, P.ESCAPED, on(day))
    acts.enter(registrar, person, P.ARRIVED, on(3), camp=camp)
    acts.enter(registrar, person, P.ESCAPED, on(3))  # a second one
    acts.enter(registrar, person, P.DIED, on(4))
    with pytest.raises(DayRefused):
        acts.enter(registrar, person, P.DIED, on(4))
    assert where(person) is None


@pytest.mark.rule("R27")
def test_who_arrives_from_another_camp_was_transferred_and_the_bureau_hears_of_it(
    registrar: Operator, person: Person, hospital: Camp
) -> None:
    acts.enter(registrar, person, P.ARRIVED, on(2), camp=hospital)
    moved = Event.objects.get(person=person, kind=P.TRANSFERRED.value)
    assert (moved.camp, moved.happened) == (hospital, on(2).day)
    assert Package.objects.get(event=moved).kind == P.TRANSFERRED.value
    acts.enter(registrar, person, P.ARRIVED, on(3), camp=hospital)  # where they are already
    assert Event.objects.filter(person=person, kind=P.TRANSFERRED.value).count() == 1


@pytest.mark.rule("R24", "R34")
@pytest.mark.parametrize("day", [None, 8])
def test_saying_that_somebody_never_left_moves_them_nowhere(
    registrar: Operator, person: Person, camp: Camp, other: Camp, day: int | None
) -> None:
    acts.enter(registrar, person, P.ESCAPED, on(3))
    acts.enter(registrar, person, P.ARRIVED, on(5), camp=other)
    with pytest.raises((MovesRest, MovesBySide)):
        acts.correct(registrar, person, event(person, P.ESCAPED), on(day) if day else None)
    acts.correct(registrar, person, Event.objects.get(person=person, camp=other).pk, None)
    acts.correct(registrar, person, event(person, P.ESCAPED), None)
    assert where(person) == camp


@pytest.mark.rule("R24", "R34")
@pytest.mark.parametrize("day", [None, 1])
def test_papers_that_came_late_move_nobody_when_it_is_struck_that_they_left(
    registrar: Operator, person: Person, other: Camp, day: int | None
) -> None:
    acts.enter(registrar, person, P.RELEASED, on(5))
    acts.enter(registrar, person, P.TRANSFERRED, on(3), camp=other)
    with pytest.raises(MovesRest):
        acts.correct(registrar, person, event(person, P.RELEASED), on(day) if day else None)
    assert where(person) is None


@pytest.mark.rule("R24", "R34")
def test_another_day_takes_nobody_to_another_camp(
    registrar: Operator, person: Person, camp: Camp, hospital: Camp
) -> None:
    acts.enter(registrar, person, P.TRANSFERRED, on(2), camp=hospital)
    with pytest.raises(MovesBySide):
        acts.correct(registrar, person, event(person, P.ARRIVED), on(4))
    acts.correct(registrar, person, event(person, P.ARRIVED), on(1))
    assert where(person) == hospital
    acts.correct(registrar, person, event(person, P.TRANSFERRED), None)
    assert where(person) == camp


@pytest.mark.rule("R24")
def test_a_camp_keeps_its_kind_while_people_are_held_there(registrar: Operator, person: Person, camp: Camp) -> None:
    with pytest.raises(KindKept):
        camp_acts.change(registrar, camp, camp_acts.Standing(CampKind.HOSPITAL, {}))
    acts.enter(registrar, person, P.RELEASED, on(2))
    camp_acts.change(registrar, camp, camp_acts.Standing(CampKind.HOSPITAL, {}))
    assert Camp.objects.get(pk=camp.pk).kind == "hospital"


@pytest.mark.rule("R34")
@pytest.mark.parametrize("word", [P.TAKEN_TO_HOSPITAL, P.TRANSFER_PASSED])
def test_a_doctors_no_holds_for_a_hospital_until_a_doctor_says_otherwise(
    house: House, registrar: Operator, person: Person, hospital: Camp, word: PersonEvent
) -> None:
    medical = house.person(Role.MEDICAL).operator
    acts.enter(medical, person, P.TRANSFER_REFUSED, on(2))
    with pytest.raises(NotToHospital):
        acts.enter(registrar, person, P.TRANSFERRED, on(3), camp=hospital)
    acts.enter(medical, person, word, on(3))
    acts.enter(registrar, person, P.TRANSFERRED, on(3), camp=hospital)
    assert where(person) == hospital


@pytest.mark.rule("R32")
def test_no_commander_says_that_nobody_of_a_language_is_there(house: House, person: Person, camp: Camp) -> None:
    commander = house.person(Role.CAMP_COMMANDER).operator
    present = Event.objects.get(camp=camp, kind="language.present", of="ko-KP")
    with pytest.raises(NotYours):
        acts.enter_of_camp(commander, camp, CampEvent.LANGUAGE_GONE, on(2), of="ko-KP")
    with pytest.raises(NotYours):
        acts.correct_of_camp(commander, camp, present.pk, None)
    assert Owed.objects.filter(camp=camp, duty="convention", of="ko-KP").exists()


@pytest.mark.rule("R27")
def test_nobody_is_put_back_into_a_camp_that_closed_since(registrar: Operator, person: Person, camp: Camp) -> None:
    released = acts.enter(registrar, person, P.RELEASED, on(1))
    acts.enter_of_camp(registrar, camp, CampEvent.CLOSED, on(2))
    with pytest.raises(CampClosed):
        acts.correct(registrar, person, released.pk, None)
    assert where(person) is None  # and not in a camp that owes nothing
    camp_acts.reopen(registrar, camp, on(3))
    acts.correct(registrar, person, released.pk, None)
    assert where(person) == camp
