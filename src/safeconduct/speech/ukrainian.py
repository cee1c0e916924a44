# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ukrainian for espeak-ng: where the stress lies.

It guesses, and knows no mark for it: a word of our list is given back to it in its own sounds, with the stress moved. Words that
the list does not have stay as they are written.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from safeconduct.speech.breaths import with_breaths

_STRESS = "\u0301"
_VOWELS = "аеєиіїоуюя"
_SOUND_OF_A_VOWEL = re.compile("[aeiouEI@][2:]?")
_STRESSED_E, _STRESSED_Y = "E", "I"
_LEFT_OUT = str.maketrans({_STRESS: "", "[": " ", "]": " "})  # brackets are for our sounds
_LEANING = frozenset(
    ["не", "ні", "на", "за", "до", "по", "від", "із", "зі", "і", "та", "а", "у", "чи"]
)  # no stress of their own
_APOSTROPHES = re.compile("(?<=\\w)[\u02bc\u2019](?=\\w)")
_SPELLED = re.compile("(?<=зв)'[яюєї]", re.IGNORECASE)  # behind these two it spells
_APART = {"'я": "йа", "'ю": "йу", "'є": "йе", "'ї": "йі"}
_WORD = r"[^\W\d_]+(?:'[^\W\d_]+)*"


def for_the_voice(text: str, read: Callable[[str], str]) -> str:
    """The text with its known words in sounds. `read` gives the sounds that the voice takes a word for."""
    plain = _APOSTROPHES.sub("'", text.translate(_LEFT_OUT))
    joined = re.sub(r"(?<=\w)-(?=\w)", " ", plain)
    return with_breaths(_pattern().sub(lambda found: _said(found[0], read), joined))


@cache
def stresses() -> Mapping[str, str]:
    """Words, or several in a row, in small letters -> the same with its stress."""
    lines = files(__package__).joinpath("vowels", "uk.txt").read_text(encoding="utf-8").splitlines()
    return {line.replace(_STRESS, ""): line for line in lines if line and not line.startswith("#")}


@cache
def _pattern() -> re.Pattern[str]:
    rows = [rf"(?<!\w){re.escape(known)}(?!\w)" for known in stresses() if " " in known]
    return re.compile("|".join((*rows, _WORD)), re.IGNORECASE)


def _said(written: str, read: Callable[[str], str]) -> str:
    known = stresses().get(written.lower())
    if known is None and written.lower() in _LEANING:
        return f"[[{_without_stress(read(written))}]]"
    if known is None:
        return _readable(written)
    return " ".join(_moved(word, read(_readable(word))) or _readable(word) for word in known.split())


def _readable(word: str) -> str:
    return _SPELLED.sub(lambda found: _APART[found[0].lower()], word.replace(_STRESS, ""))


def _moved(word: str, sounds: str) -> str:
    """In sounds, with the stress where the word has its mark; empty when these are not the sounds of its letters."""
    letters = [at for at, letter in enumerate(word.replace(_STRESS, "")) if letter in _VOWELS]
    bare = _without_stress(sounds)
    vowels = list(_SOUND_OF_A_VOWEL.finditer(bare))
    at = word.find(_STRESS)
    if at < 0 or len(vowels) != len(letters):
        return ""
    stressed = vowels[letters.index(at - 1)]
    sound = {"е": _STRESSED_E, "є": _STRESSED_E, "и": _STRESSED_Y}.get(word[at - 1], stressed[0])
    return f"[[{bare[: stressed.start()]}'{sound}{bare[stressed.end() :]}]]"


def _without_stress(sounds: str) -> str:
    return re.sub("[',_ ]", "", sounds)
