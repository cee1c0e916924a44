# SPDX-License-Identifier: AGPL-3.0-or-later
"""Claims in the words of `matching`, which proposes and never decides (R50)."""

from dataclasses import dataclass
from typing import Final, Literal

from safeconduct.matching import names
from safeconduct.vocabulary.identity import IdentityClaim

Verdict = Literal["agree", "close", "differ", "unknown"]
SHOWN: Final = 0.05
PROPOSED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a comparison."""

    name: str
    ours: str
    theirs: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two claims are: the sum of the fields' weights, and what it comes to."""

    score: float
    probability: float
    fields: tuple[Field, ...]

    @property
    def is_alike(self) -> bool:
        return self.probability >= SHOWN

    @property
    def is_strong(self) -> bool:
        return self.probability >= PROPOSED


def birth_year(claim: IdentityClaim) -> int | None:
    return claim.birth.year if claim.birth else None


def unit(claim: IdentityClaim) -> str | None:
    return "".join(claim.unit.split()).upper() or None


def service_number(claim: IdentityClaim) -> str | None:
    return "".join(filter(str.isalnum, claim.service_number)).upper() or None


def compare(ours: IdentityClaim, theirs: IdentityClaim, *, languages: tuple[str, str]) -> Likeness:
    keys = [{key for name in one.names for key in names.name_keys(name)} for one in (ours, theirs)]
    share = len(keys[0] & keys[1]) / max(1, min(map(len, keys)))
    same = service_number(ours) is not None and service_number(ours) == service_number(theirs)
    probability = max(share, 0.99 if same else 0.0)
    told: Verdict = "agree" if share == 1 else "close" if share else "differ"
    return Likeness(probability * 10, probability, (Field("name", ours.name, theirs.name, told),))
