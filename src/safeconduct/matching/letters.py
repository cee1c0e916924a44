# SPDX-License-Identifier: AGPL-3.0-or-later
"""What it costs to write one word for another, letter by letter: learned from how the names of the tuning people are spelled.

The table `letters.txt` is fitted by `python -m bench.matching weights`. A line: an edit, the letters, the way it holds for
(none: for all), and bits. What is common among spellings of one person is cheap; what parts two people is dear.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Final

from rapidfuzz.distance import JaroWinkler

from safeconduct.matching.folding import VOWELS, placed
from safeconduct.matching.ways import Way

FAR: Final = 24.0  # as much as nobody asks for
_NEAR_ENOUGH: Final = 0.55  # below it, strangers: most of what shares a token does so by chance
_CONSONANTS_NEAR_ENOUGH: Final = 0.75
_LEAST: Final = 0.02
_USUAL_LENGTH: Final = 3.0
_VOWEL_COUNTS: Final = 0.4
_PLAIN: Final = "plain"  # of a name that shows no way

Table = dict[str, float]


def _read(text: str) -> Table:
    lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {edit: float(bits) for edit, _, bits in lines}


@lru_cache(maxsize=1)
def learned() -> Table:
    return _read(resources.files("safeconduct.matching").joinpath("letters.txt").read_text(encoding="utf-8"))


def tags(ways: frozenset[Way]) -> tuple[str, ...]:
    return tuple(sorted(ways)) or (_PLAIN,)


def instead(one: str, other: str, *, first: bool) -> str:
    """The edit that writes one letter for another, whichever is whose."""
    letters = one + other if one < other else other + one
    return f"instead {letters}" + (" first" if first else "")


def without(letter: str, at: int, length: int) -> str:
    place = " first" if not at else " last" if at + 1 == length else ""
    return f"without {letter}{place}"


SWAPPED: Final = "swapped"
STRANGERS: Final = "strangers"


def group(letters: str) -> str:
    """Vowels, consonants, or one of each."""
    vowels = [letter in VOWELS for letter in letters]
    return "v" if all(vowels) else "x" if any(vowels) else "c"


@lru_cache(maxsize=20_000)
def of_edit(edit: str, tagged: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of the table whose sum an edit costs: of all letters of its kind, of these letters, and of these in each way."""
    kind, _, rest = edit.partition(" ")
    if not rest:
        return (edit,)
    letters, _, place = rest.partition(" ")
    every = f"{kind} *{group(letters)}"
    lines = (every, f"{kind} {letters}", *(f"{kind} {letters} {tag}" for tag in tagged))
    if not place:
        return lines
    lines = (*lines, f"{every} {place}")
    if kind == "instead":
        return lines
    return (*lines, f"{kind} {letters} {place}", *(f"{kind} {letters} {place} {tag}" for tag in tagged))


@dataclass(slots=True)
class Costs:
    """What each edit costs by a table, in one set of ways; each is added up once."""

    table: Table
    tagged: tuple[str, ...]
    _pairs: dict[tuple[str, str, bool], float] = field(default_factory=dict)
    _edits: dict[str, float] = field(default_factory=dict)

    def of(self, edit: str) -> float:
        if edit not in self._edits:
            total = sum(self.table.get(line, 0.0) for line in of_edit(edit, self.tagged))
            self._edits[edit] = max(total, _LEAST)
        return self._edits[edit]

    def instead(self, one: str, other: str, *, first: bool) -> float:
        asked = (one, other, first)
        if asked not in self._pairs:
            self._pairs[asked] = self.of(instead(one, other, first=first))
        return self._pairs[asked]


@lru_cache(maxsize=256)
def costs(ways: frozenset[Way]) -> Costs:
    return Costs(learned(), tags(ways))


def worth_counting(one: str, other: str, *, unwritten: bool = False) -> bool:
    """`unwritten`: one has no vowels, so that the consonants alone may be near: معوض, Mouawad."""
    if not (one and other):
        return False
    if JaroWinkler.similarity(one, other) >= _NEAR_ENOUGH:
        return True
    return unwritten and JaroWinkler.similarity(placed(one), placed(other)) >= _CONSONANTS_NEAR_ENOUGH


def scale(one: str, other: str) -> float:
    """A letter of a long word tells less than one of a short."""
    longest = max(_length(one), _length(other))
    return float((_USUAL_LENGTH / longest) ** 0.5) if longest else 1.0


def _length(sounds: str) -> float:
    return sum(_VOWEL_COUNTS if letter in VOWELS else 1.0 for letter in sounds)


def apart(one: str, other: str, ways: frozenset[Way]) -> float:
    """Bits, 0 for the same sounds, at most FAR. Of the sounds that `folding` makes; symmetric."""
    if one == other:
        return 0.0
    if not worth_counting(one, other, unwritten=Way.UNWRITTEN in ways):
        return FAR
    factor = scale(one, other)
    return min(_least(one, other, costs(ways), FAR / factor) * factor, FAR)


def _least(one: str, other: str, of_ways: Costs, most: float) -> float:
    """Of all ways to make one of the other; as soon as it is more than `most`, no less than that."""
    ones = [of_ways.of(without(letter, at, len(one))) for at, letter in enumerate(one)]
    others = [of_ways.of(without(letter, at, len(other))) for at, letter in enumerate(other)]
    swapped = of_ways.of(SWAPPED)
    last: list[float] = []
    before: list[float] = []
    row = [0.0]
    for cost in others:
        row.append(row[-1] + cost)
    for at, left in enumerate(one):
        last, before, row = before, row, [row[0] + ones[at]]
        for place, right in enumerate(other):
            if left == right:
                row.append(before[place])
                continue
            cost = before[place] + of_ways.instead(left, right, first=not at and not place)
            cost = min(cost, before[place + 1] + ones[at], row[place] + others[place])
            if at and place and left == other[place - 1] and right == one[at - 1]:
                cost = min(cost, last[place - 1] + swapped)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most
    return row[-1]


def most(bits: float) -> float:
    """What `apart` says, and of words that are too far apart to count the letters of, what that costs."""
    return learned().get(STRANGERS, FAR) if bits >= FAR else bits
