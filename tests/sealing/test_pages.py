# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page is signed with the place it was written in: neither can be changed without the other."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing.errors import BadSignature
from safeconduct.sealing.pages import Place, name_of, set_aside, sign, verify
from safeconduct.sealing.signatures import SigningKey

pytestmark = pytest.mark.rule("T6")
HOUSE = SigningKey.generate()
PLACE = Place("custody.pages", 41, b"custody/wish/" + bytes(range(16)), "custody", 1, date(2026, 11, 21))
texts, days = st.text(st.characters(codec="utf-8"), max_size=20), st.dates()
numbers = st.integers(-(2**63), 2**63 - 1)
places = st.builds(Place, texts, numbers, st.binary(max_size=60), texts, numbers, days)


def is_believed(place: Place, body: bytes, signature: bytes) -> bool:
    try:
        verify(place, body, signature, HOUSE.verify_key)
    except BadSignature:
        return False
    return True


@given(place=places, body=st.binary(max_size=300))
def test_what_the_house_wrote_is_believed_in_its_place(place: Place, body: bytes) -> None:
    assert is_believed(place, body, sign(place, body, HOUSE))


@given(place=places, other=places, body=st.binary(max_size=50), data=st.data())
def test_it_is_believed_nowhere_else(place: Place, other: Place, body: bytes, data: st.DataObject) -> None:
    changed: dict[str, Any] = {
        one.name: getattr(other, one.name) for one in fields(Place) if data.draw(st.booleans(), label=one.name)
    }
    moved = replace(place, **changed)
    assert is_believed(moved, body, sign(place, body, HOUSE)) == (moved == place)


@given(body=st.binary(min_size=1, max_size=300), data=st.data())
def test_any_flipped_bit_of_any_bound_field_is_refused(body: bytes, data: st.DataObject) -> None:
    signature = sign(PLACE, body, HOUSE)
    said = {"body": body, "signature": signature, "bound": PLACE.bound, "table": b"custody.pages", "team": b"custody"}
    name = data.draw(st.sampled_from(sorted(said)))
    at = data.draw(st.integers(0, 7 * len(said[name]) - 1))  # the seven lower bits: names stay ASCII
    said[name] = bytes(one ^ (1 << at % 7 if index == at // 7 else 0) for index, one in enumerate(said[name]))
    moved = replace(PLACE, table=said["table"].decode(), team=said["team"].decode(), bound=said["bound"])
    assert not is_believed(moved, said["body"], said["signature"])


def test_another_row_version_or_day_is_refused() -> None:
    signature = sign(PLACE, b"body", HOUSE)
    for moved in (
        replace(PLACE, row=42),
        replace(PLACE, key_version=2),
        replace(PLACE, day=PLACE.day + timedelta(1)),
    ):
        assert not is_believed(moved, b"body", signature)


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), bytes(65)])
def test_a_page_without_its_signature_is_refused(signature: bytes) -> None:
    assert not is_believed(PLACE, b"body", signature)
    assert not is_believed(PLACE, b"body", sign(PLACE, b"body", SigningKey.generate()))


def test_neither_a_name_nor_a_mark_passes_for_a_signature() -> None:
    made = {one(PLACE, b"body", b"", HOUSE) for one in (name_of, set_aside)} | {sign(PLACE, b"body", HOUSE)}
    assert len(made) == 3
    assert sum(is_believed(PLACE, b"body", one) for one in made) == 1
