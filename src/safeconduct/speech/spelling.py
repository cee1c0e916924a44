# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a text must be written for espeak-ng to say it right, language by language.

Each line stands for a fault that was heard or seen in its phonemes: it falls into English at a sign that it does not
know, or spells a word. The prompt keeps the hash of the text as people read it.
"""

import re
from collections.abc import Callable, Mapping

from safeconduct.speech import arabic, tajik

_DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
_ONES = ("", "bir", "ikki", "uch", "toʻrt", "besh", "olti", "yetti", "sakkiz", "toʻqqiz")
_TENS = ("", "oʻn", "yigirma", "oʻttiz", "qirq", "ellik", "oltmish", "yetmish", "sakson", "toʻqson")
_MOST_IN_WORDS = 999
_NUMBER = re.compile(r"(?<!\d)\d{2,3}(?!\d)")
_ROMAN_ONE = re.compile(r"(?<!\w)I(?!\w)")  # of Additional Protocol I; in English it is also a person
_PROTOCOL_ONE = re.compile(r"(?<=Protocol )I(?!\w)")


def for_the_voice(text: str, language: str) -> str:
    """The text as espeak-ng should be given it."""
    if language == "tg":
        return tajik.for_the_voice(text)
    said = (_PROTOCOL_ONE if language == "en" else _ROMAN_ONE).sub("1", text)
    mend = _MENDS.get(language)
    return mend(said) if mend is not None else said


def _nepali(text: str) -> str:
    """Western digits are read in English."""
    return text.translate(_DEVANAGARI)


def _hindi(text: str) -> str:
    """The nasal sign of the moon above a vowel at the end of a word is lost; the dot means the same."""
    return text.replace("एँ", "एं")


def _chinese(text: str) -> str:
    """The word for a moment is read as the numbers of its characters; without its last sign it is read as a word."""
    return text.replace("一会儿", "一会")


def _uzbek(text: str) -> str:
    """The letter of the stop makes it spell the word; and it knows no tens."""
    return _NUMBER.sub(lambda match: _in_uzbek(int(match[0])), text.replace("ʼ", "'"))


def _in_uzbek(number: int) -> str:
    hundreds, rest = divmod(min(number, _MOST_IN_WORDS), 100)
    words = [_ONES[hundreds] if hundreds > 1 else "", "yuz" if hundreds else "", _TENS[rest // 10], _ONES[rest % 10]]
    return " ".join(word for word in words if word) or "nol"


_MENDS: Mapping[str, Callable[[str], str]] = {
    "ar": arabic.for_the_voice,
    "ne": _nepali,
    "hi": _hindi,
    "zh-Hans": _chinese,
    "uz-Latn": _uzbek,
}
