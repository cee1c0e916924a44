# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two identities side by side, field by field, and how likely they are one person's. A person decides (R50)."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from safeconduct.matching import dates, letters, weights
from safeconduct.matching.dates import PartialDate, Precision
from safeconduct.matching.names import Name, read
from safeconduct.matching.names_alike import NamesAlike, names_alike
from safeconduct.matching.service_numbers import service_number
from safeconduct.matching.units import unit
from safeconduct.matching.words_alike import LETTERLESS, Likeness, WordsAlike


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


@dataclass(slots=True, repr=False)
class Comparer:
    """Compares with many, and reads each name and each pair of names once. It holds names: let it live as long as a query."""

    _read: dict[str, Name] = field(default_factory=dict)
    _pairs: dict[tuple[str, str], Field | None] = field(default_factory=dict)

    def compare(self, one: Identity, other: Identity) -> Comparison:
        """Symmetric. The best pair of names counts; a field that either side leaves out has no weight."""
        fields = (
            self._names(one, other),
            _birth(one.birth, other.birth),
            _exact("unit", _unit(one), _unit(other)),
            _exact("service_number", _service_number(one), _service_number(other)),
        )
        score = sum(row.weight for row in fields)
        return Comparison(fields, score, _probability(score))

    def name(self, text: str) -> Name:
        """It as read, once."""
        if text not in self._read:
            self._read[text] = read(text)
        return self._read[text]

    def _names(self, ones: Identity, others: Identity) -> Field:
        rows = [row for one in ones.names for other in others.names if (row := self._pair(one, other)) is not None]
        return max(rows, key=lambda row: row.weight, default=Field("name", Outcome.UNKNOWN, 0.0))

    def _pair(self, one: str, other: str) -> Field | None:
        if (one, other) not in self._pairs:
            alike = names_alike(self.name(one), self.name(other))
            self._pairs[one, other] = Field("name", _outcome(alike), weight(alike)) if alike else None
        return self._pairs[one, other]


def compare(one: Identity, other: Identity) -> Comparison:
    """Two identities, once."""
    return Comparer().compare(one, other)


def _probability(score: float) -> float:
    odds: float = weights.PRIOR_ODDS * 2.0 ** max(min(score, 60.0), -60.0)
    return odds / (1 + odds)


def weight(alike: NamesAlike) -> float:
    """The sum of the weights that were counted on the tuning half, see docs/matching.md."""
    total = sum(weights.NAMES[field].get(value, 0.0) for field, value in told_by(alike))
    return total + _letters(alike) + (0.0 if alike.worst else weights.ONE_WORD_ALONE)


def told_by(alike: NamesAlike) -> list[tuple[str, str]]:
    """What a pair of names says, each field with its value."""
    told = [("best", str(alike.best)), ("extra", str(alike.extra))]
    # How names are written tells how far apart one person's may be; of names that are the same it says nothing.
    told += [("written", mark) for mark in alike.marks if alike.worst is not Likeness.SAME]
    told += [("worst", str(alike.worst))] if alike.worst else []
    told += [("middle", str(alike.middle))] if alike.middle else []
    told += [("father", str(alike.father))] if alike.father else []
    if alike.pairs:
        told.append(("beside", f"{alike.extra} of {len(alike.pairs)}"))
        told += [("given", "given")] if alike.pairs[-1].given else []
    return told


def _letters(alike: NamesAlike) -> float:
    """What the letters say: all of them in the worst pair of words, a part in the others."""
    if not alike.pairs:
        return 0.0
    others = sum(one.letters for one in alike.pairs[:-1] if counted(one) and one.letters < letters.FAR)
    worst = alike.pairs[-1]
    of_worst = letters.most(worst.letters) if counted(worst) else 0.0
    return -(of_worst + weights.OTHER_WORDS * others)


def counted(one: WordsAlike) -> bool:
    return one.likeness not in LETTERLESS


def _outcome(alike: NamesAlike) -> Outcome:
    levels = {level for level in (alike.best, alike.worst, alike.middle, alike.father) if level}
    if levels == {Likeness.SAME}:
        return Outcome.AGREE
    return Outcome.DIFFER if levels & {Likeness.DIFFER, Likeness.OTHER} else Outcome.CLOSE


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
