# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m bench.matching`: recall and precision by language, and speed. `… weights` fits the weights anew."""

import math
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from tests.matching import measuring

from safeconduct.matching.comparing import Comparer, Identity, compare
from safeconduct.matching.names import name_keys, read
from safeconduct.matching.names_alike import NamesAlike, names_alike
from safeconduct.matching.words_alike import Likeness

FIELDS = {
    **{field: [str(level) for level in Likeness] for field in ("best", "worst", "middle", "father")},
    "extra": ["0", "1", "2"],
}
# Pulls weights of what is seldom met towards nothing.
_SHRUNK = 1.0
_STEPS = 60
_Row = tuple[NamesAlike, bool]


def fitted() -> dict[str, dict[str, float]]:
    """log2(m/u) of each likeness, over the candidates of the tuning half, all fields together.

    Counted one by one, what two fields say in common would count twice: where an alphabet changes both words, both are
    alike and neither is the same. No agreement of a father's name speaks against.
    """
    rows = list(_candidates())
    columns = {told: at for at, told in enumerate((field, level) for field in FIELDS for level in FIELDS[field])}
    table = np.zeros((len(rows), len(columns)))
    for at, (alike, _) in enumerate(rows):
        table[at, [columns[told] for told in _told_by(alike)]] = 1
    weights = _regression(table, np.array([same for _, same in rows], dtype=float)) / math.log(2)
    found = {
        field: {level: round(float(weights[columns[field, level]]), 1) + 0.0 for level in FIELDS[field]}
        for field in FIELDS
    }
    found["father"] |= {level: max(found["father"][level], 0.0) for level in ("same", "alike", "near", "heard")}
    return found


def _candidates() -> Iterator[_Row]:
    for pair in measuring.pairs(measuring.TUNING):
        alike = names_alike(read(pair.one), read(pair.other)) if measuring.candidate(pair) else None
        if alike and alike.worst:
            yield alike, pair.same


def _told_by(alike: NamesAlike) -> list[tuple[str, str]]:
    return [(field, str(value)) for field in FIELDS if (value := getattr(alike, field)) is not None]


def _regression(table: NDArray[np.float64], same: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic, shrunk, both classes with the same say; Newton's steps."""
    say = np.where(same == 1, 0.5 / same.mean(), 0.5 / (1 - same).mean())
    weights = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-(table @ weights)))
        slope = table.T @ (say * (share - same)) + _SHRUNK * weights
        bend = (table * (say * share * (1 - share))[:, None]).T @ table + _SHRUNK * np.eye(table.shape[1])
        weights -= np.linalg.solve(bend, slope)
    return weights


def by_language() -> Table:
    table = Table("language", "pairs", "share a token", "recall", "precision")
    for row in measuring.by_language():
        table.add_row(row.language, str(row.pairs), f"{row.found:.3f}", f"{row.recall:.3f}", f"{row.precision:.3f}")
    return table


def speed() -> Table:
    pairs = list(measuring.pairs(measuring.HELD_OUT))
    identities = [(Identity((pair.one,)), Identity((pair.other,))) for pair in pairs]
    one_query = Comparer()
    table = Table("call", "microseconds")
    table.add_row("name_keys", _each(lambda: [name_keys(pair.one, birth_year=1990) for pair in pairs], len(pairs)))
    table.add_row("compare", _each(lambda: [compare(one, other) for one, other in identities], len(pairs)))
    table.add_row("compare, in one query", _each(lambda: [one_query.compare(*pair) for pair in identities], len(pairs)))
    return table


def _each(work: Callable[[], object], calls: int) -> str:
    started = time.perf_counter()
    work()
    return f"{(time.perf_counter() - started) / calls * 1e6:.0f}"


if __name__ == "__main__":
    if sys.argv[1:] == ["weights"]:
        for field, of_levels in fitted().items():
            print(f'    "{field}": {of_levels},')
    else:
        Console().print(by_language(), speed())
