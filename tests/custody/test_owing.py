# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is owed follows from the events, whatever the order in which they were entered."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.custody.conftest import ARRIVAL, SOMEBODY

from safeconduct.desk.custody import acts, owing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.duties import BY_CODE, TABLE, Duty
from safeconduct.desk.custody.errors import NotYours
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent, PersonEvent
from safeconduct.vocabulary.identity import Birth

Due = dict[str, date]


def due(person: Person) -> Due:
    return {row.duty: row.due for row in Owed.objects.filter(person=person)}


def after(days: int) -> date:
    return ARRIVAL + timedelta(days=days)


def happened(person: Person, event: PersonEvent, day: date) -> None:
    """As an office enters it, without asking whose office that is."""
    Event.objects.create(person=person, camp=person.camp, kind=event.value, happened=day, entered=day)
    owing.work_out_person(person)


@pytest.mark.rule("R25")
def test_a_capture_card_is_owed_within_a_week_of_arrival_and_again_after_a_transfer(person: Person) -> None:
    assert due(person)["card"] == after(7)
    happened(person, PersonEvent.CARD_SENT, after(3))
    assert "card" not in due(person)
    happened(person, PersonEvent.TRANSFERRED, after(20))
    assert due(person)["card"] == after(27)


@pytest.mark.rule("R26")
def test_the_bureau_is_told_of_a_registration_by_the_next_day(person: Person) -> None:
    assert due(person)["bureau"] == after(1)
    happened(person, PersonEvent.BUREAU_NOTIFIED, after(1))
    assert "bureau" not in due(person)


@pytest.mark.rule("R27")
@pytest.mark.parametrize(
    "event", [PersonEvent.TRANSFERRED, PersonEvent.RELEASED, PersonEvent.REPATRIATED, PersonEvent.ESCAPED,
              PersonEvent.TAKEN_TO_HOSPITAL, PersonEvent.DIED],
)  # fmt: skip
def test_each_turn_of_a_captivity_is_told_to_the_bureau(person: Person, event: PersonEvent) -> None:
    happened(person, PersonEvent.BUREAU_NOTIFIED, ARRIVAL)
    happened(person, event, after(40))
    assert due(person)["bureau"] == after(41)


@pytest.mark.rule("R27")
def test_word_of_the_seriously_ill_is_owed_every_week_until_they_are_better(person: Person) -> None:
    happened(person, PersonEvent.SERIOUSLY_ILL, after(10))
    assert due(person)["seriously-ill"] == after(17)
    happened(person, PersonEvent.BUREAU_TOLD_HEALTH, after(15))
    assert due(person)["seriously-ill"] == after(22)
    happened(person, PersonEvent.NO_LONGER_SERIOUSLY_ILL, after(20))
    assert "seriously-ill" not in due(person)


@pytest.mark.rule("R28")
def test_the_next_inspection_is_owed_a_month_after_the_last_and_a_transfer_does_not_put_it_off(person: Person) -> None:
    assert due(person)["inspection"] == after(31)
    happened(person, PersonEvent.INSPECTED, after(10))
    happened(person, PersonEvent.ARRIVED, after(30))
    assert due(person)["inspection"] == after(41)


@pytest.mark.rule("R28")
def test_an_inspection_dated_before_arrival_counts_for_nothing(person: Person) -> None:
    happened(person, PersonEvent.INSPECTED, ARRIVAL - timedelta(days=1))
    assert due(person)["inspection"] == after(31)


@pytest.mark.parametrize(
    "event", [PersonEvent.RELEASED, PersonEvent.REPATRIATED, PersonEvent.ESCAPED, PersonEvent.DIED]
)
def test_nobody_owes_daily_care_to_who_is_no_longer_held(person: Person, event: PersonEvent) -> None:
    happened(person, event, after(5))
    assert not {"inspection", "letters", "quarters", "clothing"} & due(person).keys()


