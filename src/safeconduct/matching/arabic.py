# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arabic script (Arabic, Persian, Urdu) in Latin letters. Short vowels are not written, so they are not read."""

import re
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ى": "a", "ة": "a", "ء": "", "ئ": "i", "ؤ": "u", "ع": ""}
    | {"ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ڈ": "d"}
    | {"ذ": "z", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z"}
    | {"غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ک": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ں": "n"}
    | {"ه": "h", "ہ": "h", "ھ": "h", "ۃ": "a", "ۀ": "a", "ے": "e", "ۓ": "e", "َ": "a", "ِ": "i", "ُ": "u", "ّ": "", "ْ": ""}
    | {"ً": "", "ٌ": "", "ٍ": "", "ٰ": "a"}
)

# و and ي are consonants at the start and beside ا, vowels elsewhere.
_W = re.compile(r"^[وۆ]|(?<=[اآ])و|و(?=ا|ي|ی)")
_Y = re.compile(r"^[يیئ]|[يی](?=[اةى])")
_ARTICLE = re.compile(r"^(?:و?ال|لل)(?=...)")
_LAST_BREATH = re.compile(r"(?<=..)[حخ]$")  # as in Farah, where other scripts leave it out
_FIRST_Y = re.compile(r"^[يی](?=[^اويیةى])")
_AFTER_HISS = re.compile(r"(?<=[زجشستدكث])ه(?!$)")  # no sh, zh or th: زهرة
_J = re.compile("j(?=[bcdfgklmnqrstvwz])")  # else it would be read as a vowel
_BETWEEN_TWO = re.compile(r"(?<=(.))ع(?=\1)")  # al-Maamari: the two would be read as one doubled
_FINAL_H = re.compile(r"(?<=.)[هہ]$")


def holds(letter: str) -> bool:
    return "\u0600" <= letter <= "\u06ff" or "\u0750" <= letter <= "\u077f" or "\ufb50" <= letter <= "\ufeff"


def romanised(word: str) -> str:
    """One word; its article stands apart as `al-`, so that it falls with the articles of Latin spellings."""
    if word == "الله":
        return "allah"
    article = _ARTICLE.match(word)
    rest = word[article.end() :] if article else word
    rest = _FINAL_H.sub("a", rest) if not rest.endswith("الله") else rest
    rest = ("ا" + rest[1:]) if rest.startswith("ع") else rest
    rest = _FIRST_Y.sub("يَ", _BETWEEN_TWO.sub("َ", rest))
    rest = _LAST_BREATH.sub("", rest)
    rest = _AFTER_HISS.sub("خ", rest)
    rest = _Y.sub("y", _W.sub("w", rest)).replace("و", "u").replace("ي", "i").replace("ی", "i")
    return ("al-" if article else "") + _J.sub("dzh", rest.translate(_LETTERS))
