# SPDX-License-Identifier: AGPL-3.0-or-later
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing.blind_index import bits_for, token
from safeconduct.sealing.errors import KeyRefused

KEY = bytes(range(32))


@pytest.mark.rule("T3")
@pytest.mark.parametrize("population", [1000, 5000, 40_000])
def test_about_ten_to_twenty_values_share_each_token(population: int) -> None:
    bits = bits_for(population)
    shared = Counter(token(KEY, "surname", str(number), bits=bits) for number in range(population))
    assert 9 < population / len(shared) < 21
    assert len(shared) > 0.9 * 2**bits


@given(
    kind=st.text(min_size=1, max_size=10).filter(lambda kind: kind not in {"year", "unit", "rank"}),
    value=st.text(max_size=20),
)
def test_a_token_depends_on_key_kind_and_value(kind: str, value: str) -> None:
    made = token(KEY, kind, value, bits=32)
    assert made == token(KEY, kind, value, bits=32)
    assert made >> 20 == token(KEY, kind, value, bits=12)
    others = {
        token(bytes(32), kind, value, bits=32),
        token(KEY, kind + "x", value, bits=32),
        token(KEY, kind, value + "x", bits=32),
    }
    assert made not in others


def test_kind_and_value_do_not_run_into_each_other() -> None:
    assert token(KEY, "ab", "c", bits=32) != token(KEY, "a", "bc", bits=32)


@pytest.mark.rule("T3")
@pytest.mark.parametrize("kind", ["year", "unit", "rank"])
def test_a_year_unit_or_rank_alone_is_never_indexed(kind: str) -> None:
    with pytest.raises(ValueError, match="never indexed"):
        token(KEY, kind, "1999", bits=8)


def test_what_would_name_a_person_is_refused() -> None:
    with pytest.raises(ValueError, match="would name"):
        bits_for(19)
    for bits in (0, 33):
        with pytest.raises(ValueError, match="bits"):
            token(KEY, "surname", "x", bits=bits)
    with pytest.raises(KeyRefused):
        token(b"", "surname", "x", bits=8)
