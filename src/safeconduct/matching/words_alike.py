# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alike two words of names are, in a few steps that weights can be counted for."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import JaroWinkler

from safeconduct.matching import english, given_names
from safeconduct.matching.folding import VOWELS, fine, placed, undoubled
from safeconduct.matching.letters import apart
from safeconduct.matching.names import CONSONANT, Word
from safeconduct.matching.ways import PEOPLES, Way


class Likeness(StrEnum):
    SAME = "same"  # one name, or one sound for sound
    ALIKE = "alike"  # the same consonants and vowels that standards write differently
    STEM = "stem"  # the same but for -ov, -zoda: Раҳмон, Раҳмонов
    HEARD = "heard"  # spoken at the same places: what an ear or a foreign script makes of it
    INITIAL = "initial"  # a letter that the other begins with
    SIMILAR = "similar"  # few letters apart
    VOWELS = "vowels"  # the same consonants, other vowels
    ENDING = "ending"  # the same but for an -a that makes it a woman's
    DIFFER = "differ"
    OTHER = "other"  # two given names that are not one


_ARTICLE: Final = re.compile(r"^[ae](?:l|([dnrstzxj])(?=\1))(?=[^aeiouyEO].|...)")  # Elsadig, Attunisi
_MAGHREBI_ARTICLE: Final = re.compile("^l(?=[ae]r?[^aeiouyEO]...)")  # Laroussi, al-Aroussi
_MU: Final = re.compile(
    "^([mtdrsnlj])v(?=[aeE])"
)  # Mu'adh, Muammar: a vowel, where Marwan has none  # Elsadig, Attunisi
_FRENCH_ARTICLE: Final = re.compile("^(?:le|la|du|de)(?=....)")
_KSH: Final = re.compile("k[xs]")  # Kshetri, Chhetri; Laxman, Lachhman
_SIMILAR_ENOUGH: Final = 0.88
_VOWELS_APART_MOST: Final = 0.8
_FRENCH_VOWELS_APART_MOST: Final = 0.6
_LONG_VOWELS_APART_MOST: Final = 0.5  # between two in Arabic script: each is written, or it is another name
_APART: Final = {
    frozenset(pair): cost
    for pair, cost in {
        "ao": 0.2, "ei": 0.2, "ou": 0.2, "ae": 0.3, "eo": 1.0, "iu": 0.5, "au": 0.9, "oi": 0.7, "eu": 0.7, "ai": 1.0,
        "ye": 0.1, "yo": 0.1, "ya": 0.2, "yi": 0.5, "yu": 0.3, "Ea": 0.2, "Ee": 0.2, "Ei": 0.3, "Eo": 0.3, "Oo": 0.1,
        "Oa": 0.2, "Ou": 0.2,
    }.items()
}  # fmt: skip
_MISSING: Final = 0.45
_UNSPOKEN: Final = 0.15  # Devanagari's inherent vowel: Parkash, Prakash
_LONG_VOWEL_MISSING: Final = 0.6
_FIRST_COUNTS: Final = 1.5
_INTERDENTAL: Final = str.maketrans("sz", "td")  # ث and ذ, ظ: Haitham and Хайсам, Kadhim and Казим
_PREFIXES: Final = ("al", "el", "ben", "le", "la", "du", "a")  # as in Alomari beside al-Omari, Benali beside Ben Ali
_SHORT_PREFIXES: Final = ("le", "la", "du", "a")


@lru_cache(maxsize=256)
def _peoples(ways: frozenset[Way]) -> frozenset[str]:
    return frozenset(people for people, way in PEOPLES.items() if way in ways)


@dataclass(frozen=True, slots=True)
class Manner:
    """What the two names' scripts leave open: whether vowels were written, whether a last `a` or a last consonant comes and goes."""

    vowelled: int = 2  # how many of the two were written with their vowels
    ways: frozenset[Way] = frozenset()

    @property
    def indian(self) -> bool:
        return Way.INDIAN in self.ways

    @property
    def peoples(self) -> frozenset[str]:
        """Whose own names are known to be meant, as the table of names calls them."""
        return _peoples(self.ways)

    @property
    def french(self) -> bool:
        return Way.FRENCH in self.ways


@dataclass(frozen=True, slots=True)
class WordsAlike:
    """`letters`: what the letters in which they are apart cost, in bits. `given`: one of them is a known given name."""

    likeness: Likeness
    letters: float
    given: bool = False


WRITTEN_OUT: Final = Manner()
# What stands for no letters, so that it can be set beside what does: an initial, a missing -ov.
_WITHOUT_LETTERS: Final = {Likeness.SAME: 0.0, Likeness.STEM: 1.0, Likeness.INITIAL: 3.0}
LETTERLESS: Final = frozenset(_WITHOUT_LETTERS)


_LIKEST: Final = {level: rank for rank, level in enumerate(Likeness)}


