# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody's weights as a line that a page draws. The table beside it says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.desk.custody.medical.sheets import Inspected, kilograms

WIDE, HIGH, MARGIN = 640, 200, 36
_ROOM = 5_000  # grams above and below, so that a steady weight is no cliff


@dataclass(frozen=True, slots=True)
class Point:
    """One weight where it stands on the drawing."""

    x: int
    y: int
    told: Inspected


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing: its points, the line through them, and what its upper and lower edge mean."""

    points: tuple[Point, ...]
    highest: str
    lowest: str

    @property
    def line(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def chart_of(inspections: Sequence[Inspected]) -> Chart | None:
    """None while there is no line to draw."""
    if len(inspections) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    weights = [one.record.grams for one in inspections]
    low, high = min(weights) - _ROOM, max(weights) + _ROOM
    first, days = inspections[0].day, (inspections[-1].day - inspections[0].day).days or 1
    points = tuple(
        Point(
            MARGIN + (WIDE - 2 * MARGIN) * (one.day - first).days // days,
            MARGIN + (HIGH - 2 * MARGIN) * (high - one.record.grams) // (high - low),
            one,
        )
        for one in inspections
    )
    return Chart(points, kilograms(high), kilograms(low))
