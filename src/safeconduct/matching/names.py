# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name in any script as something that can be looked up and compared."""

import re
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from safeconduct.matching import chinese, endings, given_names, han, hangul, korean
from safeconduct.matching.folding import coarse, fine, folded, undoubled
from safeconduct.matching.scripts import plain, romanised
from safeconduct.matching.spelling import respelled
from safeconduct.matching.words import words

LONGEST: Final = 200
_WORDS_MOST: Final = 6
_KEYED_MOST: Final = 4
CONSONANT: Final = re.compile("[bcdfghjklmnprstvxz]")
_INDIAN: Final = re.compile(
    r"[\u0900-\u097f]|bh|\bdh|kumar|singh|bahadur|prasad|sharma|v[ae]rma|gupta|yadav|thapa|ndra\b|nder\b|"
    "бх|дх|кумар|сингх|бахадур|прасад|шарма|ндра"
)
_WADE: Final = re.compile(r"['’ʻʼ`üÜ]|[a-z]-[a-z]", re.IGNORECASE)  # Wade-Giles, even where it looks like pinyin
_INITIALS: Final = frozenset("iu ia sh shch ch kh zh ts".split())
_UNVOWELLED: Final = re.compile(r"[\u0600-\u06ff]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name. `fathers`: it names the father. `meanings`: rows of the table of given names."""

    sounds: str
    fine: str
    stem_sounds: str  # without -ov, -zoda; of a given name, its key
    meanings: frozenset[int]
    fathers: bool = False
    initial: bool = False
    gendered: bool = False  # its ending changes with the person's sex, so the ending tells nothing

    @property
    def stem(self) -> str:
        return undoubled(fine(self.stem_sounds))

    @property
    def coarse(self) -> str:
        return coarse(self.stem_sounds)

    @property
    def vowels(self) -> list[str]:
        return CONSONANT.split(self.sounds)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as read: its words, whether vowels were written, and its East Asian readings where it has them."""

    words: tuple[Word, ...]
    vowelled: bool = True
    indian: bool = False  # its last a comes and goes: Anand, Ananda
    in_korean: korean.Reading | None = None
    in_chinese: chinese.Reading | None = None


def read(name: str) -> Name:
    """Total: any text gives a name, at worst one without words. Only the first 200 characters count."""
    text = plain(name[:LONGEST])
    latin = romanised(_unspaced(plain(respelled(name[:LONGEST].casefold()))))
    vowelled = not _UNVOWELLED.search(text)
    found = [
        word
        for part, is_fathers in words(latin)[:_WORDS_MOST]
        if (word := _word(part, is_fathers=is_fathers, vowelled=vowelled))
    ]
    return Name(
        _nobodys_father(found),
        vowelled=vowelled,
        indian=_INDIAN.search(text) is not None,
        in_korean=korean.read(text),
        in_chinese=chinese.read(text, wade=_WADE.search(name) is not None),
    )


def name_keys(name: str, *, birth_year: int | None = None) -> frozenset[str]:
    """What a name is looked up by: about 3 to 12 keys, each for one token of kind "name".

    Two spellings of one name share at least one; the more they share, the likelier they are one. A year stands only
    beside a word of the name: it gives two marks, of which two years share one when they are at most one apart.
    """
    read_name = read(name)
    eastern = _eastern(read_name)
    words_keyed = _keyed(read_name, enough=2 if eastern else 1)
    bearing = [word for word in words_keyed if not word.fathers] or words_keyed
    keys = set(eastern)
    if not eastern:
        keys |= {"1" + word.stem for word in bearing[:3]}
    for one, other in list(combinations(words_keyed, 2))[:3]:
        keys.add("2" + "+".join(sorted((one.coarse, other.coarse))))
    if birth_year is not None:
        dated = eastern or [word.coarse for word in bearing[:2]]
        keys |= {f"{key}@{mark}" for key in dated for mark in (birth_year, birth_year + 1)}
    return frozenset(keys)


def _keyed(name: Name, *, enough: int) -> list[Word]:
    """The words long enough to tell somebody; a single short one is better than none."""
    long = [word for word in name.words if len(word.stem) > enough]
    return (long or list(name.words) * (enough == 1))[:_KEYED_MOST]


def _eastern(name: Name) -> list[str]:
    keys = ["k" + name.in_korean.key] if name.in_korean else []
    return keys + (["c" + name.in_chinese.key] if name.in_chinese else [])


def _unspaced(text: str) -> str:
    """김 정은 and 王 小明 are cut by their family name, not by their spaces."""
    bare = text.replace(" ", "").replace("·", "")
    if bare and all(hangul.holds(letter) or han.holds(letter) for letter in bare):
        return bare
    return text


def _word(part: str, *, is_fathers: bool, vowelled: bool) -> Word | None:
    part = endings.compound(part)
    sounds = folded(part)
    if not sounds:
        return None
    meanings = given_names.meanings(sounds, vowelled=vowelled)
    if meanings:
        return Word(sounds, fine(sounds), given_names.key(meanings, sounds), meanings, is_fathers)
    if len(part) == 1 or part in _INITIALS:
        return Word(sounds, fine(sounds), sounds, meanings, is_fathers, initial=True)
    name_of_father = endings.father(part)
    if name_of_father:
        return _fathers(folded(name_of_father))
    return _family(part, is_fathers=is_fathers)


def _family(part: str, *, is_fathers: bool) -> Word:
    family = endings.family(part)
    sounds = folded(family)
    stem = folded(endings.stem(family))
    meanings = given_names.meanings(sounds, vowelled=True)
    return Word(sounds, fine(sounds), stem or sounds, meanings, is_fathers, gendered=family != part)


def _fathers(sounds: str) -> Word:
    meanings = given_names.meanings(sounds, vowelled=True)
    key = given_names.key(meanings, sounds) if meanings else sounds
    return Word(sounds, fine(sounds), key, meanings, fathers=True, gendered=True)


def _nobodys_father(found: list[Word]) -> tuple[Word, ...]:
    """Of two words none is taken for the father's: Янукович is a family name, and Асан уулу Үсөн may be Үсөн Асанов."""
    if len(found) > 2:
        return tuple(found)
    return tuple(replace(word, fathers=False) for word in found)
