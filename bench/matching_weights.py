# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fits the weights of names and the costs of letters on the tuning half, and measures them on people they were not fitted by."""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tests.matching import measuring
from tests.matching.data import make_pairs, standards
from tests.matching.measuring import Pair

from bench.matching_prior import prior
from safeconduct.matching import comparing, letters, weights, words_alike
from safeconduct.matching.letters import Costs, Table
from safeconduct.matching.names import Word, read
from safeconduct.matching.names_alike import NamesAlike, likest_first, names_alike, side_by_side
from safeconduct.matching.ways import Way
from safeconduct.matching.words_alike import LETTERLESS, Manner, WordsAlike

PEOPLE = make_pairs.HERE / "people"
_ROUNDS = 3  # letters are set side by side by the costs of the round before
_STEPS = 400
_LN2 = math.log(2)
# Pulls what is seldom met towards what was known before, single letters more than kinds of them.
_SHRUNK, _LETTER_SHRUNK = 0.5, 1.0
_OF_LETTERS: Final = ("instead ", "without ", "swapped", "strangers")
# Bits that names of a way are shown the more readily by: what their precision at the threshold leaves over, as `people` measures it.
_TO_SPARE: Final = {
    "arabic": 1.2,
    "english": 0.6,
    "french": 0.2,
    "indian": 1.5,
    "spanish": 1.5,
    "swahili": 0.6,
    "untold": 0.0,
    "plain": -0.7,
}
_Floats = NDArray[np.float64]
_Features = dict[str, float]
_Step = tuple[float, int, int, str]  # what it cost to come here, from where, by which edit


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of names that shares a token, read once. `person` tells whose spellings it is of."""

    language: str
    person: int
    same: bool
    alike: NamesAlike | None
    words: tuple[tuple["_Words", ...], ...] = ()
    tagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    """Two words as the rules say they are alike, and what they may be read as where the letters decide."""

    alike: WordsAlike
    forms: frozenset[tuple[str, str]] = frozenset()


def rows() -> list[Row]:
    return [row for path in sorted(PEOPLE.glob("*.txt")) for row in _rows(path.stem, make_pairs.people(path))]


def _rows(language: str, people: list[tuple[list[str], list[str]]]) -> Iterator[Row]:
    owners: dict[str, int] = {}
    for person, (spellings, _) in enumerate(people):
        standard = [standards.spelled(spellings[0], table) for table in standards.STANDARDS.get(language, [])]
        for name in (*spellings, *standard):
            owners.setdefault(name, person)
    for line in make_pairs.pairs(language, measuring.TUNING, people):
        _, same, one, other = line.rstrip("\n").split("\t")
        yield _row(Pair(language, measuring.TUNING, same == "1", one, other), owners[one])


def _row(pair: Pair, person: int) -> Row:
    one, other = read(pair.one), read(pair.other)
    alike = names_alike(one, other) if measuring.candidate(pair) else None
    if alike is None or not alike.pairs:
        return Row(pair.language, person, pair.same, alike)
    beside = side_by_side(one, other)
    table = tuple(tuple(_words(left, right, beside.manner) for right in beside.more) for left in beside.fewer)
    return Row(pair.language, person, pair.same, alike, table, letters.tags(beside.manner.ways))


def _words(one: Word, other: Word, manner: Manner) -> _Words:
    alike = words_alike.words_alike(one, other, manner)
    counted = words_alike.spelled_apart(alike.likeness, manner)
    return _Words(alike, frozenset(words_alike.forms(one, other, manner.ways)) if counted else frozenset())


class _Aligned:
    """The edits between the words of names by one table of costs, each pair of words once."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._costs: dict[tuple[str, ...], Costs] = {}
        self._known: dict[tuple[frozenset[tuple[str, str]], tuple[str, ...]], tuple[float, _Features]] = {}

    def features(self, row: Row) -> _Features:
        """What `comparing.weight` sums up, by the names that the tables know it by."""
        if row.alike is None:
            return {}
        if not row.words:
            return _told(row.alike)
        edits: dict[int, _Features] = {}
        pairs = likest_first([[self._alike(words, row.tagged, edits) for words in beside] for beside in row.words])
        alike = replace(
            row.alike,
            best=pairs[0].likeness,
            worst=pairs[-1].likeness if len(pairs) > 1 else None,
            middle=pairs[-2].likeness if len(pairs) > 2 else None,
            pairs=pairs,
        )
        found = _told(alike)
        for at, pair in enumerate(pairs):
            last = at + 1 == len(pairs)
            if pair.likeness not in LETTERLESS and (last or pair.letters < letters.FAR):
                for line, times in edits.get(id(pair), {}).items():
                    found[line] = found.get(line, 0.0) - times * (1.0 if last else weights.OTHER_WORDS)
        return found

    def _alike(self, words: _Words, tagged: tuple[str, ...], edits: dict[int, _Features]) -> WordsAlike:
        if not words.forms:
            return words.alike
        asked = (words.forms, tagged)
        if asked not in self._known:
            self._known[asked] = self._least(*asked)
        cost, features = self._known[asked]
        found = replace(words.alike, letters=cost)
        edits[id(found)] = features
        return found

    def _least(self, forms: Iterable[tuple[str, str]], tagged: tuple[str, ...]) -> tuple[float, _Features]:
        best, of_best = letters.FAR, {letters.STRANGERS: 1.0}
        unwritten = Way.UNWRITTEN in tagged
        for one, other in sorted(forms):
            if one != other and not letters.worth_counting(one, other, unwritten=unwritten):
                continue
            costs = self._costs.setdefault(tagged, Costs(self._table, tagged))
            factor = letters.scale(one, other)
            cost, edits = _edits(one, other, costs)
            if cost * factor < best:
                best, of_best = cost * factor, dict[str, float]()
                for line in (line for edit in edits for line in letters.of_edit(edit, tagged)):
                    of_best[line] = of_best.get(line, 0.0) + factor
        return best, of_best


