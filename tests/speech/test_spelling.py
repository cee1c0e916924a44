# SPDX-License-Identifier: AGPL-3.0-or-later
"""What espeak-ng makes of our texts, seen in its phonemes: where it falls into English, a person would hear nonsense."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.speech.espeak import VOICES
from safeconduct.speech.prompts import required
from safeconduct.speech.spelling import for_the_voice


@pytest.mark.parametrize("tag", sorted(set(VOICES) - {"en"}))
def test_no_prompt_falls_into_english(tag: str, phonemes: Callable[..., str]) -> None:
    sentences = [text for text in required(tag) if len(text) > 1]
    assert [text for text in sentences if "(en)" in phonemes(text, tag)] == []


@pytest.mark.parametrize("tag", sorted(set(VOICES) - {"en"}))
def test_no_number_is_read_digit_by_digit_or_in_english(tag: str, phonemes: Callable[..., str]) -> None:
    tens = {str(number): phonemes(str(number), tag) for number in (10, 11, 20, 21, 30, 60)}
    digits = {digit: phonemes(digit, tag) for digit in "0123456789"}
    assert [number for number, said in tens.items() if "(en)" in said] == []
    assert tens["10"] != f"{digits['1']} {digits['0']}"
    assert [number for number, said in tens.items() if number.endswith("0") and said.endswith(digits["0"])] == []


@pytest.mark.parametrize(
    ("number", "words"),
    [("10", "oʻn"), ("21", "yigirma bir"), ("60", "oltmish"), ("126", "yuz yigirma olti"), ("200", "ikki yuz")],
)
def test_uzbek_numbers_stand_in_words(number: str, words: str) -> None:
    assert for_the_voice(f"{number}-modda", "uz-Latn") == f"{words}-modda"


def test_the_first_protocol_is_not_a_person() -> None:
    assert for_the_voice("Article 41 of Additional Protocol I", "en").endswith("Protocol 1")
    assert for_the_voice("I am with you.", "en") == "I am with you."


@given(st.text(), st.sampled_from(sorted(VOICES)))
def test_any_text_can_be_spelled(text: str, language: str) -> None:
    assert isinstance(for_the_voice(text, language), str)
