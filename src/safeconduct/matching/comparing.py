# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two identities side by side, field by field, and how likely they are one person's. A person decides (R50)."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from safeconduct.matching import dates, weights
from safeconduct.matching.dates import PartialDate, Precision
from safeconduct.matching.names import Name, read
from safeconduct.matching.names_alike import NamesAlike, names_alike
from safeconduct.matching.service_numbers import service_number
from safeconduct.matching.units import unit
from safeconduct.matching.words_alike import Likeness


class Outcome(StrEnum):
    AGREE = "agree"
    CLOSE = "close"
    DIFFER = "differ"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identity:
    """One claim of who somebody is; several may stand side by side. Names in any order, in every spelling known."""

    names: tuple[str, ...]
    birth: PartialDate | None = None
    unit: str | None = None
    service_number: str | None = None
    language: str | None = None

    def __repr__(self) -> str:
        return "Identity(…)"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An identity whose names have been read: for one that is compared with many."""

    identity: Identity = field(repr=False)
    names: tuple[Name, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the comparison. `weight` in bits: positive speaks for one person, negative against."""

    name: str
    outcome: Outcome
    weight: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows, their sum, and the probability that follows from it for a pair that shares a token."""

    fields: tuple[Field, ...]
    score: float
    probability: float

    @property
    def worth_showing(self) -> bool:
        return self.score >= weights.THRESHOLD


def prepared(identity: Identity) -> Prepared:
    return Prepared(identity, tuple(read(name) for name in identity.names))


def compare(one: Identity | Prepared, other: Identity | Prepared) -> Comparison:
    """Symmetric. The best pair of names counts; a field that either side leaves out has no weight."""
    ones = one if isinstance(one, Prepared) else prepared(one)
    others = other if isinstance(other, Prepared) else prepared(other)
    fields = (
        _names(ones, others),
        _birth(ones.identity.birth, others.identity.birth),
        _exact("unit", _unit(ones.identity), _unit(others.identity)),
        _exact("service_number", _service_number(ones.identity), _service_number(others.identity)),
    )
    score = sum(row.weight for row in fields)
    return Comparison(fields, score, _probability(score))


def _probability(score: float) -> float:
    odds: float = weights.PRIOR_ODDS * 2.0 ** max(min(score, 60.0), -60.0)
    return odds / (1 + odds)


def _names(ones: Prepared, others: Prepared) -> Field:
    rows = [
        Field("name", _outcome(alike), weight(alike))
        for one in ones.names
        for other in others.names
        if (alike := names_alike(one, other))
    ]
    return max(rows, key=lambda row: row.weight, default=Field("name", Outcome.UNKNOWN, 0.0))


def weight(alike: NamesAlike) -> float:
    """The sum of the weights that were counted on the tuning half, see docs/matching.md."""
    table = weights.NAMES
    total = table["best"][alike.best] + table["extra"][str(alike.extra)]
    total += table["worst"][alike.worst] if alike.worst else weights.ONE_WORD_ALONE
    total += table["middle"][alike.middle] if alike.middle else 0.0
    return total + (table["father"][alike.father] if alike.father else 0.0)


def _outcome(alike: NamesAlike) -> Outcome:
    levels = {level for level in (alike.best, alike.worst, alike.middle, alike.father) if level}
    if levels == {Likeness.SAME}:
        return Outcome.AGREE
    return Outcome.DIFFER if Likeness.DIFFER in levels else Outcome.CLOSE


def _birth(one: PartialDate | None, other: PartialDate | None) -> Field:
    outcome = _same_birth(one, other) if one and other else Outcome.UNKNOWN
    return Field("birth", outcome, weights.BIRTH[outcome])


_A_DAY: Final = timedelta(days=1)


def _same_birth(one: PartialDate, other: PartialDate) -> Outcome:
    exact = one.precision is Precision.DAY and other.precision is Precision.DAY
    if exact and one.earliest == other.earliest:
        return Outcome.AGREE
    if one.earliest - _A_DAY <= other.latest and other.earliest - _A_DAY <= one.latest:
        return Outcome.CLOSE
    slip = dates.swapped(one.earliest) == other.earliest or (
        (one.earliest.month, one.earliest.day) == (other.earliest.month, other.earliest.day)
        and abs(one.earliest.year - other.earliest.year) == 1
    )
    return Outcome.CLOSE if slip else Outcome.DIFFER


def _unit(identity: Identity) -> str | None:
    return unit(identity.unit) if identity.unit else None


def _service_number(identity: Identity) -> str | None:
    return service_number(identity.service_number) if identity.service_number else None


def _exact(name: str, one: str | None, other: str | None) -> Field:
    if one is None or other is None:
        return Field(name, Outcome.UNKNOWN, 0.0)
    outcome = Outcome.AGREE if one == other else Outcome.DIFFER
    return Field(name, outcome, weights.EXACT[name][outcome])
