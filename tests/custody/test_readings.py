# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands beside a date of birth and a rank as they were told."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY, inputs_of

from safeconduct.desk.custody import acts, forms, readings
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary import ranks
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.identity import Birth
from safeconduct.vocabulary.reception import Equivalence, Received

Doors = Callable[[Role], Client]
TODAY = date(2026, 10, 1)


def told(**said: str) -> readings.Reading:
    return readings.reading_of(forms.received(said), TODAY)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("주체 93년 4월 2일", "2 April 2004 (Juche calendar)"),
        ("02.04.2004", "2 April 2004 (Gregorian calendar)"),
        ("2058", "Only a year: from 14 April 2001 to 13 April 2002 (Bikram Sambat)"),
        ("май 1999", "Only a month: from 1 May 1999 to 31 May 1999 (Gregorian calendar)"),
        ("31.02.1999", "No calendar here has such a date. It stays as it was written."),
        ("весной", "No calendar here has such a date. It stays as it was written."),
        ("02.04.2104", "This would lie ahead of today. It stays as it was written."),
        ("", ""),
    ],
)
def test_a_date_of_birth_stands_as_written_with_its_meaning_beside_it(words: str, meaning: str) -> None:
    assert told(birth=words).birth == meaning


@pytest.mark.rule("R33")
def test_a_page_shows_the_rank_as_told_and_what_the_table_says(desk_of: Doors, person: Person) -> None:
    page = desk_of(Role.BUREAU).get(f"/persons/{person.number}/details/").content.decode()
    assert SOMEBODY.rank in page
    assert told(rank="рядовой").rank == "OR-1, other ranks (table 2026-11, ours: there is no agreement)"
    assert told(rank="colonel", power="France").rank == "OF-5, officers (table 2026-11, agreed with NATO)"
    assert told(rank="sergeant").rank.startswith("Unknown until the Power is")
    assert told(rank="colour sergeant", power="Russia").rank.startswith("Not in the table of ranks for this Power")
    assert told(rank="полупрапорщик").rank == "Unknown to the table of ranks. The words stand as they are."


@pytest.mark.rule("R33")
def test_a_newer_table_does_not_change_what_an_older_one_said_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    before = forms.received({"rank": "прапорщик", "language": "ru"})
    assert before.equivalent is not None
    newer = Equivalence("OR-7", "2031-01", "ru")
    monkeypatch.setattr(ranks, "equivalent", lambda *_words, **_more: newer)
    assert (
        forms.received({"rank": "прапорщик", "language": "ru", "surname": "Х"}, before).equivalent == before.equivalent
    )
    assert forms.received({"rank": "мичман", "language": "ru"}, before).equivalent == newer


@pytest.mark.rule("R13")
@pytest.mark.parametrize(
    ("words", "is_young"), [("02.10.2008", True), ("01.10.2008", False), ("2008", True), ("2007", False), ("?", False)]
)
def test_who_may_be_under_18_by_any_day_that_the_words_can_mean(words: str, is_young: bool) -> None:  # noqa: FBT001
    assert readings.may_be_minor(Birth(words), TODAY) is is_young


@pytest.mark.rule("R13")
def test_a_minors_date_of_birth_brings_a_review_without_anybodys_tick(registrar: Operator, camp: Camp) -> None:
    young = Received(birth=Birth("주체 101년 1월 1일"))
    person = acts.register(registrar, "M-1", camp, young, When(ARRIVAL))
    assert Owed.objects.filter(person=person, duty="minor").exists()
    acts.describe(registrar, person, young, young)
    assert Event.objects.filter(person=person, kind="minor.suspected").count() == 1


ADULT, YOUNG, UNREAD = "1980-05-01", str(TODAY.year - 15), "around harvest"


@pytest.mark.rule("R13")
@pytest.mark.parametrize(
    ("births", "again"),
    [
        ((ADULT, YOUNG), 1),
        ((YOUNG, str(TODAY.year - 16)), 1),
        ((YOUNG, ADULT), 1),  # nobody loses a minor's protection by a correction alone
        ((YOUNG, UNREAD), 1),
        ((YOUNG, ""), 1),
        ((YOUNG, YOUNG), 0),
        ((ADULT, "1981"), 0),
        ((ADULT, UNREAD), 0),
    ],
)
def test_a_corrected_date_of_birth_is_reviewed_anew_where_either_is_a_minors(
    desk_of: Doors, registrar: Operator, camp: Camp, births: tuple[str, str], again: int
) -> None:
    person = acts.register(registrar, "M-1", camp, Received(surname="A", birth=Birth(births[0])), When(ARRIVAL))
    acts.enter(registrar, person, PersonEvent.AGE_REVIEWED, When(acts.today()))
    browser = desk_of(Role.REGISTRAR)
    page = inputs_of(browser.get("/persons/M-1/details/").content.decode())
    assert browser.post("/persons/M-1/details/", page | {"birth": births[1]}).status_code == 302
    assert Owed.objects.filter(person=person, duty="minor").count() == again
