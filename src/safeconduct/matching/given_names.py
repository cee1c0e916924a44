# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which spellings and diminutives are one given name: from `given_names.txt`, by sound."""

from importlib import resources
from typing import Final

from safeconduct.matching.folding import folded
from safeconduct.matching.scripts import plain, romanised
from safeconduct.matching.spelling import respelled


def _rows() -> list[list[str]]:
    text = resources.files("safeconduct.matching").joinpath("given_names.txt").read_text(encoding="utf-8")
    return [row.partition(":")[2].split() for row in text.splitlines() if row and not row.startswith("#")]


def _table() -> tuple[dict[str, frozenset[int]], list[str]]:
    meanings: dict[str, set[int]] = {}
    keys = []
    for number, row in enumerate(_rows()):
        sounds = [folded(romanised(plain(respelled(spelling.casefold()))).replace("-", "")) for spelling in row]
        keys.append(sounds[0])
        for sound in sounds:
            meanings.setdefault(sound, set()).add(number)
    return {sound: frozenset(numbers) for sound, numbers in meanings.items()}, keys


_MEANINGS, KEYS = _table()
NONE: Final[frozenset[int]] = frozenset()


def meanings(sounds: str) -> frozenset[int]:
    """The names (as numbers of rows) that these sounds may stand for: several for Саша, none for a family name."""
    return _MEANINGS.get(sounds, NONE)
