# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hangul in Latin letters, syllable by syllable, without the changes of sound that every system writes differently."""

from typing import Final

_LEADS: Final = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
_VOWELS: Final = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
_TAILS: Final = " k k k n n n t l k m l l l l l m p p t t ng t t k t p t".split(" ")
_DOUBLE: Final = frozenset({"남궁", "황보", "제갈", "사공", "선우", "독고", "동방", "서문"})
_FIRST, _LAST = 0xAC00, 0xD7A3


def holds(letter: str) -> bool:
    return 0x1100 <= ord(letter) <= 0x11FF or 0x3130 <= ord(letter) <= 0x318F or _FIRST <= ord(letter) <= _LAST


def romanised(word: str) -> str:
    """`김정은` is `gim jeong-eun`: the family name (one syllable; two are rare) apart, syllables joined by hyphens."""
    family = 2 if word[:2] in _DOUBLE else 1
    return (_joined(word[:family]).replace("-", "") + " " + _joined(word[family:])).strip()


def _joined(word: str) -> str:
    return "-".join(_syllable(letter) for letter in word)


def _syllable(letter: str) -> str:
    number = ord(letter) - _FIRST
    if not 0 <= number <= _LAST - _FIRST:
        return letter
    lead, rest = divmod(number, 21 * 28)
    vowel, tail = divmod(rest, 28)
    return _LEADS[lead] + _VOWELS[vowel] + _TAILS[tail]
