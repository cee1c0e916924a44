# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing.errors import KeyRefused, Tampered
from safeconduct.sealing.shreds import SHRED_BYTES, Shred


@given(plain=st.binary(max_size=300), context=st.binary(max_size=20))
def test_what_is_closed_opens_with_the_same_key_and_place(plain: bytes, context: bytes) -> None:
    shred = Shred.generate()
    closed = shred.close(plain, context=context)
    assert len(closed) == len(plain) + SHRED_BYTES
    assert Shred(shred.raw).reopen(closed, context=context) == plain


@pytest.mark.rule("R48")
@given(plain=st.binary(max_size=300), at=st.integers(0), bit=st.integers(0, 7))
def test_nothing_else_opens_it(plain: bytes, at: int, bit: int) -> None:
    shred = Shred.generate()
    closed = shred.close(plain, context=b"a reply")
    altered = bytearray(closed)
    altered[at % len(altered)] ^= 1 << bit
    wrong = ((Shred.generate(), closed, b"a reply"), (shred, closed, b"a half"), (shred, bytes(altered), b"a reply"))
    for key, data, context in wrong:
        with pytest.raises(Tampered):
            key.reopen(data, context=context)


@pytest.mark.parametrize("closed", [b"", b"short", bytes(SHRED_BYTES - 1)])
def test_what_is_too_short_is_refused(closed: bytes) -> None:
    with pytest.raises(Tampered):
        Shred.generate().reopen(closed, context=b"")


def test_a_key_of_another_size_is_refused_and_none_is_shown() -> None:
    with pytest.raises(KeyRefused):
        Shred(bytes(31))
    assert repr(Shred(b"k" * 32)) == "Shred(…)"
