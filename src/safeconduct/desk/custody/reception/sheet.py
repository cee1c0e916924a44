# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sheet as it was typed: up to forty rows, and numbers in a box. Nothing that was typed is dropped, cut or refused here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safeconduct.desk.custody import fields
from safeconduct.vocabulary.reception import Health

ROWS = 40
FIELDS = ("surname", "first_names", "rank", "birth", "service_number", "language")


@dataclass(frozen=True, slots=True)
class Typed:
    """One row. `said` holds what was typed into `FIELDS`; `seen` is the page of details that the row was shown with."""

    number: str
    said: Mapping[str, str] = field(default_factory=dict)
    health: Health | None = None
    is_young: bool = False
    seen: str = ""

    @property
    def has_details(self) -> bool:
        """Whether anything but the number was said. The language alone says nothing of a person."""
        return any(value for name, value in self.said.items() if name != "language")

    @property
    def is_empty(self) -> bool:
        return not (self.number or self.has_details or self.health or self.is_young)


def rows_of(said: Mapping[str, str]) -> list[Typed]:
    """The rows that hold anything, in their order, and one for each line of the box of numbers."""
    rows = [_row(said, place) for place in range(ROWS)]
    numbers = [Typed(number) for number in fields.whole_lines(said, "numbers")]
    return [row for row in rows if not row.is_empty] + numbers


def _row(said: Mapping[str, str], place: int) -> Typed:
    return Typed(
        number=fields.whole_line(said, f"number-{place}"),
        said={name: fields.whole_line(said, f"{name}-{place}") for name in FIELDS},
        health=next((one for one in Health if one.value == said.get(f"health-{place}")), None),
        is_young=said.get(f"minor-{place}") == "yes",
        seen=said.get(f"seen-{place}", ""),
    )