def test_a_correction_brings_back_what_was_thought_done(person: Person, registrar: Operator) -> None:
    card = acts.enter(registrar, person, PersonEvent.CARD_SENT, When(after(3)))
    acts.correct(registrar, person, card.pk, None)
    assert due(person)["card"] == after(7)
    assert Event.objects.filter(kind=PersonEvent.CARD_SENT.value).count() == 2  # both entries stay


@pytest.mark.rule("R32")
def test_the_convention_is_owed_in_each_language_that_is_present(camp: Camp) -> None:
    for kind, of in (("language.present", "ne"), ("language.present", "sw"), ("convention.posted", "ne")):
        Event.objects.create(camp=camp, kind=kind, of=of, happened=ARRIVAL, entered=ARRIVAL)
    owing.work_out_camp(camp)
    assert [row.of for row in Owed.objects.filter(camp=camp, duty="convention")] == ["sw"]


@pytest.mark.rule("R31")
def test_representatives_are_elected_every_half_year(camp: Camp) -> None:
    (row,) = Owed.objects.filter(camp=camp, duty="election")
    assert row.due == after(183)
    acts.happen_in_camp(camp, CampEvent.ELECTED, When(after(20)))
    (row,) = Owed.objects.filter(camp=camp, duty="election")
    assert row.due == after(20 + 183)


def unanswered(duty: Duty, told: list[tuple[str, date]]) -> int:
    """In the order in which they were entered; what answers nothing is good for nothing later."""
    left = 0
    for kind, _day in told:
        if kind in {one.value for one in duty.starts}:
            left += 1
        elif kind in {one.value for one in duty.fulfils}:
            left = max(0, left - 1)
    return left


def fresh(duty: Duty, told: list[tuple[str, date]]) -> list[date]:
    """Starts without a fulfilment on their day or later that was entered after them."""
    rows = list(enumerate(told))
    done = [(place, day) for place, (kind, day) in rows if kind in {one.value for one in duty.fulfils}]
    starts = [(place, day) for place, (kind, day) in rows if kind in {one.value for one in duty.starts}]
    return [day for place, day in starts if not any(later > place and on >= day for later, on in done)]


def expected(duty: Duty, told: list[tuple[str, date]]) -> date | None:
    """The same, in so many words, for one person."""
    starts = sorted(day for kind, day in told if kind in {one.value for one in duty.starts})
    done = [day for kind, day in told if kind in {one.value for one in duty.fulfils}]
    gone = [day for kind, day in told if kind in {one.value for one in duty.ends}]
    if duty.each:
        left = unanswered(duty, told)
        return starts[-left] + timedelta(days=duty.within) if left else None
    if duty.anew:
        anew = [day for day in fresh(duty, told) if day > max(gone, default=date.min)]
        return min(anew) + timedelta(days=duty.within) if anew else None
    if duty.again is None:
        open_ones = [day for day in starts if day > max([*done, *gone], default=date.min)]
        return open_ones[0] + timedelta(days=duty.within) if open_ones else None
    if not starts or (gone and max(gone) >= starts[-1]):
        return None
    start = starts[-1] if gone else starts[0]
    last = max(done, default=date.min)
    return last + timedelta(days=duty.again) if last >= start else start + timedelta(days=duty.within)


histories = st.lists(
    st.tuples(st.sampled_from([event.value for event in PersonEvent]), st.integers(0, 120).map(after)), max_size=30
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=histories)
def test_every_duty_is_what_its_row_says_for_any_history(
    make_person: Callable[[], Person], told: list[tuple[str, date]]
) -> None:
    person = make_person()
    Event.objects.bulk_create(Event(person=person, kind=kind, happened=day, entered=day) for kind, day in told)
    owing.work_out_person(person)
    wanted = {duty.code: expected(duty, told) for duty in TABLE if duty.is_about_a_person}
    assert due(person) == {code: day for code, day in wanted.items() if day is not None}