def words_alike(one: Word, other: Word, manner: Manner) -> WordsAlike:
    found = likeness(one, other, manner)
    if Way.SPANISH in manner.ways and (one.spanish or other.spanish):
        found = min(found, likeness(one.spanish or one, other.spanish or other, manner), key=_LIKEST.__getitem__)
    if not spelled_apart(found, manner):
        return WordsAlike(found, _WITHOUT_LETTERS.get(found, 0.0))
    letters = min(apart(left, right, manner.ways) for left, right in forms(one, other, manner.ways))
    return WordsAlike(found, letters, given=bool(one.meanings or other.meanings))


def spelled_apart(found: Likeness, manner: Manner) -> bool:
    """Whether the letters count. Of two given names that are not one they do among Arabs alone, whose spellings are taken for one another."""
    if found is Likeness.OTHER:
        return Way.ARABIC in manner.ways
    return found not in LETTERLESS


def likeness(one: Word, other: Word, manner: Manner = WRITTEN_OUT) -> Likeness:
    ones, others = (given_names.spoken_of(word.meanings, manner.peoples) for word in (one, other))
    if ones & others:
        return Likeness.SAME
    if given_names.are_two(ones, others):
        return Likeness.OTHER
    if Way.ENGLISH in manner.ways and (one.full & other.full or _short_for(one, other) or _short_for(other, one)):
        return Likeness.SAME
    return _by_rule(one, other, manner)


_ENGLISH: Final = frozenset((Way.ENGLISH,))
_SHORT_MOST: Final = 2.0  # bits


def _short_for(one: Word, other: Word) -> bool:
    """Ned and Эдмунд: `other` sounds like a name that `one` is short for, in an alphabet that spells it otherwise."""
    if other.full or other.meanings or len(one.sounds) >= len(other.sounds):
        return False
    return any(apart(sounds, other.sounds, _ENGLISH) <= _SHORT_MOST for sounds in english.sounds_of(one.full))


def forms(one: Word, other: Word, ways: frozenset[Way]) -> set[tuple[str, str]]:
    """The pairs of sounds that the two may be read as. Both by one foreigner, never one by an Englishman and the other by a Frenchman."""
    ones, others = _own_forms(one, ways), _own_forms(other, ways)
    read = {(left, right) for left in ones for right in (*others, *other.foreign)}
    read |= {(left, right) for left in one.foreign for right in others}
    return read | set(zip(one.foreign, other.foreign, strict=False))


def _own_forms(word: Word, ways: frozenset[Way]) -> tuple[str, ...]:
    read = (word.sounds, *word.otherwise, *((word.prefixed,) if word.prefixed else ()))
    if Way.SPANISH in ways:
        read = (*read, *((word.spanish.sounds,) if word.spanish else ()))
        read = (*read, *(sounds.replace("ks", instead) for sounds in read if "ks" in sounds for instead in "xh"))
    if Way.INDIAN in ways and (plain := _KSH.sub("c", word.sounds)) != word.sounds:
        return (*read, plain)
    if Way.FRENCH in ways and (bare := _FRENCH_ARTICLE.sub("", word.sounds)) != word.sounds:
        return (*read, bare)
    if Way.ARABIC in ways and (plain := _MU.sub(r"\1", word.sounds)) != word.sounds:
        read = (*read, plain)
    if Way.ARABIC in ways and (plain := _MAGHREBI_ARTICLE.sub("", word.sounds)) != word.sounds:
        read = (*read, plain)
    if Way.ARABIC in ways and (bare := _ARTICLE.sub("", word.sounds)) != word.sounds:
        return (*read, bare)
    return read


def _by_rule(one: Word, other: Word, manner: Manner) -> Likeness:
    if one.sounds == other.sounds and manner.vowelled != 1 and one.letters == other.letters:
        return Likeness.SAME
    if one.initial or other.initial:
        return Likeness.INITIAL if one.coarse[:1] == other.coarse[:1] else Likeness.DIFFER
    ones, others = (one.fine, other.fine) if manner.vowelled == 2 else (undoubled(one.fine), undoubled(other.fine))
    if manner.indian:  # Bikram and Vikram
        ones, others = ones.replace("v", "b"), others.replace("v", "b")
    return _same_consonants(one, other, manner) if ones == others else _other_consonants(one, other, manner)


def _other_consonants(one: Word, other: Word, manner: Manner) -> Likeness:
    if _same_stem(one, other):
        return Likeness.STEM
    if manner.french and (_silent_apart(one, other) or _silent_apart(other, one)):
        return Likeness.ALIKE
    if _article_apart(one, other) or _article_apart(other, one):
        return Likeness.ALIKE
    return _close(one, other, manner)


