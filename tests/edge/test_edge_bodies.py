# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bodies: one gzip member that every decoder reads, in steps of 4,096 bytes, secrets never compressed."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edge.web.bodies import STEP, Mould, gzipped, identity, mark, piece

PARTS = st.lists(
    st.one_of(st.text(max_size=600).map(piece), st.binary(max_size=20), st.binary(min_size=250, max_size=9_000)),
    max_size=9,
)


@pytest.mark.rule("T2")
@given(parts=PARTS)
def test_both_encodings_hold_the_parts_in_steps(parts: list[bytes]) -> None:
    packed, plain = gzipped(parts), identity(parts)
    assert len(packed) % STEP == len(plain) % STEP == 0
    assert gzip.decompress(packed).rstrip(b"\n") == plain.rstrip(b"\n")


@pytest.mark.rule("T2")
def test_a_receipt_is_stored_and_not_compressed() -> None:
    mould = Mould(f"<p>1234 1234 1234</p>{mark('code')}<p>after</p>" + "x" * 500)
    sizes = {len(gzipped(mould.cast({"code": code})).rstrip(b"\0")) for code in ("1234 1234 1234", "8365 0917 5520")}
    assert len(sizes) == 1
    assert b"8365 0917 5520" in gzipped(mould.cast({"code": "8365 0917 5520"}))


@given(before=st.text(), between=st.text(max_size=60), after=st.text(max_size=60))
def test_a_mould_fills_its_gaps_and_changes_nothing_else(before: str, between: str, after: str) -> None:
    page = f"{before}{mark('a')}{between}{mark('b')}{after}"
    if "\ue000" in before + between + after or "\ue001" in before + between + after:
        return
    cast = Mould(page).cast({"a": "{b}", "b": "2"})
    assert gzip.decompress(gzipped(cast)).decode() == f"{before}{{b}}{between}2{after}"
