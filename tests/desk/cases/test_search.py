# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding a person again over sealed data: claims, tokens, candidates."""

import dataclasses
import secrets
from datetime import timedelta

import pytest
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.audit import records
from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import acts, cell, identity, index_keys, indexing, search
from safeconduct.desk.cases.errors import Crossed, OfRelative
from safeconduct.desk.cases.models import Indexed, IndexGeneration, IndexToken, StoredEnvelope, today
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing import blind_index
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.identity import Birth, IdentityClaim

pytestmark = pytest.mark.django_db

KEY = bytes(range(32))
CLAIM = IdentityClaim("Олександр Шевченко", ("Alexander Shevchenko",), Birth("03.1990"), "А1234", "АБ-123456")
ASKED = IdentityClaim("Aleksandr Shevchenko")


@pytest.fixture
def searching(hand: Hand) -> Hand:
    """The operator, with the key of the team's index."""
    return dataclasses.replace(hand, index_key=lambda: KEY)


def enter(hand: Hand, line: Line, person: Person, *claims: IdentityClaim) -> str:
    number = line.case(person).number
    identity.enter(hand, number, claims, seen=identity.read(hand, number).seen)
    return number


def told(house: House) -> list[tuple[str, str]]:
    """Every entry of the record: act and subject."""
    opened = [records.open_sealed(bytes(one.sealed), house.keys["monitor"]) for one in Entry.objects.order_by("pk")]
    return [(one.act, one.subject) for one in opened]


def test_a_person_is_found_by_another_spelling_of_their_name(line: Line, person: Person, searching: Hand) -> None:
    number = enter(searching, line, person, CLAIM)
    found = search.find(searching, [ASKED]).found
    assert [one.case.number for one in found] == [number]
    assert found[0].claim == CLAIM


@pytest.mark.parametrize("asked", [IdentityClaim(service_number="аб 123456"), IdentityClaim("Шевченко", unit="А1234")])
def test_a_person_is_found_by_their_number_and_by_name_and_unit(
    line: Line, person: Person, searching: Hand, asked: IdentityClaim
) -> None:
    number = enter(searching, line, person, CLAIM)
    assert [one.case.number for one in search.find(searching, [asked]).found] == [number]


def test_a_year_or_a_unit_alone_finds_nobody(line: Line, person: Person, searching: Hand) -> None:
    enter(searching, line, person, CLAIM)
    for asked in (IdentityClaim(unit="А1234"), IdentityClaim(birth=Birth("03.1990")), IdentityClaim()):
        assert search.find(searching, [asked]) == search.Answer((), 0)


def test_claims_stand_side_by_side_and_each_of_them_is_found(line: Line, person: Person, searching: Hand) -> None:
    other = IdentityClaim("Іван Петренко", service_number="ВГ-654321")
    number = enter(searching, line, person, CLAIM, other)
    assert identity.read(searching, number).claims == (CLAIM, other)
    assert search.find(searching, [other]).found[0].claim == other
    assert search.find(searching, [CLAIM]).found[0].claim == CLAIM


@pytest.mark.rule("R50")
def test_an_earlier_record_stays_in_the_case_and_is_found_no_more(line: Line, person: Person, searching: Hand) -> None:
    number = enter(searching, line, person, CLAIM)
    enter(searching, line, person, IdentityClaim("Іван Петренко"))
    assert search.find(searching, [CLAIM]).found == ()
    shapes = [item.shape for item in line.opened(person).items]
    assert shapes.count("identity") == 2
    assert identity.read(searching, number).claims == (IdentityClaim("Іван Петренко"),)


def test_what_a_colleague_entered_meanwhile_is_not_overwritten(line: Line, person: Person, searching: Hand) -> None:
    number = line.case(person).number
    seen = identity.read(searching, number).seen
    identity.enter(searching, number, (CLAIM,), seen=seen)
    with pytest.raises(Crossed):
        identity.enter(searching, number, (ASKED,), seen=seen)
    identity.enter(searching, number, (CLAIM,), seen=seen)  # the same form, posted twice
    assert identity.read(searching, number).claims == (CLAIM,)