def _same_consonants(one: Word, other: Word, manner: Manner) -> Likeness:
    if manner.vowelled == 2 and not manner.indian and _a_more(one, other):
        return Likeness.ENDING
    most = _VOWELS_APART_MOST if manner.vowelled else _LONG_VOWELS_APART_MOST
    most = min(most, _FRENCH_VOWELS_APART_MOST) if manner.french else most
    return Likeness.ALIKE if _vowels_apart(one, other, manner) <= most else Likeness.VOWELS


def _a_more(one: Word, other: Word) -> bool:
    if one.gendered or other.gendered:
        return False
    last = one.sounds[-1] + other.sounds[-1]
    return "a" in last and not all(letter in VOWELS for letter in last)


def _same_stem(one: Word, other: Word) -> bool:
    if one.stem_sounds == one.sounds and other.stem_sounds == other.sounds:
        return False
    if one.stem != other.stem or len(one.stem) < 2 or _ends_open(one.stem_sounds) != _ends_open(other.stem_sounds):
        return False
    return _apart_by_letters(one.stem_sounds, other.stem_sounds) <= 0.5


def _ends_open(sounds: str) -> bool:
    return sounds[-1:] in VOWELS


def _article_apart(one: Word, other: Word) -> bool:
    return any(
        one.sounds.startswith(prefix)
        and len(other.sounds) > 2 + (prefix in _SHORT_PREFIXES)
        and fine(one.sounds.removeprefix(prefix)) == other.fine
        for prefix in _PREFIXES
    )


def _silent_apart(one: Word, other: Word) -> bool:
    """`one` writes at its end what `other` leaves out, as it is not spoken."""
    return (
        len(other.sounds) > 2 and re.fullmatch(r"[tdsxzp]{1,2}|r|ks", one.sounds.removeprefix(other.sounds)) is not None
    )


def _breath_apart(one: Word, other: Word) -> bool:
    """A first h that one language drops: Heredia, Эредиа."""
    return one.sounds.startswith("h") and fine(one.sounds[1:]) == other.fine and other.sounds[0] in VOWELS


def _close(one: Word, other: Word, manner: Manner) -> Likeness:
    if _same_places(one, other, manner) or _breath_apart(one, other) or _breath_apart(other, one):
        return Likeness.HEARD
    similar = JaroWinkler.similarity(one.sounds, other.sounds) >= _SIMILAR_ENOUGH
    return Likeness.SIMILAR if similar else Likeness.DIFFER


def _same_places(one: Word, other: Word, manner: Manner) -> bool:
    if manner.vowelled == 1:
        ones, others = undoubled(one.fine), undoubled(other.fine)
        return undoubled(placed(one.sounds)) == undoubled(placed(other.sounds)) or _interdental(ones, others)
    if _stems_placed(one, other):
        return True
    if placed(one.sounds) != placed(other.sounds) and not _interdental(one.fine, other.fine):
        return False
    return _apart_by_letters(one.sounds, other.sounds) <= _VOWELS_APART_MOST


def _stems_placed(one: Word, other: Word) -> bool:
    """Шарипов and Шарифзода: other endings, and at the end of the stem another sound of the same place."""
    if one.stem_sounds == one.sounds or other.stem_sounds == other.sounds or len(one.stem_sounds) < 4:
        return False
    return one.stem_sounds[:-1] == other.stem_sounds[:-1] and placed(one.stem_sounds) == placed(other.stem_sounds)


def _interdental(one: str, other: str) -> bool:
    return len(one) > 2 and one.translate(_INTERDENTAL) == other.translate(_INTERDENTAL)


def _vowels_apart(one: Word, other: Word, manner: Manner) -> float:
    """Long vowels alone count where a script writes no others; between two such, each of them does."""
    if manner.vowelled == 2:
        return _apart_by_letters(one.sounds, other.sounds, _UNSPOKEN if manner.indian else _MISSING)
    ones, others = one.vowels, other.vowels
    if len(ones) != len(others):
        return _MISSING
    pairs = list(zip(ones[1:], others[1:], strict=True))
    apart = sum(_apart(left, right, 0.0) for left, right in pairs if left and right and left != right)
    lefts, rights = (sum(1 for pair in pairs if pair[side] and not pair[1 - side]) for side in (0, 1))
    return apart + _LONG_VOWEL_MISSING * (lefts + rights if manner.vowelled == 0 else min(lefts, rights))


def _apart_by_letters(one: str, other: str, missing: float = _MISSING) -> float:
    ones, others = CONSONANT.split(one), CONSONANT.split(other)
    if len(ones) != len(others):
        return 2 * _MISSING
    first = _apart(ones[0], others[0], _MISSING) * _FIRST_COUNTS if ones[0] != others[0] else 0.0
    pairs = zip(ones[1:], others[1:], strict=True)
    return first + sum(_apart(left, right, missing) for left, right in pairs if left != right)


def _apart(one: str, other: str, missing: float) -> float:
    return _APART.get(frozenset((one, other)), 0.5) if one and other else missing
