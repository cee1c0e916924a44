# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing.errors import Malformed, TooLarge
from safeconduct.sealing.padding import PADDED_MAX, PLAIN_MAX, pad, padded_length, unpad

SIZES = sorted({padded_length(length) for length in range(PADDED_MAX + 1)})


@given(st.binary(max_size=2000))
def test_what_is_padded_comes_back(plain: bytes) -> None:
    padded = pad(plain)
    assert unpad(padded) == plain
    assert len(padded) in SIZES


@pytest.mark.rule("T2")
def test_there_are_few_sizes_and_none_costs_more_than_an_eighth() -> None:
    assert len(SIZES) == 129
    assert SIZES[0] == 256
    assert SIZES[-1] == PADDED_MAX
    assert all(length <= padded_length(length) <= length * 1.125 for length in range(256, PADDED_MAX + 1))


@given(plain=st.binary(min_size=1, max_size=600), where=st.integers(0, 700), byte=st.integers(1, 255))
def test_padding_that_holds_something_is_refused(plain: bytes, where: int, byte: int) -> None:
    padded = bytearray(pad(plain))
    end = len(plain) + 4
    padded[end + where % (len(padded) - end)] = byte
    with pytest.raises(Malformed):
        unpad(bytes(padded))


@given(st.binary(max_size=700))
def test_bytes_that_were_not_padded_are_refused_or_are_of_their_class(padded: bytes) -> None:
    try:
        plain = unpad(padded)
    except Malformed:
        return
    assert pad(plain) == padded


def test_too_long_a_body_is_refused() -> None:
    assert len(pad(bytes(PLAIN_MAX))) == PADDED_MAX
    with pytest.raises(TooLarge):
        pad(bytes(PLAIN_MAX + 1))
