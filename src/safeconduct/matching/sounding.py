# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far apart two words sound, letter by letter, in the ways of the peoples whose names they show."""

from functools import lru_cache
from math import inf
from typing import Final

from rapidfuzz.distance import JaroWinkler

from safeconduct.matching.folding import VOWELS
from safeconduct.matching.ways import Way

_Costs = dict[str, float]

_VOWEL, _CONSONANT, _SWAPPED = 0.35, 1.0, 0.7
_VOWEL_WEIGHT: Final = 0.4  # of a vowel's share in a word's length
_OTHER_VOWEL: Final = 0.3
_SHORT: Final = 3  # in a word with so few letters a vowel tells more
_SHORT_FACTOR: Final = 2.5


def _pairs(**costs: str) -> _Costs:
    """`c30="ts dz"`: t and s, d and z are 0.30 apart. A single letter: what it costs to leave it out."""
    table = {}
    for cost, pairs in costs.items():
        for pair in pairs.split():
            table["".join(sorted(pair))] = int(cost[1:]) / 100
    return table


_EVERYWHERE: Final = _pairs(
    c10="ou ei ye yo", c15="ao ae ya yu yi iu Ea Ee Ei Oo Oa Ou Ey Oy", c30="ai au sz fv kh gk td vu vo vO", c40="h",
    c50="bp bv fp gh jc cx jx sx jz hk nm", c60="sc cz kc gj", c70="n",
)  # fmt: skip
_OF: Final[dict[Way, _Costs]] = {
    Way.ARABIC: _pairs(
        c05="gj ou", c10="ae ei ts dz Ei Ea vu vo vO va Oa bp kg h zt fv a e i o u y E O", c15="gh cx kh Ou ya", c20="v vi vE ao eo eu", c30="iu io",
    ),
    Way.INDIAN: _pairs(c05="vb sx cx Ou", c10="a jz pf fv ph uv ov Ov Ea e i o ae", c15="kh n", c20="j jc dr"),
    Way.ENGLISH: _pairs(
        c05="sz vu vo vO", c10="gh h ao ei Ei Oo Ou yo yu ae", c15="a e i o u y E O ai au iu Ea eo", c20="tz", c25="cx kc jg ts tf dz", c50="r",
    ),
    Way.FRENCH: _pairs(c05="sz h vu vo", c10="e gj Ei Ee Oo", c15="ei vi ya yi cx u nm", c25="s sx kx kc", c30="a i o y E O ae au ou ai"),
    Way.UNWRITTEN: _pairs(c06="a e i o u"),
    Way.SWAHILI: _pairs(c05="vu i u", c10="vo e o nj", c15="lr ou a ai", c20="h sz kg td dz jy cx fv", c25="sx hk bv pb"),
}  # fmt: skip
_OF[Way.UNTOLD] = {**_OF[Way.FRENCH], **_OF[Way.ENGLISH]}
_AT_THE_END: Final[dict[Way, _Costs]] = {  # what is left out there is hardly heard
    Way.ARABIC: _pairs(c05="h g"),
    Way.INDIAN: _pairs(c05="a", c10="n"),
    Way.ENGLISH: _pairs(c05="e", c40="s"),
    Way.FRENCH: _pairs(c05="e", c10="t d s x z p k"),
    Way.SWAHILI: _pairs(c05="i u", c10="o e a", c20="s"),
}
_AT_THE_END[Way.UNWRITTEN] = {}
_AT_THE_END[Way.UNTOLD] = _AT_THE_END[Way.FRENCH]
_END: Final = 2  # letters
_FIRST_FACTOR: Final = 1.5
_FAR: Final = 0.3
_WORTH_COUNTING: Final = 0.45  # below it, strangers: most of what shares a token does so by chance


@lru_cache(maxsize=64)
def _costs(ways: frozenset[Way]) -> tuple[_Costs, _Costs]:
    """Of two letters, and of one at the end, the least that any of the ways asks."""
    costs, last = dict(_EVERYWHERE), dict[str, float]()
    for way in ways:
        for table, of_way in ((costs, _OF[way]), (last, _AT_THE_END[way])):
            for letters, cost in of_way.items():
                table[letters] = min(cost, table.get(letters, cost))
    return costs, last


def apart(one: str, other: str, ways: frozenset[Way]) -> float:
    """0: they sound the same; 1: no nearer than 0.3, which nobody asks for. Of the sounds that `folding` makes."""
    if one == other:
        return 0.0
    if JaroWinkler.similarity(one, other) < _WORTH_COUNTING:
        return 1.0
    longest = max(_length(one), _length(other))
    return min(_least(one, other, ways, _FAR * longest) / longest, 1.0) if longest else 1.0


def _length(sounds: str) -> float:
    return sum(_VOWEL_WEIGHT if letter in VOWELS else _CONSONANT for letter in sounds)


def _least(one: str, other: str, ways: frozenset[Way], most: float) -> float:
    """Infinite as soon as it is more than `most`."""
    costs, _ = _costs(ways)
    factor = _SHORT_FACTOR if min(len(one), len(other)) <= _SHORT else 1.0
    without_ones, without_others = _left_out(one, ways, factor), _left_out(other, ways, factor)
    last: list[float] = []
    before: list[float] = []
    row = [0.0]
    for cost in without_others:
        row.append(row[-1] + cost)
    for at, left in enumerate(one):
        last, before, row = before, row, [row[0] + without_ones[at]]
        for place, right in enumerate(other):
            instead = _instead(left, right, costs, factor) * (1.0 if at or place else _FIRST_FACTOR)
            cost = min(
                before[place] + instead, before[place + 1] + without_ones[at], row[place] + without_others[place]
            )
            if at and place and left == other[place - 1] and right == one[at - 1]:
                cost = min(cost, last[place - 1] + _SWAPPED)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return inf
    return row[-1]


def _left_out(sounds: str, ways: frozenset[Way], factor: float) -> list[float]:
    """What it costs to leave out each of the letters."""
    costs, last = _costs(ways)
    each = [
        costs.get(letter, _VOWEL) * factor if letter in VOWELS else costs.get(letter, _CONSONANT) for letter in sounds
    ]
    for at in range(max(len(each) - _END, 1), len(each)):
        each[at] = min(each[at], last.get(sounds[at], each[at]))
    return each


def _instead(left: str, right: str, costs: _Costs, factor: float) -> float:
    if left == right:
        return 0.0
    pair = left + right if left < right else right + left
    if left in VOWELS and right in VOWELS:
        return costs.get(pair, _OTHER_VOWEL) * factor
    return costs.get(pair, _CONSONANT)
