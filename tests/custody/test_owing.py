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


@pytest.mark.rule("R25")
def test_a_card_sent_today_answers_no_number_that_is_put_right_today(person: Person) -> None:
    happened(person, PersonEvent.CARD_SENT, after(5))
    happened(person, PersonEvent.CARD_DUE, after(5))
    assert due(person)["card"] == after(12)
    happened(person, PersonEvent.CARD_SENT, after(5))
    assert "card" not in due(person)


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


@pytest.mark.rule("R28", "R29")
def test_after_an_escape_that_is_past_a_transfer_puts_no_inspection_off(person: Person) -> None:
    happened(person, PersonEvent.ESCAPED, after(2))
    happened(person, PersonEvent.ARRIVED, after(5))
    happened(person, PersonEvent.INSPECTED, after(6))
    happened(person, PersonEvent.ARRIVED, after(30))
    assert (due(person)["inspection"], due(person)["letters"]) == (after(37), after(36))


@pytest.mark.rule("R25", "R28", "R29")
def test_who_escaped_and_is_taken_again_the_same_day_is_owed_everything_anew(person: Person) -> None:
    for event in (PersonEvent.QUARTERED, PersonEvent.CLOTHED, PersonEvent.CARD_SENT):
        happened(person, event, ARRIVAL)
    happened(person, PersonEvent.ESCAPED, after(4))
    assert due(person).keys() == {"bureau"}
    happened(person, PersonEvent.ARRIVED, after(4))
    assert {"quarters", "clothing", "card", "inspection", "letters"} <= due(person).keys()
    happened(person, PersonEvent.DIED, after(4))
    assert not {"quarters", "inspection", "letters"} & due(person).keys()


@pytest.mark.rule("R25", "R34")
@pytest.mark.parametrize(
    "came", [(PersonEvent.ESCAPED, PersonEvent.ARRIVED), (PersonEvent.TRANSFERRED, PersonEvent.ARRIVED)]
)
def test_who_comes_twice_in_a_day_is_owed_quarters_and_clothing_twice(
    person: Person, came: tuple[PersonEvent, ...]
) -> None:
    for event in (PersonEvent.QUARTERED, PersonEvent.CLOTHED):
        happened(person, event, ARRIVAL)
    assert not {"quarters", "clothing"} & due(person).keys()
    for event in came:
        happened(person, event, ARRIVAL)
    assert (due(person)["quarters"], due(person)["clothing"]) == (ARRIVAL, after(2))
    for event in (PersonEvent.QUARTERED, PersonEvent.CLOTHED):
        happened(person, event, ARRIVAL)
    assert not {"quarters", "clothing"} & due(person).keys()


@pytest.mark.rule("R34")
def test_mail_that_was_sent_after_somebody_is_sent_on_when_they_are_transferred_again_that_day(person: Person) -> None:
    for event in (PersonEvent.TRANSFERRED, PersonEvent.MAIL_REDIRECTED):
        happened(person, event, after(4))
    assert "mail-redirected" not in due(person)
    happened(person, PersonEvent.TRANSFERRED, after(4))
    assert due(person)["mail-redirected"] == after(11)
    happened(person, PersonEvent.MAIL_REDIRECTED, after(5))
    assert "mail-redirected" not in due(person)


@pytest.mark.rule("R34")
def test_a_transfer_that_is_called_off_and_listed_anew_the_same_day_is_told_and_asked_anew(person: Person) -> None:
    for event in (PersonEvent.TRANSFER_PLANNED, PersonEvent.TRANSFER_TOLD, PersonEvent.TRANSFER_PASSED):
        happened(person, event, after(4))
    happened(person, PersonEvent.TRANSFER_CALLED_OFF, after(4))
    assert not {"transfer-told", "transfer-health"} & due(person).keys()
    happened(person, PersonEvent.TRANSFER_PLANNED, after(4))
    assert {"transfer-told", "transfer-health"} <= due(person).keys()


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
@pytest.mark.usefixtures("person")
def test_representatives_are_elected_every_half_year(camp: Camp) -> None:
    (row,) = Owed.objects.filter(camp=camp, duty="election")
    assert row.due == after(183)
    acts.happen_in_camp(camp, CampEvent.ELECTED, When(after(20)))
    (row,) = Owed.objects.filter(camp=camp, duty="election")
    assert row.due == after(20 + 183)