def _told(alike: NamesAlike) -> _Features:
    return {f"{field}: {value}": 1.0 for field, value in comparing.told_by(alike)}


def _edits(one: str, other: str, costs: Costs) -> tuple[float, list[str]]:
    """As `letters.apart` does, and which edits they were."""
    ones = [letters.without(letter, at, len(one)) for at, letter in enumerate(one)]
    others = [letters.without(letter, at, len(other)) for at, letter in enumerate(other)]
    best: list[list[_Step]] = [[(0.0, 0, 0, "")] * (len(other) + 1) for _ in range(len(one) + 1)]
    for at in range(len(one) + 1):
        for place in range(len(other) + 1):
            if at or place:
                best[at][place] = min(_steps((one, other), (at, place), best, (ones, others), costs))
    edits, at, place = list[str](), len(one), len(other)
    while at or place:
        _, at, place, edit = best[at][place]
        edits += [edit] if edit else []
    return best[-1][-1][0], edits


def _steps(
    words: tuple[str, str],
    here: tuple[int, int],
    best: list[list[_Step]],
    without: tuple[list[str], list[str]],
    costs: Costs,
) -> Iterator[_Step]:
    (one, other), (at, place) = words, here
    if at and place:
        left, right = one[at - 1], other[place - 1]
        if left == right:
            yield best[at - 1][place - 1][0], at - 1, place - 1, ""
            return
        edit = letters.instead(left, right, first=at == place == 1)
        yield best[at - 1][place - 1][0] + costs.of(edit), at - 1, place - 1, edit
        if at > 1 and place > 1 and left == other[place - 2] and right == one[at - 2]:
            yield best[at - 2][place - 2][0] + costs.of(letters.SWAPPED), at - 2, place - 2, letters.SWAPPED
    if at:
        edit = without[0][at - 1]
        yield best[at - 1][place][0] + costs.of(edit), at - 1, place, edit
    if place:
        edit = without[1][place - 1]
        yield best[at][place - 1][0] + costs.of(edit), at, place - 1, edit


def fitted(of_rows: Iterable[Row]) -> Table:
    """Bits of everything that names say, letters among it. Each round sets letters side by side by what the last found."""
    counted = [row for row in of_rows if row.alike and row.alike.worst]
    same = np.array([row.same for row in counted], dtype=float)
    found = prior()
    for _ in range(_ROUNDS):
        aligned = _Aligned(found)
        found = _regression([aligned.features(row) for row in counted], same)
    return found


def _regression(features: list[_Features], same: _Floats) -> Table:
    """Logistic, both classes with the same say, shrunk towards the prior; accelerated descent, restarted when it overshoots."""
    lines = sorted({line for told in features for line in told})
    at = {line: number for number, line in enumerate(lines)}
    table = _Sparse(features, at)
    known = prior()
    middle = np.array([known.get(line, 0.0) for line in lines])
    shrunk = np.array([_shrunk(line) for line in lines])
    say = np.where(same == 1, 0.5 / same.mean(), 0.5 / (1 - same).mean())
    bend = table.bend(say) + shrunk
    step = 1 / (1.05 * table.steepest(say, shrunk, bend))
    here = ahead = middle.copy()
    speed = 1.0
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-np.clip(table.sums(ahead), -30, 30)))
        slope = table.back(say * (share - same)) + shrunk * (ahead - middle)
        there = ahead - step * slope / bend
        if (slope * (there - here)).sum() > 0:
            speed = 1.0
        faster = (1 + math.sqrt(1 + 4 * speed * speed)) / 2
        ahead = there + (speed - 1) / faster * (there - here)
        here, speed = there, faster
    return dict(zip(lines, here.tolist(), strict=True))


