# SPDX-License-Identifier: AGPL-3.0-or-later
"""Latin letters folded into sounds: one string for what ICAO 9303, BGN/PCGN, ISO 9, GOST and KMU-55 write differently.

The folded word has one letter for each consonant sound (`x` is sh, `c` is ch and ts, `j` is zh and dzh, `h` is also
kh) and one for each run of vowels. From it come two skeletons: `fine` keeps the sounds that no standard confuses,
`coarse` only the place where they are spoken, so that it survives hearing and foreign spelling.
"""

import re
from typing import Final

_PAIRS: Final = {
    "shch": "x", "shh": "x", "sch": "x", "sh": "x", "tsch": "c", "tch": "c", "chtch": "x", "shtsh": "x", "shtch": "x", "chh": "c", "ch": "c", "tshch": "c",
    "ts": "c", "tz": "c", "tzh": "tj", "zgh": "zg", "ssh": "x", "cz": "c", "dzh": "j", "dge": "je", "dgi": "ji", "dsch": "j", "dj": "j", "zh": "j", "jh": "j", "kh": "h", "gh": "h",
    "ph": "f", "th": "t", "dh": "d", "bh": "b", "ck": "k", "ks": "ks", "x": "ks", "q": "k",
    "w": "v", "gn": "gn", "ngh": "n", "nggh": "n", "ngg": "n", "ng": "n", "nn": "n", "bb": "b", "dd": "d", "ff": "f", "gg": "g", "kk": "k",
    "ll": "l", "mm": "m", "pp": "p", "rr": "r", "ss": "s", "tt": "t", "vv": "v", "zz": "z", "cc": "k",
    "dz": "z", "tth": "t", "ddh": "d", "tsh": "c", "ksh": "kx",
}  # fmt: skip
# After the pairs: u or w that a vowel follows is a consonant (Muamba, Kwassi); av, aw and au before one are a diphthong.
_SOUNDS: Final = re.compile(
    "|".join(sorted(_PAIRS, key=len, reverse=True))
    + "|c|(?:(?<=[bcdfghklmnprstvz])[iy])?o?u(?=[aeo])|(?<=[lzct])j(?=u)"
    + "|(?:(?!o?u[iy]?[aeo])[aeiouy])+(?:w(?![aeiouy])|(?<=[eiy])j$)?|(?<=a)v(?=[bcdfgklmnprstz])"
)
VOWELS: Final = "aeiouyEO"
_ONLY_LETTERS: Final = re.compile(r"[^a-z]+")
_LABIAL_VELAR: Final = re.compile("^(?:gb|kp)(?=[aeiou])")  # one sound, which other peoples hear as b or p
_SILENT_U: Final = re.compile(r"(?<=[gq])u(?=[eiy])")
_DOUBLED: Final = re.compile(r"([bcdfghjklmnprstvxz])\1+")
_LAST_H: Final = re.compile(r"(?<=[aeiouyEO])h$")
_HUSHED_O: Final = re.compile("(?<=[cxj])o")  # Чорний, Чёрный, Черный
_AFTER_W: Final = ("a", "e", "o")
_RUNS: Final = dict.fromkeys(("ai", "ay", "ei", "ey"), "E") | {
    "aai": "E", "aay": "E", "aye": "E", "ayyi": "E", "ayye": "E", "aee": "E", "aie": "E", "aii": "E", "aiy": "E", "ayi": "E", "yau": "O", "iau": "O", "aei": "E", "ioio": "y", "iyo": "y", "aou": "O", "ee": "i", "oo": "u", "ou": "u", "eu": "u", "yo": "y", "io": "y", "au": "O", "ao": "O", "aw": "O", "ow": "O",
}  # fmt: skip


def folded(word: str) -> str:
    """Lower-case ASCII in, sounds out; empty when nothing in it is a letter."""
    letters = _LABIAL_VELAR.sub(_labial, _SILENT_U.sub("", _ONLY_LETTERS.sub("", word)))
    sounds = _SOUNDS.sub(_sound, letters)
    return _HUSHED_O.sub("y", _DOUBLED.sub(r"\1", _LAST_H.sub("", sounds)).replace("aO", "O"))


def _labial(match: re.Match[str]) -> str:
    return match.group()[1]


def _sound(match: re.Match[str]) -> str:
    part = match.group()
    if pair := _PAIRS.get(part):
        return pair
    if part == "c":
        return _c(match)
    if part == "v":
        return "O"
    if part == "j":
        return ""
    if "u" in part and match.string[match.end() : match.end() + 1] in _AFTER_W:
        return "v"
    return _vowel(part)


def _c(match: re.Match[str]) -> str:
    after = match.string[match.end() : match.end() + 1]
    if not after:
        return "c" if match.string.endswith("ec") else "k"
    return "s" if after in "eiy" else "k"


def _vowel(run: str) -> str:
    """One letter for a run of vowels: `iya` is a, `ye` e, `yu` and `iou` u. E is ai or ei, O is au, y is yo: ё."""
    if found := _RUNS.get(run):
        return found
    return next((letter for letter in "aueo" if letter in run), "i")


_VOWELS_INSIDE: Final = re.compile(r"(?<=.)[aeiouyEO]")
_FINE: Final = str.maketrans("gf", "hv")
_COARSE: Final = str.maketrans("bfvdgkhzxcj", "pppt" + "kkk" + "ssss")
_VOICED_LAST: Final = {"d": "t", "b": "p", "z": "s", "j": "x"}


def fine(sounds: str) -> str:
    """Consonants only, and `a` for whatever vowel comes first; г, х and h are one, as are f and v."""
    bare = _VOWELS_INSIDE.sub("", sounds)
    bare = ("a" + bare[1:] if bare[:1] in VOWELS and bare else bare).translate(_FINE)
    return bare[:-1] + _VOICED_LAST.get(sounds[-1], bare[-1]) if bare else ""


def undoubled(skeleton: str) -> str:
    """Consonants that only a vowel parted are one: a script without vowels, or a careless ear, joins them."""
    return _DOUBLED.sub(r"\1", skeleton)


def coarse(sounds: str) -> str:
    """Lips, teeth, throat, hiss, and l m n r: eight letters and the first vowel."""
    return undoubled(placed(sounds))


def placed(sounds: str) -> str:
    """The same, with every consonant that is spoken."""
    return fine(sounds).translate(_COARSE)
