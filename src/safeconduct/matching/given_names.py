# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which spellings and diminutives are one given name: from `given_names.txt`, by sound."""

from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

from safeconduct.matching import arabic, endings
from safeconduct.matching.folding import folded
from safeconduct.matching.scripts import plain, romanised
from safeconduct.matching.spelling import respelled

NONE: Final[frozenset[int]] = frozenset()
_SERVANT: Final = "abda"
_OF_NEPAL: Final = tuple(map(str.maketrans, ({}, {"x": "s"}, {"v": "b"}, {"x": "s", "v": "b"}, {"b": "v"})))
_WRITTEN: Final = "="  # before letters that are not folded yet


class _Row(NamedTuple):
    """One name. `whose`: the people that has it so, or nothing."""

    whose: str
    spellings: list[str]


def _rows() -> list[_Row]:
    text = resources.files("safeconduct.matching").joinpath("given_names.txt").read_text(encoding="utf-8")
    rows = (row.partition(":") for row in text.splitlines() if row and not row.startswith("#"))
    return [_Row(told.partition(".")[2], spellings.split()) for told, _, spellings in rows]


def _letters(spelling: str) -> str:
    return romanised(plain(respelled(spelling.casefold()))).replace("-", "")


def _sounds(spelling: str) -> str:
    return folded(_letters(spelling))


def _either_way(whose: str, sounds: str) -> set[str]:
    """Nepal writes sh and s, v and b as it comes: Bishal, Vishal, Bisal. Arabs join the article: Almasri, Esserraj."""
    if whose == "ar":
        return {sounds, "al" + sounds, "el" + sounds, "a" + sounds, "e" + sounds}
    return {sounds.translate(ways) for ways in _OF_NEPAL} if whose == "ne" else {sounds}


def _table() -> tuple[dict[tuple[str, bool], frozenset[int]], list[str], frozenset[int]]:
    meanings: dict[tuple[str, bool], set[int]] = {}
    keys = []
    of_arabs = set()
    for number, (whose, spellings) in enumerate(_rows(), start=1):
        keys.append(_sounds(spellings[0]))
        for spelling in spellings:
            vowelled = not arabic.holds(spelling[0])
            for sounds in _either_way(whose, _sounds(spelling)):
                meanings.setdefault((sounds, vowelled), set()).add(number)
            if not vowelled:
                if not whose:
                    of_arabs.add(number)
                meanings.setdefault((_WRITTEN + endings.compound(_letters(spelling)), vowelled), set()).add(number)
    return {sound: frozenset(numbers) for sound, numbers in meanings.items()}, keys, frozenset(of_arabs)


_MEANINGS, _KEYS, _OF_ARABS = _table()
_WHOSE: Final = tuple(row.whose for row in _rows())


def meanings(sounds: str, *, vowelled: bool, letters: str = "") -> frozenset[int]:
    """The names that these sounds may stand for, as numbers: several for Саша, none for a family name.

    عمر is Omar though it sounds like Amr: what was written without vowels is looked up apart, and by its `letters`,
    for عامر and غسان sound like عمر and حسان once they are folded.
    """
    found = _MEANINGS.get((_WRITTEN + letters if letters else sounds, vowelled), NONE)
    if not found and sounds.startswith(_SERVANT):
        bare = sounds.removeprefix(_SERVANT)
        served = _MEANINGS.get((bare, vowelled), NONE)
        if not served:  # Abdelaziz; and Abdelatif, who is the servant of al-Latif
            served = _MEANINGS.get(("a" + bare, vowelled), NONE) | _MEANINGS.get(("la" + bare, vowelled), NONE)
        return frozenset(-number for number in served)
    return found


def key(found: frozenset[int], sounds: str) -> str:
    """The sounds that all spellings of the name are looked up by."""
    number = min(found)
    return _KEYS[number - 1] if number > 0 else sounds


@lru_cache(maxsize=4096)
def spoken_of(found: frozenset[int], peoples: frozenset[str]) -> frozenset[int]:
    """Those of the names that everybody has, or one of these peoples: Min and Mina of Nepal tell nothing of مينة."""
    return frozenset(number for number in found if _WHOSE[abs(number) - 1] in {"", *peoples})


def are_two(ones: frozenset[int], others: frozenset[int]) -> bool:
    """Whether one people has both, or everybody, so that they are told apart on purpose; what is not one name they share."""
    return not _whose(ones).isdisjoint(_whose(others))


def are_of(found: frozenset[int], people: str) -> bool:
    """Whether it is a name of that people alone."""
    return _whose(found) == {people}


def is_everybodys(found: frozenset[int]) -> bool:
    """Whether it is not one people's alone."""
    return "" in _whose(found)


@lru_cache(maxsize=4096)
def _whose(found: frozenset[int]) -> frozenset[str]:
    return frozenset(_WHOSE[abs(number) - 1] for number in found)


def is_arabic(found: frozenset[int]) -> bool:
    """Whether the name is one of those that the table has in Arabic script, or of God's servant."""
    return any(number < 0 or number in _OF_ARABS for number in found)