def _shrunk(line: str) -> float:
    letter = line.startswith(_OF_LETTERS) and "*" not in line
    return _LETTER_SHRUNK if letter else _SHRUNK


class _Sparse:
    """Rows of a few features each."""

    def __init__(self, features: list[_Features], at: dict[str, int]) -> None:
        self._rows = np.array([number for number, told in enumerate(features) for _ in told])
        self._columns = np.array([at[line] for told in features for line in told])
        self._values = np.array([value * _LN2 for told in features for value in told.values()])
        self._shape = (len(features), len(at))

    def sums(self, weights: _Floats) -> _Floats:
        return np.bincount(self._rows, self._values * weights[self._columns], self._shape[0]).astype(np.float64)

    def back(self, slopes: _Floats) -> _Floats:
        return np.bincount(self._columns, self._values * slopes[self._rows], self._shape[1]).astype(np.float64)

    def bend(self, say: _Floats) -> _Floats:
        return np.bincount(self._columns, self._values**2 * say[self._rows], self._shape[1]) / 4

    def steepest(self, say: _Floats, shrunk: _Floats, bend: _Floats) -> float:
        """The largest bend there is when each direction is measured by its own, by the power method."""
        along, size = np.random.default_rng(0).normal(size=self._shape[1]), 1.0
        for _ in range(15):
            turned = self.back(say / 4 * self.sums(along / np.sqrt(bend))) / np.sqrt(bend) + shrunk / bend * along
            size = float(np.linalg.norm(turned))
            along = turned / size
        return size


@dataclass(frozen=True, slots=True)
class Scored:
    same: bool
    found: bool
    score: float


def by_people(of_rows: list[Row], parts: int = 4) -> dict[str, list[Scored]]:
    """Each person scored by weights that were fitted without them."""
    people = sorted({(row.language, row.person) for row in of_rows})
    random.Random(1).shuffle(people)
    part = {person: number % parts for number, person in enumerate(people)}
    scored: dict[str, list[Scored]] = defaultdict(list)
    for left_out in range(parts):
        table = fitted(row for row in of_rows if part[row.language, row.person] != left_out)
        aligned = _Aligned(table)
        for row in of_rows:
            if part[row.language, row.person] == left_out:
                scored[row.language].append(_scored(row, aligned, table))
    return scored


def _scored(row: Row, aligned: _Aligned, table: Table) -> Scored:
    score = sum(table.get(line, 0.0) * value for line, value in aligned.features(row).items())
    return Scored(row.same, row.alike is not None, score if row.alike and row.alike.worst else -math.inf)


def recall_and_precision(scored: Iterable[Scored], threshold: float) -> tuple[float, float]:
    every = list(scored)
    shown = [one.same for one in every if one.found and one.score >= threshold]
    return sum(shown) / sum(one.same for one in every), sum(shown) / max(len(shown), 1)


def threshold(scored: Iterable[Scored], precision: float) -> float:
    """The lowest at which all languages together still have that precision."""
    every = sorted((one for one in scored if one.found), key=lambda one: -one.score)
    best, true = math.inf, 0
    for number, (one, following) in enumerate(pairwise([*every, Scored(same=False, found=False, score=-math.inf)]), 1):
        true += one.same
        if following.score < one.score and true / number >= precision:
            best = one.score
    return best


def of_letters(table: Table) -> Table:
    return {line: bits for line, bits in table.items() if line.startswith(_OF_LETTERS)}


def of_names(table: Table) -> dict[str, dict[str, float]]:
    """As `weights.NAMES` has it. No agreement of a father's name speaks against."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for line, bits in table.items():
        field, _, value = line.partition(": ")
        if value:
            kept = bits if field != "father" or value in ("differ", "other", "vowels", "ending") else max(bits, 0.0)
            spared = _TO_SPARE.get(value, 0.0) if field == "written" else 0.0
            found[field][value] = round(kept + spared, 1) + 0.0
    return dict(found)
