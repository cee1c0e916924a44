# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which spellings and diminutives are one given name: from `given_names.txt`, by sound."""

from importlib import resources
from typing import Final

from safeconduct.matching import arabic, endings
from safeconduct.matching.folding import folded
from safeconduct.matching.scripts import plain, romanised
from safeconduct.matching.spelling import respelled

NONE: Final[frozenset[int]] = frozenset()
_SERVANT: Final = "abda"
_WRITTEN: Final = "="  # before letters that are not folded yet


def _rows() -> list[list[str]]:
    text = resources.files("safeconduct.matching").joinpath("given_names.txt").read_text(encoding="utf-8")
    return [row.partition(":")[2].split() for row in text.splitlines() if row and not row.startswith("#")]


def _letters(spelling: str) -> str:
    return romanised(plain(respelled(spelling.casefold()))).replace("-", "")


def _sounds(spelling: str) -> str:
    return folded(_letters(spelling))


def _table() -> tuple[dict[tuple[str, bool], frozenset[int]], list[str], frozenset[int]]:
    meanings: dict[tuple[str, bool], set[int]] = {}
    keys = []
    of_arabs = set()
    for number, row in enumerate(_rows(), start=1):
        keys.append(_sounds(row[0]))
        for spelling in row:
            vowelled = not arabic.holds(spelling[0])
            meanings.setdefault((_sounds(spelling), vowelled), set()).add(number)
            if not vowelled:
                of_arabs.add(number)
                meanings.setdefault((_WRITTEN + endings.compound(_letters(spelling)), vowelled), set()).add(number)
    return {sound: frozenset(numbers) for sound, numbers in meanings.items()}, keys, frozenset(of_arabs)


_MEANINGS, _KEYS, _OF_ARABS = _table()


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


def is_arabic(found: frozenset[int]) -> bool:
    """Whether the name is one of those that the table has in Arabic script, or of God's servant."""
    return any(number < 0 or number in _OF_ARABS for number in found)
