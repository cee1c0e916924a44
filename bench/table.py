# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures, as a table for people and as JSON for machines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `limit` is what it is held against; a ceiling must not be passed, any other is a best case."""

    name: str
    value: float
    unit: str
    limit: float | None
    is_ceiling: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit if self.limit else None


def show(figures: Sequence[Figure]) -> None:
    table = Table("figure", "value", "unit", "held against", "ratio")
    for figure in figures:
        limit = "" if figure.limit is None else f"{'at most ' if figure.is_ceiling else ''}{figure.limit:,.1f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.0%}"
        table.add_row(figure.name, f"{figure.value:,.1f}", figure.unit, limit, ratio)
    Console().print(table)


def write(figures: Sequence[Figure], path: Path) -> None:
    """`{name: {"value", "unit", "limit", "ratio"}}`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        one.name: {"value": one.value, "unit": one.unit, "limit": one.limit, "ratio": one.ratio} for one in figures
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
