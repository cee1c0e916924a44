# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the stress of a Ukrainian word lies: espeak-ng would put it on the last syllable but one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.speech import espeak, ukrainian
from safeconduct.speech.prompts import required

Read = espeak._Library


@pytest.fixture(scope="module")
def voice() -> Read:
    library = espeak._library()
    library.samples("", "uk", 135)
    return library


def words_of(text: str) -> list[str]:
    return re.findall(r"[а-яіїєґ]+(?:'[а-яіїєґ]+)*", text.lower().replace("’", "'"))


def test_every_word_of_a_prompt_with_a_choice_has_its_stress() -> None:
    known = {word for row in ukrainian.stresses() for word in row.split()}
    spoken = {word for text in required("uk") for word in words_of(text) if len(re.findall("[аеєиіїоуюя]", word)) > 1}
    assert spoken - known == set(), "add them to speech/vowels/uk.txt, each with its mark"


def test_every_line_of_the_list_has_one_mark_on_a_vowel_of_each_word() -> None:
    rows = [word for row in ukrainian.stresses().values() for word in row.split() if word != "ці"]
    odd = [row for row in rows if not re.fullmatch("[^\u0301]*[аеєиіїоуюя]\u0301[^\u0301]*", row)]
    assert odd == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ви показуєте", "ви [[pok'azujEt[E]]"),
        ("Оператор", "[[opI2R'at[oR]]"),
        ("переговори", "[[pERI2hoB'oRI]]"),
        ("Зв’язок", "[[zBjaz'ok]]"),
        ("не має права", "[[nE]] [[m'ajE]] [[pR'aBa]]"),
        ("і не до них", "[[i:]] [[nE]] [[do]] них"),
        ("ці права", "ці [[pRaB'a]]"),
        ("немає графи.", "[[nEm'ajE]] [[hRaf'I]]."),
        ("будь-яка", "будь [[jak'a]]"),
    ],
)
def test_the_stress_is_moved_in_the_voices_own_sounds(written: str, said: str, voice: Read) -> None:
    assert ukrainian.for_the_voice(written, voice._read) == said


def test_no_word_of_the_list_is_left_to_the_machines_guess(voice: Read) -> None:
    assert [word for word in ukrainian.stresses() if "[[" not in ukrainian.for_the_voice(word, voice._read)] == []


@given(st.text() | st.text(alphabet="оператор показує[]' -,.ʼ\u0301"))
def test_brackets_of_a_writer_are_never_taken_for_sounds(text: str) -> None:
    told = ukrainian.for_the_voice(text, lambda _: "b'a")
    assert re.sub(r"\[\[[^\[\]]*\]\]", "", told).count("[[") == 0
    assert {inside for inside in re.findall(r"\[\[(.*?)\]\]", told) if inside not in {"b'a", "ba"}} == set()
