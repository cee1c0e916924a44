# SPDX-License-Identifier: AGPL-3.0-or-later
"""Latin letters folded into sounds: one string for what ICAO 9303, BGN/PCGN, ISO 9, GOST and KMU-55 write differently.

The folded word has one letter for each consonant sound (`x` is sh, `c` is ch and ts, `j` is zh and dzh, `h` is also
kh) and one for each run of vowels. From it come two skeletons: `fine` keeps the sounds that no standard confuses,
`coarse` only the place where they are spoken, so that it survives hearing and foreign spelling.
"""

import re
from typing import Final

_PAIRS: Final = {
    "shch": "x", "shh": "x", "sch": "x", "sh": "x", "tsch": "c", "tch": "c", "chh": "c", "ch": "c", "tshch": "c",
    "ts": "c", "tz": "c", "cz": "c", "dzh": "j", "dsch": "j", "dj": "j", "zh": "j", "jh": "j", "kh": "h", "gh": "h",
    "ph": "f", "th": "t", "dh": "d", "bh": "b", "ck": "k", "qu": "k", "ks": "ks", "x": "ks", "q": "k",
    "w": "v", "gn": "gn", "ngh": "n", "ng": "n", "nn": "n", "bb": "b", "dd": "d", "ff": "f", "gg": "g", "kk": "k",
    "ll": "l", "mm": "m", "pp": "p", "rr": "r", "ss": "s", "tt": "t", "vv": "v", "zz": "z", "cc": "k", "wh": "v",
    "dz": "z", "tth": "t", "ddh": "d", "tsh": "c", "ksh": "kx",
}  # fmt: skip
_SOUNDS: Final = re.compile(
    "|".join(sorted(_PAIRS, key=len, reverse=True))
    + "|c(?=[eiy])|c|(?<=[aeiouy])j(?![aeiouy])|[aeiouy]+(?:j(?![aeiouy]))?"
)
_ONLY_LETTERS: Final = re.compile(r"[^a-z]+")
_DOUBLED: Final = re.compile(r"([bcdfghjklmnprstvxz])\1+")
_LAST_H: Final = re.compile(r"(?<=[aeiou])h$")
_NASAL_G: Final = re.compile(r"n(?=[gk])")


def folded(word: str) -> str:
    """Lower-case ASCII in, sounds out; empty when nothing in it is a letter."""
    letters = _ONLY_LETTERS.sub("", word)
    return _DOUBLED.sub(r"\1", _LAST_H.sub("", _SOUNDS.sub(_sound, letters)))


def _sound(match: re.Match[str]) -> str:
    part = match.group()
    if part[0] in "aeiouy":
        return _vowel(part)
    if part == "c":
        after = match.string[match.end() : match.end() + 1]
        return "s" if after in ("e", "i", "y") else "k"
    if part == "j":
        return ""
    return _PAIRS[part]


def _vowel(run: str) -> str:
    """One vowel for a run: `iya`, `ja` and `ia` are a; `ye` is e; `yu` and `iou` are u."""
    if run == "ee":
        return "i"
    if run in ("oo", "ou"):
        return "u"
    for letter in "aueoy":
        if letter in run:
            return "i" if letter == "y" else letter
    return "i"


_VOWELS_INSIDE: Final = re.compile(r"(?<=.)[aeiou]")
_FINE: Final = str.maketrans("gf", "hv")
_COARSE: Final = str.maketrans("bfvdgkhzxcj", "pppt" + "kkk" + "ssss")
_VOICED_LAST: Final = {"d": "t", "b": "p", "z": "s", "j": "x"}


def fine(sounds: str) -> str:
    """Consonants only, and `a` for whatever vowel comes first; г, х and h are one, as are f and v."""
    bare = _VOWELS_INSIDE.sub("", sounds)
    bare = ("a" + bare[1:] if bare[:1] in "aeiou" and bare else bare).translate(_FINE)
    bare = _DOUBLED.sub(r"\1", bare)
    return bare[:-1] + _VOICED_LAST.get(bare[-1], bare[-1]) if bare else ""


def coarse(sounds: str) -> str:
    """Lips, teeth, throat, hiss, and l m n r: eight letters and the first vowel."""
    return _DOUBLED.sub(r"\1", fine(sounds).translate(_COARSE))
