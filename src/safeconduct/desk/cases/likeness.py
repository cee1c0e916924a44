# SPDX-License-Identifier: AGPL-3.0-or-later
"""Claims in the words of `matching`, which proposes and never decides (R50)."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from safeconduct.matching import dates, service_numbers, units
from safeconduct.matching.comparing import Comparer, Comparison, Identity, Outcome
from safeconduct.matching.dates import Calendar, PartialDate
from safeconduct.vocabulary.identity import IdentityClaim


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: the words of both, and what `matching` says of them."""

    name: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two claims are."""

    comparison: Comparison
    rows: tuple[Row, ...]

    @property
    def score(self) -> float:
        return self.comparison.score

    @property
    def percent(self) -> int:
        """How likely it is one person; never nothing and never certainty."""
        return min(max(round(self.comparison.probability * 100), 1), 99)

    @property
    def is_proposed(self) -> bool:
        """Whether it is likely enough to be shown to somebody who did not ask for it."""
        return self.comparison.worth_showing

    @property
    def is_alike(self) -> bool:
        """Whether somebody who asked wants to see it: a family name alone fits many, and contradicts nothing."""
        outcomes = {row.outcome for row in self.comparison.fields}
        return self.is_proposed or (bool(outcomes & {Outcome.AGREE, Outcome.CLOSE}) and Outcome.DIFFER not in outcomes)


def birth(claim: IdentityClaim) -> PartialDate | None:
    """What the words mean; None when they are no date."""
    if claim.birth is None:
        return None
    return dates.read_date(claim.birth.text, Calendar(claim.birth.calendar) if claim.birth.calendar else None)


def birth_year(claim: IdentityClaim) -> int | None:
    found = birth(claim)
    return found.year if found else None


def unit(claim: IdentityClaim) -> str | None:
    return units.unit(claim.unit) if claim.unit else None


def service_number(claim: IdentityClaim) -> str | None:
    return service_numbers.service_number(claim.service_number) if claim.service_number else None


def identity(claim: IdentityClaim, language: str, *, against: Identity | None = None) -> Identity:
    """A claim as it is compared. A date that is compared with none is not read."""
    born = birth(claim) if against is None or against.birth else None
    return Identity(claim.names, born, claim.unit or None, claim.service_number or None, language or None)


def compare(
    ours: IdentityClaim, asked: Identity, theirs: IdentityClaim, *, language: str, comparer: Comparer
) -> Likeness:
    """`asked` is `ours` as it is compared; `language` is that of their case."""
    comparison = comparer.compare(asked, identity(theirs, language, against=asked))
    rows = tuple(
        Row(one.name, _said(ours, one.name), _said(theirs, one.name), one.outcome) for one in comparison.fields
    )
    return Likeness(comparison, rows)


def _said(claim: IdentityClaim, field: str) -> tuple[str, ...]:
    words = {
        "name": claim.names,
        "birth": (claim.birth.text,) if claim.birth else (),
        "unit": (claim.unit,),
        "service_number": (claim.service_number,),
    }
    return tuple(one for one in words[field] if one)


def birth_in_words(claim: IdentityClaim) -> str:
    """The Gregorian days that a date of birth may mean, as precisely as it was told; nothing when it is no date."""
    found = birth(claim)
    if found is None:
        return ""
    if found.earliest == found.latest:
        return date_format(found.earliest, "j E Y")
    first, last = date_format(found.earliest, "j E Y"), date_format(found.latest, "j E Y")
    return _("between %(first)s and %(last)s") % {"first": first, "last": last}
