# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which weights call for a doctor. The Convention names no figure (arts. 26 and 31); these are ours, and stand here alone.

A review is due after an inspection that shows 5% less than the highest weight of the 45 days before it or than the
inspection before it; 10% less than the highest weight since arrival; or a body mass index under 18.5 when the height is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

MONTH = timedelta(days=45)  # a month and half another, so that an inspection that came late is compared all the same
_OF_A_MONTH, _SINCE_ARRIVAL = 95, 90  # per cent of what it was
_THIN = 185  # tenths of kg/m²


class Loss(Enum):
    """Why a review is due."""

    MONTH = "month"
    ARRIVAL = "arrival"
    THIN = "thin"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One weight."""

    day: date
    grams: int


def losses(weighed: Sequence[Weighed], centimetres: int | None) -> dict[date, tuple[Loss, ...]]:
    """The days whose weight calls for a review, and why. `weighed` may come in any order."""
    line = sorted(weighed, key=lambda one: one.day)
    found = {one.day: _of(one, line[:place], centimetres) for place, one in enumerate(line)}
    return {day: why for day, why in found.items() if why}


def _of(now: Weighed, before: list[Weighed], centimetres: int | None) -> tuple[Loss, ...]:
    lately = [one.grams for one in before if one.day >= now.day - MONTH] + [one.grams for one in before[-1:]]
    why = []
    if lately and now.grams * 100 <= max(lately) * _OF_A_MONTH:
        why.append(Loss.MONTH)
    if before and now.grams * 100 <= max(one.grams for one in before) * _SINCE_ARRIVAL:
        why.append(Loss.ARRIVAL)
    if centimetres and now.grams * 100 < _THIN * centimetres * centimetres:
        why.append(Loss.THIN)
    return tuple(why)
