# SPDX-License-Identifier: AGPL-3.0-or-later
"""Officers and other ranks have places of their own (arts. 43 to 45, 97), by the table of ranks that has a version (R33)."""

import pytest
from msgspec.structs import replace
from tests.custody.conftest import ARRIVAL, SOMEBODY

from safeconduct.desk.custody import acts, camp_acts, forms, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.movements import proposing
from safeconduct.desk.custody.movements.allocation import Proposal
from safeconduct.desk.custody.movements.proposing import Told
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampKind, Category
from safeconduct.vocabulary.reception import Equivalence, Received

pytestmark = pytest.mark.rule("R33")


@pytest.fixture
def oflag(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Oflag", CampKind.PERMANENT, {Category.OFFICERS: 5}, When(ARRIVAL))


def arrived(registrar: Operator, camp: Camp, rank: str) -> Person:
    said = Received(rank=rank, language="uk")
    return acts.register(registrar, "R-1", camp, replace(said, equivalent=forms.equivalent(said, None)), When(ARRIVAL))


def proposed(keyring: Keyring, person: Person, told: Told = Told()) -> Proposal:  # noqa: B008 - never changed
    return proposing.propose(keyring, {person: told})[person.number]


@pytest.mark.parametrize(
    "expected",
    [("капітан", Category.OFFICERS), ("солдат", Category.OTHER_RANKS), ("воєвода", Category.OTHER_RANKS),
     ("", Category.OTHER_RANKS)],
)  # fmt: skip
def test_the_rank_on_the_sheet_says_whose_quarters_are_looked_for(
    keyring: Keyring, registrar: Operator, camp: Camp, oflag: Camp, expected: tuple[str, Category]
) -> None:
    rank, category = expected
    told = proposed(keyring, arrived(registrar, camp, rank))
    assert (told.category, told.fits) == (category, True)
    assert told.camp == (oflag.pk if category is Category.OFFICERS else camp.pk)


def test_an_officer_for_whom_no_officers_quarters_are_free_is_sent_somewhere_all_the_same(
    keyring: Keyring, registrar: Operator, camp: Camp
) -> None:
    told = proposed(keyring, arrived(registrar, camp, "капітан"))
    assert (told.camp, told.category, told.fits) == (camp.pk, Category.OFFICERS, False)


def test_what_a_registrar_chooses_and_womens_quarters_stand_above_the_rank(
    keyring: Keyring, registrar: Operator, camp: Camp, oflag: Camp
) -> None:
    person = arrived(registrar, camp, "капітан")
    assert proposed(keyring, person, Told(Category.OTHER_RANKS)).category is Category.OTHER_RANKS
    camp_acts.give_quarters(registrar, {person: Category.WOMEN}, When(ARRIVAL))
    assert proposed(keyring, Person.objects.get(pk=person.pk)).category is Category.WOMEN


@pytest.mark.rule("R24")
def test_who_said_that_she_is_a_woman_is_looked_for_womens_quarters_whatever_her_rank(
    keyring: Keyring, registrar: Operator, camp: Camp, oflag: Camp
) -> None:
    said = Received(rank="капітан", language="uk", is_woman=True)
    person = acts.register(registrar, "W-1", camp, said, When(ARRIVAL))
    assert proposed(keyring, person).category is Category.WOMEN
    assert proposed(keyring, person, Told(Category.OFFICERS)).category is Category.OFFICERS  # the registrar's word


def test_the_table_by_which_a_sheet_was_read_stands(keyring: Keyring, person: Person, oflag: Camp) -> None:
    """A newer table that knows better changes nobody's treatment by itself."""
    then = replace(SOMEBODY, equivalent=Equivalence("OF-1", "2020-01", "kp", agreed=False))
    sealed.keep(person, sealed.IDENTITY, then, entered=ARRIVAL)
    assert proposed(keyring, person).category is Category.OFFICERS


def test_whose_rank_no_table_knows_keeps_the_quarters_they_have(
    keyring: Keyring, registrar: Operator, camp: Camp, oflag: Camp
) -> None:
    person = arrived(registrar, camp, "воєвода")
    camp_acts.give_quarters(registrar, {person: Category.OFFICERS}, When(ARRIVAL))
    assert proposed(keyring, Person.objects.get(pk=person.pk)).camp == oflag.pk
