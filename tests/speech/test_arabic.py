# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arabic is written without short vowels, and espeak-ng does not put them back: our sentences have them beside."""

import re

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.speech import arabic
from safeconduct.speech.wording import parts

SAID = {arabic.plain(text) for name, texts in parts("ar").items() if name != "signs" for text in texts}


def test_no_sentence_with_vowels_is_one_that_nobody_says_any_more() -> None:
    assert set(arabic.sentences()) - SAID == set()


def test_almost_every_sentence_has_its_vowels() -> None:
    without = SAID - set(arabic.sentences())
    assert len(without) < len(SAID) / 20, f"add them to speech/vowels/ar.txt: {sorted(without)}"


def test_a_number_stays_in_its_place() -> None:
    said = arabic.for_the_voice("المواد 49, 50, 52")
    assert re.findall(r"\d+", said) == ["49", "50", "52"]
    assert "مَ" in said


@given(st.text(alphabet="ابتهوينلمسذ ًٌٍَُِّْ.، 0123456789"))
def test_words_of_an_operator_lose_no_number(text: str) -> None:
    assert re.findall(r"\d+", arabic.for_the_voice(text)) == re.findall(r"\d+", text)
