# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m bench.matching`: recall and precision by language, and speed. `… weights` counts the weights anew."""

import math
import sys
import time
from collections import Counter
from collections.abc import Callable

from rich.console import Console
from rich.table import Table
from tests.matching import measuring

from safeconduct.matching.comparing import Identity, compare, prepared
from safeconduct.matching.names import name_keys, read
from safeconduct.matching.names_alike import NamesAlike, names_alike
from safeconduct.matching.words_alike import Likeness

FIELDS = {
    **{field: [str(level) for level in Likeness] for field in ("best", "worst", "middle", "father")},
    "extra": ["0", "1", "2"],
}
# Added to each count of the smaller side: what was never met weighs nothing, and what was met twice is no law.
ADDED = 0.5


def counted() -> dict[str, dict[str, float]]:
    """log2(m/u) of each likeness, over the candidates of the tuning half."""
    seen: dict[tuple[str, bool], Counter[str]] = {
        (field, same): Counter() for field in FIELDS for same in (True, False)
    }
    for pair in measuring.pairs(measuring.TUNING):
        alike = names_alike(read(pair.one), read(pair.other)) if measuring.candidate(pair) else None
        for field in _told_by(alike) if alike else ():
            value = getattr(alike, field)
            if value is not None:
                seen[field, pair.same][str(value)] += 1
    return {field: _weights(seen[field, True], seen[field, False], levels) for field, levels in FIELDS.items()}


def _told_by(alike: NamesAlike) -> list[str]:
    """The other words are counted only where the worst pair is no reason against: there they decide, and nowhere else."""
    close = alike.worst in (Likeness.SAME, Likeness.ALIKE)
    return [field for field in FIELDS if field in ("best", "worst") or close]


def _weights(same: Counter[str], other: Counter[str], levels: list[str]) -> dict[str, float]:
    added = ADDED / min(same.total(), other.total())

    def share(count: Counter[str], level: str) -> float:
        return count[level] / count.total() + added

    return {level: round(math.log2(share(same, level) / share(other, level)), 1) for level in levels}


def by_language() -> Table:
    table = Table("language", "pairs", "share a token", "recall", "precision")
    for row in measuring.by_language():
        table.add_row(row.language, str(row.pairs), f"{row.found:.3f}", f"{row.recall:.3f}", f"{row.precision:.3f}")
    return table


def speed() -> Table:
    pairs = list(measuring.pairs(measuring.HELD_OUT))
    identities = [(Identity((pair.one,)), Identity((pair.other,))) for pair in pairs]
    ready = [(prepared(one), prepared(other)) for one, other in identities]
    table = Table("call", "microseconds")
    table.add_row("name_keys", _each(lambda: [name_keys(pair.one, birth_year=1990) for pair in pairs], len(pairs)))
    table.add_row("compare", _each(lambda: [compare(one, other) for one, other in identities], len(pairs)))
    table.add_row("compare, prepared", _each(lambda: [compare(one, other) for one, other in ready], len(pairs)))
    return table


def _each(work: Callable[[], object], calls: int) -> str:
    started = time.perf_counter()
    work()
    return f"{(time.perf_counter() - started) / calls * 1e6:.0f}"


if __name__ == "__main__":
    if sys.argv[1:] == ["weights"]:
        for field, of_levels in counted().items():
            print(f'    "{field}": {of_levels},')
    else:
        Console().print(by_language(), speed())
