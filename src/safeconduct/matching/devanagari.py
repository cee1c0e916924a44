# SPDX-License-Identifier: AGPL-3.0-or-later
"""Devanagari (Nepali, Hindi) in Latin letters, the unspoken last vowel left out as people write their names."""

import re
from typing import Final

_CONSONANTS: Final = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
        "k kh g gh ng ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l v sh sh s h l".split(" "),
        strict=True,
    )
)
_VOWELS: Final = dict(zip("अआइईउऊऋएऐओऔऑऍ", "a a i i u u ri e ai o au o e".split(" "), strict=True))
_SIGNS: Final = dict(zip("ािीुूृेैोौॉॅ", "a i i u u ri e ai o au o e".split(" "), strict=True))
_OTHERS: Final = {"ं": "n", "ँ": "n", "ः": "h", "।": "", "ॐ": "om", "ऽ": ""}
_VIRAMA, _NUKTA = "्", "़"
_NUKTA_READS: Final = {"j": "z", "ph": "f", "k": "q", "kh": "kh", "g": "gh", "d": "r", "dh": "rh"}
_UNSPOKEN = re.compile(r"(?<=[aeiou])([kgcjtdnpbmyrlvshz]h?h?|ng)a$")
_J = re.compile(r"j(?=[bcdfgklmnrstvxz])|j$")  # else it would be read as a vowel
_LABIAL_NASAL = re.compile(r"n(?=[pbm])")


_SECOND: Final = re.compile("(?<=..)(?:(?<!वि)(?<!बि)राज|बहादुर|प्रसाद|कुमारी?|नारायण|चन्द्र|माया|मगर)$")


def holds(letter: str) -> bool:
    return "\u0900" <= letter <= "\u097f"


def romanised(word: str) -> str:
    """Words that are written now as one, now as two, always as two: मनबहादुर, मन बहादुर."""
    return " ".join(_romanised(part) for part in _SECOND.sub(r" \g<0>", word).split())


def _romanised(word: str) -> str:
    """The inherent `a` is spoken inside a word and after a cluster (चन्द्र, chandra), not after one last consonant."""
    word = word.replace("ज्ञ", "ग्य").replace("सिंह", "सिङ")
    word = word[:-1] + "ओ" if word.endswith("ाव") else word
    read: list[str] = []
    open_a = False
    for letter in word:
        if letter == _NUKTA and read:
            read[-1] = _NUKTA_READS.get(read[-1], read[-1])
            continue
        if letter in _SIGNS or letter == _VIRAMA:
            read.append(_SIGNS.get(letter, ""))
            open_a = False
            continue
        if open_a:
            read.append("a")
        open_a = letter in _CONSONANTS and letter != "ङ"
        read.append(_CONSONANTS.get(letter) or _VOWELS.get(letter) or _OTHERS.get(letter, letter))
    if open_a:
        read.append("a")
    return _J.sub("dzh", _ended("".join(read), open_a=open_a))


def _ended(read: str, *, open_a: bool) -> str:
    if open_a:
        return _UNSPOKEN.sub(r"\1", _LABIAL_NASAL.sub("m", read))
    return _LABIAL_NASAL.sub("m", read)
