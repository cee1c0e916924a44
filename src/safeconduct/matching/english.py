# SPDX-License-Identifier: AGPL-3.0-or-later
"""English given names by sound, and the names that each is short for: Bill is William, Ted is Theodore or Edward."""

from functools import lru_cache
from typing import Final

import nicknames

from safeconduct.matching.folding import folded
from safeconduct.matching.spelling import respelled_english

_SHORTEST: Final = 3
NONE: Final[frozenset[str]] = frozenset()


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, frozenset[str]]:
    """Of each sound, the full names it may stand for, the name itself among them."""
    full: dict[str, set[str]] = {}
    for triplet in nicknames.name_triplets():
        full.setdefault(triplet.name2, {triplet.name2}).add(triplet.name1)
        full.setdefault(triplet.name1, {triplet.name1})
    sounds: dict[str, set[str]] = {}
    for name, meant in full.items():
        if len(name) >= _SHORTEST and name.isascii():
            sounds.setdefault(_sounds(name), set()).update(meant)
    return {sound: frozenset(meant) for sound, meant in sounds.items()}


def full_names(sounds: str) -> frozenset[str]:
    return _by_sound().get(sounds, NONE)


def knows(sounds: str) -> bool:
    return sounds in _by_sound()


def sounds_of(names: frozenset[str]) -> list[str]:
    return [_sounds(name) for name in names]


@lru_cache(maxsize=4096)
def _sounds(name: str) -> str:
    return folded(respelled_english(name))
