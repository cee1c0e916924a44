# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recovery shares (SLIP-39): any k of n give the seed back, and fewer nothing."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.sealing.errors import SharesRefused
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.shares import Share, join, split

SIZES = st.integers(2, 6).flatmap(lambda need: st.tuples(st.just(need), st.integers(need, 7)))


@settings(max_examples=12, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), size=SIZES, order=st.randoms())
def test_any_of_them_that_are_enough_give_the_seed_back(seed: bytes, size: tuple[int, int], order: object) -> None:
    need, of = size
    shares = [Share.read(words) for words in split(PrivateKey.from_seed(seed).seed, need=need, of=of)]
    for chosen in itertools.islice(itertools.combinations(shares, need), 5):
        assert join(chosen) == seed
    assert join(shares) == seed  # more than enough


@pytest.fixture(scope="module")
def made() -> list[str]:
    return split(PrivateKey.from_seed(bytes(range(32))).seed, need=3, of=5)


def test_fewer_are_refused_and_the_same_one_twice_is_one(made: list[str]) -> None:
    first, second = Share.read(made[0]), Share.read(made[1])
    with pytest.raises(SharesRefused, match="3 different shares are needed; these are 2"):
        join([first, second, first])
    with pytest.raises(SharesRefused):
        join([])


def test_shares_of_another_set_are_refused(made: list[str]) -> None:
    others = split(PrivateKey.generate().seed, need=3, of=5)
    with pytest.raises(SharesRefused, match="different sets"):
        join([Share.read(made[0]), Share.read(made[1]), Share.read(others[2])])


def test_a_mistyped_word_is_noticed_and_not_repeated(made: list[str]) -> None:
    words = made[0].split()
    words[7] = "academic" if words[7] != "academic" else "acid"
    for said in (" ".join(words), "", "one two three", made[0][:-4], "й" * 40):
        with pytest.raises(SharesRefused) as refused:
            Share.read(said)
        assert "academic" not in str(refused.value)
        assert refused.value.__suppress_context__


def test_capitals_and_spaces_do_not_count_and_nothing_prints_itself(made: list[str]) -> None:
    share = Share.read("  " + made[0].upper().replace(" ", "\n "))
    assert share.words == made[0]
    assert made[0].split()[4] not in repr(share)


@pytest.mark.parametrize(("need", "of"), [(1, 1), (1, 5), (4, 3), (2, 17)])
def test_a_set_that_one_keeper_could_open_or_that_cannot_be_made_is_refused(need: int, of: int) -> None:
    with pytest.raises(ValueError, match="At least two shares"):
        split(PrivateKey.generate().seed, need=need, of=of)


def test_published_vectors_of_slip_39_are_read() -> None:
    words = (
        "duckling enlarge academic academic agency result length solution fridge kidney "
        "coal piece deal husband erode duke ajar critical decision keyboard"
    )  # vector 1 of SLIP-0039, 128 bits: readable, and not a team's key
    share = Share.read(words)
    assert share.needed == 1
    with pytest.raises(SharesRefused):
        join([share])
