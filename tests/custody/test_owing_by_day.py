# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which day a duty is owed by, where what answers it is only partly known or must not be told."""

from datetime import date

import pytest
from tests.custody.conftest import ARRIVAL
from tests.custody.test_owing import after, due, happened

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent, PersonEvent, Precision

P = PersonEvent
THAT_MONTH = When(date(2026, 10, 1), Precision.MONTH)


@pytest.mark.rule("R41", "R43")
def test_who_is_to_be_sent_home_sick_and_was_asked_is_asked_again_in_a_month(person: Person) -> None:
    happened(person, P.WISH_TAKEN, after(2))
    happened(person, P.TO_BE_SENT_HOME_SICK, after(4))
    assert due(person)["home-sick"] == after(4 + 31)
    happened(person, P.WISH_TAKEN, after(20))  # whether they refused, nothing in clear may tell
    assert due(person)["home-sick"] == after(20 + 31)


@pytest.mark.rule("R25", "R27")
@pytest.mark.parametrize(
    ("began", "answered", "duty"),
    [
        (P.SERIOUSLY_ILL, P.NO_LONGER_SERIOUSLY_ILL, "seriously-ill"),
        (P.FELL_SICK, P.CARD_SENT, "card"),
        (P.MAY_BE_MINOR, P.RELEASED, "minor"),
    ],
)
def test_what_is_known_by_its_month_alone_answers_what_began_in_that_month(
    registrar: Operator, person: Person, began: PersonEvent, answered: PersonEvent, duty: str
) -> None:
    happened(person, began, after(9))
    assert duty in due(person)
    row = acts.happen(registrar, person, answered, THAT_MONTH)
    assert duty not in due(person)
    assert row.happened == after(9)


@pytest.mark.rule("R25")
def test_a_day_that_is_put_right_to_a_month_answers_what_it_answered(registrar: Operator, person: Person) -> None:
    row = acts.happen(registrar, person, P.CARD_SENT, When(after(3)))
    acts.amend(person, row.pk, When(date(2026, 1, 1), Precision.YEAR))
    assert Event.objects.get(corrects=row).happened == ARRIVAL
    assert "card" not in due(person)


@pytest.mark.rule("R32")
def test_a_camp_that_posted_something_in_that_month_posted_it_for_who_came_then(camp: Camp) -> None:
    acts.happen_in_camp(camp, CampEvent.LANGUAGE_PRESENT, When(after(9)), of="ne")
    acts.happen_in_camp(camp, CampEvent.CONVENTION_POSTED, THAT_MONTH, of="ne")
    assert not Owed.objects.filter(camp=camp, duty="convention").exists()
