# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alike two words of names are, in a few steps that weights can be counted for."""

from enum import StrEnum
from typing import Final

from rapidfuzz.distance import JaroWinkler

from safeconduct.matching.names import Word


class Likeness(StrEnum):
    SAME = "same"  # one name, or one sound for sound
    ALIKE = "alike"  # the same consonants and vowels that standards write differently
    STEM = "stem"  # the same but for -ov, -zoda: Раҳмон, Раҳмонов
    NEAR = "near"  # close to the ear
    ENDING = "ending"  # the same but for an -a that makes it a woman's
    VOWELS = "vowels"  # the same consonants, other vowels
    INITIAL = "initial"  # a letter that the other begins with
    DIFFER = "differ"


_NEAR_ENOUGH: Final = 0.88
_NEAR_IF_COARSE: Final = 0.75
_VOWELS_APART_MOST: Final = 0.8
_APART: Final = {
    frozenset(pair): cost
    for pair, cost in {
        "ao": 0.2, "ei": 0.2, "ou": 0.2, "ae": 0.3, "eo": 0.3, "iu": 0.5, "au": 0.5, "oi": 0.7, "eu": 0.5, "ai": 0.8,
    }.items()
}  # fmt: skip
_MISSING: Final = 0.25


def likeness(one: Word, other: Word, *, vowelled: bool = True) -> Likeness:
    if one.sounds == other.sounds:
        return Likeness.SAME
    if one.meanings and other.meanings:
        return Likeness.SAME if one.meanings & other.meanings else Likeness.DIFFER
    if one.initial or other.initial:
        return Likeness.INITIAL if one.coarse[:1] == other.coarse[:1] else Likeness.DIFFER
    if one.fine == other.fine:
        return _same_consonants(one, other) if vowelled else Likeness.ALIKE
    if one.stem == other.stem and len(one.stem) > 1:
        return Likeness.STEM
    return _close(one, other)


def _same_consonants(one: Word, other: Word) -> Likeness:
    if not (one.gendered or other.gendered) and _ends_in_a(one) != _ends_in_a(other) and _consonant_last(one, other):
        return Likeness.ENDING
    return Likeness.ALIKE if _vowels_apart(one.vowels, other.vowels) <= _VOWELS_APART_MOST else Likeness.VOWELS


def _close(one: Word, other: Word) -> Likeness:
    similarity = JaroWinkler.similarity(one.sounds, other.sounds)
    if similarity >= _NEAR_ENOUGH or (one.coarse == other.coarse and similarity >= _NEAR_IF_COARSE):
        return Likeness.NEAR
    return Likeness.DIFFER


def _ends_in_a(word: Word) -> bool:
    return word.sounds.endswith("a")


def _consonant_last(one: Word, other: Word) -> bool:
    return any(word.sounds[-1] not in "aeiou" for word in (one, other))


def _vowels_apart(ones: list[str], others: list[str]) -> float:
    if len(ones) != len(others):
        return 2 * _MISSING
    return sum(_apart(one, other) for one, other in zip(ones, others, strict=True) if one != other)


def _apart(one: str, other: str) -> float:
    return _APART.get(frozenset((one, other)), _MISSING) if one and other else _MISSING
