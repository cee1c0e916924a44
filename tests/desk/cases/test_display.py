# SPDX-License-Identifier: AGPL-3.0-or-later
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.desk.cases.display import exact, is_plain, pieces

TRICKS = "".join(map(chr, (0, 7, 8, 0x1B, 0x7F, 0x85, 0xAD, 0x200B, 0x200E, 0x202E, 0x2066, 0x2069, 0x2028, 0xFEFF)))


@pytest.mark.rule("T8")
@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(TRICKS))))
def test_every_character_comes_back(text: str) -> None:
    assert "".join(piece.raw for piece in pieces(text)) == text
    assert json.loads(exact(text)) == text
    assert exact(text).isascii()


@pytest.mark.rule("T8")
@given(st.text(st.sampled_from(TRICKS + "aя한")))
def test_what_a_reader_would_not_see_is_marked(text: str) -> None:
    shown = "".join(piece.mark or piece.raw for piece in pieces(text))
    assert not set(shown) & set(TRICKS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a⟦NUL⟧b"),
        ("\u202eабв\u202c", "⟦RLO⟧абв⟦PDF⟧"),
        ("при\u200b\u200b\u200bвет", "при⟦ZWSP×3⟧вет"),
        ("a\u200db", "a⟦ZWJ⟧b"),
        ("\ufeffда", "⟦BOM⟧да"),
        ("\u3164", "⟦U+3164⟧"),
        ("\U000e0041", "⟦U+E0041⟧"),
    ],
)
def test_tricks_are_shown_by_the_names_that_people_know(text: str, shown: str) -> None:
    assert "".join(piece.mark or piece.raw for piece in pieces(text)) == shown


@pytest.mark.parametrize(
    "text", ["क्\u200dष", "می\u200cخواهم", "👨\u200d👩\u200d👧 ❤\ufe0f", "한국말", "строка\n\tдва", "ا\u0600"]
)
def test_what_a_script_needs_to_be_spelt_right_is_left_alone(text: str) -> None:
    assert is_plain(text)
