# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tajik is handed to the machine as sounds. Whether a Tajik understands them nobody here can hear; what can be seen is seen here."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.speech import tajik_sounds
from safeconduct.speech.espeak import Espeak
from safeconduct.speech.prompts import required
from safeconduct.speech.tajik import for_the_voice, in_words

ALPHABET = "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя"
SAID = re.compile(r"\[\[(.*?)\]\]")
ONLY_OURS = re.compile(r"""(?:(?:\[\[[abdefghijklmnopqrstuvzQRSXZ8:*/?'"]+\]\]|[.,!?;:])(?: |$))*""")


Read = Callable[..., str]
AS_NAMED = 0


def plain(sounds: str) -> str:
    """A long consonant is told doubled or with its colon; pauses and the slash of a name are not told."""
    told = re.sub(r"[\s_|!/]", "", sounds.replace("8:", "8"))
    return re.sub(r"(dZ|tS|ts|Q\"|.):", r"\1\1", told).replace("dZZ", "dZdZ").replace("tSS", "tStS")


def ours(text: str) -> str:
    return plain("".join(SAID.findall(for_the_voice(text))))


def test_every_sentence_reaches_the_machine_sound_by_sound(phonemes: Read) -> None:
    assert [text for text in required("tg") if plain(phonemes(text, "tg", AS_NAMED)) != ours(text)] == []


@pytest.mark.parametrize("words", ["таҳқирнопазирӣ", "ва", "инсондӯстона ба", "ҳуҷҷатҳои дастҳоятонро ки об"])
def test_a_clause_without_end_is_not_cut_in_a_word(words: str, phonemes: Read) -> None:
    for times in range(20, 120, 7):
        assert plain(phonemes(f"{words} " * times, "tg", AS_NAMED)) == ours(f"{words} " * times)


def test_every_letter_has_a_sound_of_its_own_or_shares_it_rightly() -> None:
    heard = {letter: tajik_sounds.sounds(f"б{letter}б") for letter in ALPHABET}
    alike = {(one, other) for one in ALPHABET for other in ALPHABET if one < other and heard[one] == heard[other]}
    assert alike == {("и", "ӣ"), ("е", "э")}
    assert tajik_sounds.sounds("ер") != tajik_sounds.sounds("эр")


@pytest.mark.parametrize(
    "pair", ["кор кӯр", "кур кӯр", "кар кор", "хол ҳол", "қор кор", "ғор гор", "ҷой чой", "дер дар"]
)
def test_words_that_differ_in_one_letter_are_told_apart(pair: str) -> None:
    one, other = (Espeak().say(word, "tg", rate=8000) for word in pair.split())
    assert one
    assert other
    assert one != other


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("салом", "sa/l'om"),
        ("забони", "za/b'oni"),  # of
        ("тоҷикӣ", "todZik'i"),
        ("дастҳоятонро", "da/sth'oja/tonRo"),  # your, the object
        ("одамон", "oda/m'on"),  # no "our"
        ("касе", "k'a/se"),  # some
        ("намекунем", "n'a/mekunem"),  # not
        ("нашуд", "n'a/Sud"),
        ("нафар", "na/f'a/R"),  # begins like a "not"
        ("хостед", "X'osted"),  # past
        ("истед", "ist'ed"),  # now
        ("шудааст", "Sud'a/a/st"),
        ("ва", "va/"),  # leans
        ("агар", "'a/ga/R"),
        ("барои", "ba/*'oi"),
        ("ёрӣ", "jo*'i"),
        ("муҳаррик", "muha/R:'ik"),
        ("маъно", "ma/?n'o"),
    ],
)
def test_the_stress_lies_on_the_stem(word: str, said: str) -> None:
    assert tajik_sounds.sounds(word) == said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "сифр"), (12, "дувоздаҳ"), (20, "бист"), (21, "бист-у як"), (35, "сӣ-ю панҷ"), (40, "чил"), (126, "сад-у бист-у шаш"),
        (200, "ду сад"), (1000, "ҳазор"), (2026, "ду ҳазор-у бист-у шаш"), (350_000, "се сад-у панҷоҳ ҳазор"),
    ],
)  # fmt: skip
def test_numbers_stand_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1-ро", "якро"),
        ("2-юм, 3-юм, 41-ум", "дуюм, сеюм, чил-у якум"),
        ("соати 9:30", "соати нӯҳ-у сӣ дақиқа"),
        ("10:00", "даҳ"),
        ("+992 93", "нӯҳ нӯҳ ду, нӯҳ се"),
        ("1234 5607", "як ду се чор, панҷ шаш сифр ҳафт"),
        ("007", "сифр сифр ҳафт"),
        ("5%", "панҷ фоиз"),
        ("Протоколи I", "Протоколи якум"),
        ("Telegram", "телеграм"),
        ("Київ", "Киив"),
    ],
)
def test_what_is_no_word_is_put_into_words(written: str, meant: str) -> None:
    assert for_the_voice(written) == for_the_voice(meant)


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyz", "бвгғджзйкқлмнпрстфхҳчҷш"])
def test_letters_are_named_and_no_two_alike(letters: str) -> None:
    said = [for_the_voice(letter) for letter in letters]
    assert len(set(said)) == len(letters)
    assert [one for one in said if "'" not in one] == []
    assert for_the_voice("SMS").split() == [for_the_voice(letter) for letter in "sms"]


@given(st.text() | st.text(alphabet=ALPHABET + "[]'\\/ 0123456789-+:.,"))
def test_nothing_of_a_text_but_our_own_sounds_reaches_the_machine(text: str) -> None:
    assert ONLY_OURS.fullmatch(for_the_voice(text))


def test_in_every_other_language_brackets_are_text(phonemes: Read) -> None:
    Espeak().say("салом", "tg", rate=8000)
    assert phonemes("[[hEl'oU]]", "en").split() == phonemes("hEl'oU", "en").split()
