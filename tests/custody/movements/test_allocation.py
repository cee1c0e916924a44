# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever comes and however full it is: everybody gets a place, with their comrades, women apart, and always the same one."""

import random
from collections import defaultdict

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safeconduct.desk.custody.movements.allocation import Arrival, Choice, Proposal, allocate
from safeconduct.vocabulary.custody import CampKind, Category, Need

TONGUES = ("ru", "ko-KP", "ne", "")
some_needs = st.frozensets(st.sampled_from(Need), max_size=2)
arrivals = st.builds(
    Arrival,
    number=st.integers(0, 99).map(lambda n: f"N-{n:02}"),
    category=st.sampled_from(Category),
    language=st.sampled_from(TONGUES),
    needs=st.one_of(st.just(frozenset()), some_needs),
    party=st.sampled_from(["", "", "a", "b", "c"]),
)
people = st.lists(arrivals, max_size=25, unique_by=lambda one: one.number)
choices = st.builds(
    Choice,
    camp=st.integers(1, 9),
    kind=st.sampled_from(CampKind),
    free=st.dictionaries(st.sampled_from(Category), st.integers(-3, 12)),
    languages=st.frozensets(st.sampled_from(TONGUES[:3])),
    needs=st.frozensets(st.sampled_from(Need)),
)
camps = st.lists(choices, min_size=1, max_size=6, unique_by=lambda one: one.camp)


def in_camps(proposed: dict[str, Proposal]) -> dict[int, list[Proposal]]:
    told = defaultdict(list)
    for one in proposed.values():
        told[one.camp].append(one)
    return told


@pytest.mark.rule("R24")
@given(people, camps)
def test_nobody_is_left_out_and_nobody_is_sent_where_there_is_no_camp(who: list[Arrival], where: list[Choice]) -> None:
    proposed = allocate(who, where)
    assert proposed.keys() == {one.number for one in who}
    assert {one.camp for one in proposed.values()} <= {one.camp for one in where}


@pytest.mark.rule("R24")
@given(people, camps)
def test_a_woman_is_never_given_a_mans_quarters_nor_a_man_a_womans(who: list[Arrival], where: list[Choice]) -> None:
    proposed = allocate(who, where)
    assert all(proposed[one.number].category is one.category for one in who)


@pytest.mark.rule("R24")
@given(people, camps)
def test_a_woman_who_goes_alone_is_sent_where_women_have_quarters_if_there_are_any(
    who: list[Arrival], where: list[Choice]
) -> None:
    have = {one.camp for one in where if one.kind is not CampKind.HOSPITAL and Category.WOMEN in one.free}
    assume(have)
    proposed = allocate(who, where)
    women = [one for one in who if one.category is Category.WOMEN and not one.party and Need.BED not in one.needs]
    assert {proposed[one.number].camp for one in women} <= have


@pytest.mark.rule("R24")
@given(people, camps)
def test_what_fits_fits_by_category_and_need(who: list[Arrival], where: list[Choice]) -> None:
    by_camp, by_number = {one.camp: one for one in where}, {one.number: one for one in who}
    for camp, told in in_camps(allocate(who, where)).items():
        fitting = [one for one in told if one.fits]
        for category in Category:
            wanted = sum(one.category is category for one in fitting)
            assert not wanted or wanted <= by_camp[camp].free[category]
        assert all(by_number[one.number].needs <= by_camp[camp].needs for one in fitting)


@pytest.mark.rule("R24")
@given(people, camps)
def test_comrades_stay_together_unless_one_needs_a_bed(who: list[Arrival], where: list[Choice]) -> None:
    proposed, parties = allocate(who, where), defaultdict(set)
    for one in who:
        if one.party and Need.BED not in one.needs:
            parties[one.party].add(proposed[one.number].camp)
    assert all(len(camps_of_one) == 1 for camps_of_one in parties.values())


@given(people, camps, st.randoms(use_true_random=False))
def test_the_order_of_the_papers_changes_nothing(
    who: list[Arrival], where: list[Choice], chance: random.Random
) -> None:
    again, elsewhere = list(who), list(where)
    chance.shuffle(again)
    chance.shuffle(elsewhere)
    assert allocate(again, elsewhere) == allocate(who, where)


@given(people, camps)
def test_nobody_who_needs_no_bed_lies_in_a_hospital_while_another_camp_is_open(
    who: list[Arrival], where: list[Choice]
) -> None:
    assume(any(one.kind is not CampKind.HOSPITAL for one in where))
    kinds = {one.camp: one.kind for one in where}
    proposed = allocate(who, where)
    well = [one for one in who if Need.BED not in one.needs]
    assert all(kinds[proposed[one.number].camp] is not CampKind.HOSPITAL for one in well)


@pytest.mark.rule("R24")
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.integers(1, 40))
def test_who_fits_nowhere_goes_to_transit_and_at_last_where_most_room_is(room: list[int], count: int) -> None:
    permanent = [Choice(n, CampKind.PERMANENT, {Category.OTHER_RANKS: free}) for n, free in enumerate(room, 1)]
    transit = Choice(99, CampKind.TRANSIT, {Category.OTHER_RANKS: 10})
    who = [Arrival(f"N-{n:02}", Category.OTHER_RANKS) for n in range(count)]
    proposed = in_camps(allocate(who, [*permanent, transit]))
    fitting = sum(one.fits for told in proposed.values() for one in told)
    assert fitting == min(count, sum(room))
    assert len([one for one in proposed.get(99, []) if not one.fits]) >= min(10, count - fitting)


def test_a_camp_that_speaks_the_language_comes_before_a_larger_one() -> None:
    large = Choice(1, CampKind.PERMANENT, {Category.OFFICERS: 900}, frozenset({"ru"}))
    spoken = Choice(2, CampKind.PERMANENT, {Category.OFFICERS: 3}, frozenset({"ko-KP"}))
    told = allocate([Arrival("A", Category.OFFICERS, "ko-KP"), Arrival("B", Category.OFFICERS, "")], [large, spoken])
    assert (told["A"].camp, told["B"].camp) == (2, 1)


def test_without_any_camp_it_says_so() -> None:
    with pytest.raises(ValueError, match="no open camp"):
        allocate([Arrival("A", Category.WOMEN)], [])
