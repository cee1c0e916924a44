# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m bench.matching`: recall and precision by language, and speed. `… weights` fits the weights anew, `… people` measures them
on the tuning people, each left out in turn."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.matching import measuring

from bench import matching_weights
from safeconduct.matching import letters
from safeconduct.matching.comparing import Comparer, Identity, compare
from safeconduct.matching.names import name_keys

LETTERS = Path(letters.__file__).with_name("letters.txt")
_HEADER = "# What edits of letters cost, in bits: see letters.py. Written by `python -m bench.matching weights`.\n"
_WORTH_WRITING = 0.05
_PRECISIONS = (0.96, 0.97, 0.98)


def fit() -> str:
    """Writes the costs of letters, and gives the weights of names for `weights.py`."""
    table = matching_weights.fitted(matching_weights.rows())
    lines = [f"{line} {bits:.2f}" for line, bits in sorted(matching_weights.of_letters(table).items())]
    kept = [line for line in lines if abs(float(line.rpartition(" ")[2])) >= _WORTH_WRITING]
    LETTERS.write_text(_HEADER + "\n".join(kept) + "\n", encoding="utf-8")
    return "\n".join(f'    "{field}": {of_values},' for field, of_values in matching_weights.of_names(table).items())


def left_out() -> Table:
    """The tuning people, each measured by weights fitted without them."""
    scored = matching_weights.by_people(matching_weights.rows())
    pooled = [one for of_language in scored.values() for one in of_language]
    table = Table("language", "pairs", "share a token", *(f"recall, precision at {one:.2f}" for one in _PRECISIONS))
    thresholds = [matching_weights.threshold(pooled, precision) for precision in _PRECISIONS]
    for language, of_it in scored.items():
        same = [one for one in of_it if one.same]
        found = sum(one.found for one in same) / len(same)
        reached = (matching_weights.recall_and_precision(of_it, threshold) for threshold in thresholds)
        table.add_row(language, str(len(of_it)), f"{found:.3f}", *(f"{one:.3f} {other:.3f}" for one, other in reached))
    table.add_row("threshold", "", "", *(f"{threshold:.2f}" for threshold in thresholds))
    return table


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
    match sys.argv[1:]:
        case ["weights"]:
            print(fit())
        case ["people"]:
            Console(width=120).print(left_out())
        case _:
            Console().print(by_language(), speed())
