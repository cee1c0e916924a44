# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real voice. What it says cannot be judged here, only that it speaks, how long and how loud."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from safeconduct.dialogue.scripts import hotline
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.speech import espeak, sounding
from safeconduct.speech.espeak import Espeak
from safeconduct.speech.prompts import RATES

SPOKEN = [tag for tag in AVAILABLE if Espeak().speaks(tag)]


def heard(text: str, language: str, rate: int = 8000) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return sounding.of_pcm(Espeak().say(text, language, rate=rate) or b"")


@pytest.mark.parametrize("tag", SPOKEN)
@pytest.mark.parametrize("rate", RATES)
def test_each_digit_is_spoken_by_itself_loud_enough_and_not_too_loud(tag: str, rate: int) -> None:
    for digit in "0123456789":
        samples = heard(digit, tag, rate)
        assert 0.35 < len(samples) / rate < 2.0, digit
        assert np.abs(samples).max() <= 0.9, digit
        assert sounding.loudness(samples, rate) == pytest.approx(sounding.LOUDNESS, abs=0.5 if rate == 8000 else 3), (
            digit
        )


@pytest.mark.parametrize("tag", SPOKEN)
def test_no_two_digits_sound_alike(tag: str) -> None:
    assert len({heard(digit, tag).tobytes() for digit in "0123456789"}) == 10


@pytest.mark.parametrize("tag", SPOKEN)
def test_a_sentence_is_spoken_slowly(tag: str) -> None:
    sentence = texts(tag).say(hotline()["message_careful"])
    seconds = len(heard(sentence, tag)) / 8000
    assert 3.5 < seconds < 16


def test_every_language_is_spoken() -> None:
    assert list(AVAILABLE) == SPOKEN


def test_a_language_without_a_voice_gets_none() -> None:
    assert Espeak().say("Tere.", "et", rate=8000) is None


@pytest.mark.parametrize("text", ["", "   ", "\0", "…", "\U0001f642\u200d", "<speak>", "[[hEl'oU]]", "\ud800"])
def test_whatever_is_written_gives_sound_or_nothing(text: str) -> None:
    said = Espeak().say(text, "en", rate=8000)
    assert said is None or len(said) > 1000


def test_a_very_long_text_is_bounded() -> None:
    short, endless = (heard("one two three. " * times, "en") for times in (20, 20_000))
    assert len(endless) < len(short) * espeak.LONGEST / 300 * 1.1


def test_many_speak_at_once_and_each_says_its_own() -> None:
    """No two utterances are alike to the bit, so they are told apart by how long they last."""
    alone = {tag: len(heard("123456", tag)) for tag in SPOKEN}
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda tag: (tag, len(heard("123456", tag))), SPOKEN * 6))
    assert [(tag, length) for tag, length in together if length != pytest.approx(alone[tag], rel=0.02)] == []


@pytest.mark.rule("T3")
def test_words_of_an_operator_touch_no_file(tmp_path: Path) -> None:
    watched = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(args) if event == "open" and said else None)
said = False
from safeconduct.speech.espeak import Espeak
voice = Espeak(); voice.say("first", "en", rate=8000); said = True
assert voice.say("The bridge at seven.", "en", rate=8000)
said = False
assert opened == [], opened
"""
    before = set(tmp_path.iterdir())
    done = subprocess.run([sys.executable, "-c", watched], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert set(tmp_path.iterdir()) == before