def due_in(camp: Camp, duty: str) -> date | None:
    row = Owed.objects.filter(camp=camp, person=None, duty=duty).first()
    return row.due if row else None


def test_a_camp_owes_its_daily_care_while_somebody_is_held_there(registrar: Operator, camp: Camp) -> None:
    """From the day on which the first of them came, and not from the day on which it was opened."""
    assert due_in(camp, "water") is None
    first = acts.register(registrar, "P-1", camp, SOMEBODY, When(after(20)))
    second = acts.register(registrar, "P-2", camp, SOMEBODY, When(after(22)))
    assert (due_in(camp, "water"), due_in(camp, "hygiene")) == (after(21), after(27))
    acts.enter(registrar, first, PersonEvent.RELEASED, When(after(25)))
    assert due_in(camp, "water") == after(21)  # it was never empty in between
    gone = acts.enter(registrar, second, PersonEvent.ESCAPED, When(after(26)))
    assert due_in(camp, "water") is None
    acts.register(registrar, "P-3", camp, SOMEBODY, When(after(30)))
    assert due_in(camp, "water") == after(31)
    acts.amend(second, gone.pk, When(after(31)))
    assert due_in(camp, "water") == after(21)
    told = set(Owed.objects.values_list("duty", "camp", "since", "due"))
    owing.work_out()
    assert set(Owed.objects.values_list("duty", "camp", "since", "due")) == told


def unanswered(duty: Duty, told: list[tuple[str, date]]) -> int:
    """In the order in which they were entered; what answers nothing is good for nothing later."""
    left = 0
    for kind, _day in told:
        if kind in {one.value for one in duty.starts}:
            left += 1
        elif kind in {one.value for one in duty.fulfils}:
            left = max(0, left - 1)
    return left


def can_be_open(duty: Duty, told: list[tuple[str, date]], place: int) -> bool:
    """Whether it is a start but for which one less would be open."""
    is_start = told[place][0] in {one.value for one in duty.starts}
    return is_start and unanswered(duty, told[:place] + told[place + 1 :]) < unanswered(duty, told)


def fresh(duty: Duty, told: list[tuple[str, date]]) -> list[date]:
    """Starts without a fulfilment on their day or later that was entered after them."""
    rows = list(enumerate(told))
    done = [(place, day) for place, (kind, day) in rows if kind in {one.value for one in duty.fulfils}]
    starts = [(place, day) for place, (kind, day) in rows if kind in {one.value for one in duty.starts}]
    return [day for place, day in starts if not any(later > place and on >= day for later, on in done)]


def begun(duty: Duty, told: list[tuple[str, date]]) -> list[tuple[str, date]]:
    """The history without the starts that ended: on a later day, or by a later entry of their day. Who died stays dead."""
    starts, ends = {one.value for one in duty.starts}, {one.value for one in duty.ends}

    def ended(place: int, day: date) -> bool:
        later = [(on, at > place or kind == "died") for at, (kind, on) in enumerate(told) if kind in ends]
        return any(on > day or (on == day and after_it) for on, after_it in later)

    return [(kind, day) for at, (kind, day) in enumerate(told) if kind not in starts or not ended(at, day)]