def test_the_night_finds_what_the_day_found(person: Person, camp: Camp) -> None:
    happened(person, PersonEvent.SERIOUSLY_ILL, after(10))
    before = set(Owed.objects.values_list("duty", "person", "camp", "of", "since", "due"))
    owing.work_out()
    assert set(Owed.objects.values_list("duty", "person", "camp", "of", "since", "due")) == before
    assert BY_CODE["seriously-ill"].code in {row[0] for row in before}


@pytest.mark.rule("R30")
def test_two_complaints_are_forwarded_twice(person: Person) -> None:
    happened(person, PersonEvent.COMPLAINED, after(5))
    happened(person, PersonEvent.COMPLAINED, after(6))
    happened(person, PersonEvent.COMPLAINT_FORWARDED, after(6))
    assert due(person)["complaint"] == after(6)


@pytest.mark.rule("R30", "R37")
def test_what_answered_a_struck_report_answers_no_later_one(person: Person) -> None:
    happened(person, PersonEvent.ILL_TREATMENT_REPORTED, after(1))
    happened(person, PersonEvent.ILL_TREATMENT_TAKEN_UP, after(1))
    acts.amend(person, Event.objects.get(kind=PersonEvent.ILL_TREATMENT_REPORTED.value).pk, None)
    happened(person, PersonEvent.ILL_TREATMENT_REPORTED, after(0))
    assert due(person)["ill-treatment"] == after(1)
    happened(person, PersonEvent.ILL_TREATMENT_TAKEN_UP, after(2))
    assert "ill-treatment" not in due(person)


def test_a_report_that_is_dated_anew_stays_answered(person: Person) -> None:
    happened(person, PersonEvent.COMPLAINED, after(1))
    happened(person, PersonEvent.COMPLAINT_FORWARDED, after(1))
    happened(person, PersonEvent.FEAR_STATED, after(1))
    happened(person, PersonEvent.RETURN_DECIDED, after(3))
    for kind in (PersonEvent.COMPLAINED, PersonEvent.FEAR_STATED):
        acts.amend(person, Event.objects.get(kind=kind.value).pk, When(after(2)))
    assert not {"complaint", "fear"} & due(person).keys()


@pytest.mark.rule("R41")
@pytest.mark.parametrize("day", [5, 2])
def test_a_fear_that_was_stated_after_a_decision_is_decided_on_anew_whatever_its_day(person: Person, day: int) -> None:
    happened(person, PersonEvent.FEAR_STATED, after(1))
    happened(person, PersonEvent.RETURN_DECIDED, after(5))
    assert "fear" not in due(person)
    happened(person, PersonEvent.FEAR_STATED, after(day))
    assert due(person)["fear"] == after(day + 31)
    happened(person, PersonEvent.RETURN_DECIDED, after(6))
    assert "fear" not in due(person)


@pytest.mark.rule("R13")
def test_a_review_that_was_entered_before_keeps_nobody_from_being_reviewed(registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, PersonEvent.AGE_REVIEWED, When(acts.today()))
    young = replace(SOMEBODY, birth=Birth(str(acts.today().year - 15)))
    acts.describe(registrar, person, young)
    assert "minor" in due(person)
    with pytest.raises(NotYours):
        acts.correct(registrar, person, Event.objects.get(kind=PersonEvent.MAY_BE_MINOR.value).pk, None)
    acts.enter(registrar, person, PersonEvent.AGE_REVIEWED, When(acts.today()))
    acts.describe(registrar, person, young)  # asked once
    assert "minor" not in due(person)


def test_an_entry_and_the_night_at_once_leave_each_duty_once(person: Person) -> None:
    for _ in range(2):
        owing.work_out()
        owing.work_out_person(person)
    rows = list(Owed.objects.values_list("duty", "person", "camp", "of"))
    assert len(rows) == len(set(rows))