@pytest.mark.rule("R6")
def test_nothing_is_entered_or_found_in_a_relatives_case(line: Line, searching: Hand) -> None:
    someone = line.apply(Person(), "ищу сына", type=ApplicationType.RELATIVE)
    line.collect()
    number = line.case(someone).number
    with pytest.raises(OfRelative):
        identity.enter(searching, number, (CLAIM,), seen=0)
    assert not Indexed.objects.exists()


@pytest.mark.rule("R6")
def test_who_turns_out_to_be_a_relative_is_found_no_more(line: Line, person: Person, searching: Hand) -> None:
    number = enter(searching, line, person, CLAIM)
    line.put(person, line.seal(person, person.facts(type=ApplicationType.RELATIVE), Kind.APPLICATION))
    line.collect()
    acts.read(searching, number)
    assert not Indexed.objects.exists()
    assert not IndexToken.objects.exists()


@pytest.mark.rule("R49", "T6")
def test_every_case_that_a_search_opens_is_in_the_record(
    line: Line, house: House, person: Person, searching: Hand
) -> None:
    number = enter(searching, line, person, CLAIM)
    other = line.apply_new()
    line.collect()
    second = enter(searching, line, other, CLAIM)
    answer = search.find(searching, [ASKED])
    act, subject = told(house)[-1]
    assert (act, set(subject.split())) == ("cases.searched", {number, second})
    assert answer.opened == 2


@pytest.mark.rule("T3")
def test_neither_a_name_nor_a_whole_token_is_in_any_file_of_the_desk(
    line: Line, person: Person, searching: Hand
) -> None:
    enter(searching, line, person, CLAIM)
    words = [
        one.encode(code) for one in (CLAIM.name, "Shevchenko", "123456", "А1234") for code in ("utf-8", "utf-16-le")
    ]
    assert line.files_with(*words) == set()
    whole = {blind_index.token(KEY, kind, value, bits=32) for kind, value in indexing.values(CLAIM)}
    assert whole
    assert not set(IndexToken.objects.values_list("value", flat=True)) & {
        one >> cut for one in whole for cut in range(32)
    }


@pytest.mark.rule("T3")
def test_without_the_key_that_covers_it_a_stored_row_is_found_by_nobody(
    line: Line, person: Person, searching: Hand
) -> None:
    enter(searching, line, person, CLAIM)
    assert indexing.looked_up(KEY, "intake", ASKED) & set(IndexToken.objects.values_list("value", flat=True))
    index_keys.destroy(IndexGeneration.objects.get())
    assert not indexing.looked_up(KEY, "intake", ASKED)


@pytest.mark.rule("T3", "R48")
def test_after_an_erasure_the_index_is_covered_anew_and_what_was_copied_before_is_lost(
    line: Line, person: Person, searching: Hand
) -> None:
    gone, kept = line.apply_new(), enter(searching, line, person, CLAIM)
    line.collect()
    enter(searching, line, gone, CLAIM)
    copied = set(IndexToken.objects.values_list("value", flat=True))
    (cover,) = index_keys.covers().values()
    assert cover in (line.home / "desk" / index_keys.FILE).read_bytes()
    line.erase(gone)
    line.collect()
    assert Indexed.objects.get().case.number == kept
    assert indexing.cover_anew(line.keys) == 0  # not twice on one day
    IndexGeneration.objects.update(day=today() - timedelta(days=1))
    assert indexing.cover_anew(line.keys) == 1
    assert not copied & set(IndexToken.objects.values_list("value", flat=True))
    assert not copied & indexing.looked_up(KEY, "intake", CLAIM)
    assert cover not in (line.home / "desk" / index_keys.FILE).read_bytes()
    assert [one.case.number for one in search.find(searching, [ASKED]).found] == [kept]
    assert indexing.cover_anew(line.keys) == 0  # once a day