def expected(duty: Duty, told: list[tuple[str, date]]) -> date | None:
    """The same, in so many words, for one person."""
    if duty.each:
        days = [day for place, (_, day) in enumerate(told) if can_be_open(duty, told, place)]
        return min(days) + timedelta(days=duty.within) if days else None
    told = begun(duty, told)
    starts = sorted(day for kind, day in told if kind in {one.value for one in duty.starts})
    last = max((day for kind, day in told if kind in {one.value for one in duty.fulfils}), default=date.min)
    if duty.again is None:
        left_open = fresh(duty, told) if duty.anew else [day for day in starts if day > last]
        return min(left_open) + timedelta(days=duty.within) if left_open else None
    if not starts:
        return None
    return last + timedelta(days=duty.again) if last >= starts[0] else starts[0] + timedelta(days=duty.within)


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
    assert due(person)["complaint"] == after(5)  # nothing says that it was the first
    happened(person, PersonEvent.COMPLAINT_FORWARDED, after(7))
    happened(person, PersonEvent.COMPLAINED, after(8))
    assert due(person)["complaint"] == after(8)


@pytest.mark.rule("R30", "R37")
def test_what_answered_a_struck_report_answers_no_later_one(person: Person) -> None:
    happened(person, PersonEvent.ILL_TREATMENT_REPORTED, after(1))
    happened(person, PersonEvent.ILL_TREATMENT_TAKEN_UP, after(1))
    acts.amend(person, Event.objects.get(kind=PersonEvent.ILL_TREATMENT_REPORTED.value).pk, None)
    happened(person, PersonEvent.ILL_TREATMENT_REPORTED, after(0))
    assert due(person)["ill-treatment"] == after(1)
    happened(person, PersonEvent.ILL_TREATMENT_TAKEN_UP, after(2))
    assert "ill-treatment" not in due(person)


@pytest.mark.parametrize("days", [[2], [2, 3], [2, 1, 3]])
def test_a_report_that_is_dated_anew_stays_answered_however_often(person: Person, days: list[int]) -> None:
    happened(person, PersonEvent.COMPLAINED, after(1))
    happened(person, PersonEvent.COMPLAINT_FORWARDED, after(1))
    happened(person, PersonEvent.FEAR_STATED, after(1))
    happened(person, PersonEvent.RETURN_DECIDED, after(3))
    for kind in (PersonEvent.COMPLAINED, PersonEvent.FEAR_STATED):
        for day in days:
            acts.amend(person, Event.objects.get(kind=kind.value, stands=True).pk, When(after(day)))
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


@pytest.mark.rule("R41")
def test_a_decision_on_their_return_sends_no_sick_person_home(person: Person) -> None:
    for event in (PersonEvent.TO_BE_SENT_HOME_SICK, PersonEvent.FEAR_STATED, PersonEvent.RETURN_DECIDED):
        happened(person, event, after(4))
    assert due(person)["home-sick"] == after(4 + 31)
    happened(person, PersonEvent.REPATRIATED, after(9))
    assert "home-sick" not in due(person)


@pytest.mark.rule("R13")
def test_a_review_that_was_entered_before_keeps_nobody_from_being_reviewed(registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, PersonEvent.AGE_REVIEWED, When(acts.today()))
    young = replace(SOMEBODY, birth=Birth(str(acts.today().year - 15)))
    acts.describe(registrar, person, young, SOMEBODY)
    assert "minor" in due(person)
    with pytest.raises(NotYours):
        acts.correct(registrar, person, Event.objects.get(kind=PersonEvent.MAY_BE_MINOR.value).pk, None)
    acts.enter(registrar, person, PersonEvent.AGE_REVIEWED, When(acts.today()))
    acts.describe(registrar, person, young, young)  # asked once for a date
    assert "minor" not in due(person)


def test_an_entry_and_the_night_at_once_leave_each_duty_once(person: Person) -> None:
    for _ in range(2):
        owing.work_out()
        owing.work_out_person(person)
    rows = list(Owed.objects.values_list("duty", "person", "camp", "of"))
    assert len(rows) == len(set(rows))