@pytest.mark.rule("T9")
def test_an_index_that_was_covered_only_in_part_is_searched_whole_and_finished(
    line: Line, person: Person, searching: Hand
) -> None:
    first = enter(searching, line, person, CLAIM)
    index_keys.begin()  # killed here: nothing stands under the new key yet
    other = line.apply_new()
    line.collect()
    second = enter(searching, line, other, CLAIM)
    assert {one.case.number for one in search.find(searching, [ASKED]).found} == {first, second}
    assert indexing.cover_anew(line.keys) == 1
    assert IndexGeneration.objects.count() == 1
    assert {one.case.number for one in search.find(searching, [ASKED]).found} == {first, second}


@pytest.mark.rule("T9")
def test_a_desk_that_was_restored_without_its_covering_key_makes_its_index_anew(
    line: Line, person: Person, searching: Hand
) -> None:
    number = enter(searching, line, person, CLAIM)
    index_keys.destroy(IndexGeneration.objects.get())  # no backup holds it
    assert search.find(searching, [ASKED]).found == ()
    assert indexing.cover_anew(line.keys) == 1
    assert [one.case.number for one in search.find(searching, [ASKED]).found] == [number]


def test_fifty_are_opened_at_most_and_those_that_share_most_come_first(
    line: Line, person: Person, searching: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    numbers = []
    for name in ("Шевченко Іван", "Шевченко Олександр", "Шевченко Петро"):
        someone = line.apply_new()
        line.collect()
        numbers.append(enter(searching, line, someone, IdentityClaim(name)))
    answer = search.find(searching, [IdentityClaim("Шевченко Олександр")])
    assert answer.opened == 2
    assert answer.found[0].case.number == numbers[1]


def test_of_a_name_that_too_many_bear_the_newest_are_opened(
    line: Line, person: Person, searching: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    monkeypatch.setattr(search, "ROWS", 1)
    numbers = []
    for _ in range(3):
        someone = line.apply_new()
        line.collect()
        numbers.append(enter(searching, line, someone, IdentityClaim("Олександр")))
    answer = search.find(searching, [IdentityClaim("Олександр")])
    assert {one.case.number for one in answer.found} == set(numbers[1:])


def test_a_case_that_nobody_opened_has_no_token_and_opening_it_makes_them(
    line: Line, person: Person, hand: Hand, searching: Hand
) -> None:
    number = enter(hand, line, person, CLAIM)  # by somebody without the index key
    assert not IndexToken.objects.exists()
    acts.read(searching, number)
    assert [one.case.number for one in search.find(searching, [ASKED]).found] == [number]


def test_the_more_cases_there_are_the_longer_tokens_become() -> None:
    lengths = [indexing.lengths_for(cases)["service-number"] for cases in (1, 20, 400, 10_000, 800_000)]
    assert lengths == [(1,), (1,), (5,), (9,), (15,)]
    assert indexing.lengths_for(10_000)["name"] == (11,)


@pytest.mark.rule("T6")
def test_the_cell_finds_what_it_has_taken_over_under_a_key_of_its_own(
    line: Line, house: House, person: Person, searching: Hand
) -> None:
    number = enter(searching, line, person, CLAIM)
    someone, team = house.person(Role.PLANNER), house.keys["handover"]
    planner = Hand(someone.operator, house.opened(someone), team, line.keys, index_key=lambda: bytes(32))
    assert search.find(planner, [ASKED]) == search.Answer((), 0)
    cell.offer(searching, number, handover=team.public)
    cell.accept(planner, number)
    acts.read(planner, number)
    assert [one.case.number for one in search.find(planner, [ASKED]).found] == [number]
    assert {one.team for one in Indexed.objects.all()} == {"intake", "handover"}


@pytest.mark.rule("T3")
def test_a_claim_that_was_tampered_with_hides_no_other(line: Line, person: Person, searching: Hand) -> None:
    enter(searching, line, person, CLAIM)
    other = line.apply_new()
    line.collect()
    second = enter(searching, line, other, CLAIM)
    row = Indexed.objects.get(case=line.case(person)).claims
    StoredEnvelope.objects.filter(pk=row.pk).update(core=secrets.token_bytes(len(bytes(row.core))))
    assert [one.case.number for one in search.find(searching, [ASKED]).found] == [second]
