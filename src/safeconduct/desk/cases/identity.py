# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who the person of a case says that they are: reading it and entering it. One function, one transaction, one entry."""

from dataclasses import dataclass

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import holding, indexing, reading, writing
from safeconduct.desk.cases.errors import Crossed, OfRelative
from safeconduct.desk.cases.models import Case, Sort, StoredEnvelope
from safeconduct.desk.cases.opening import Opened
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.identity import IdentityClaim, IdentityClaims
from safeconduct.vocabulary.records import encode


@dataclass(frozen=True, slots=True)
class Person:
    """The claims of a case as they stand. `seen` names their row; 0 when nothing was entered yet."""

    case: Case
    claims: tuple[IdentityClaim, ...]
    seen: int
    language: str
    is_of_relative: bool  # R6: nothing is entered here, nothing compared


@transaction.atomic
def read(hand: Hand, number: str) -> Person:
    """Open what was entered. Raises `CaseGone`."""
    case = holding.take(hand.operator, number)
    opened = reading.frame(hand, case)
    indexing.at_opening(hand, case, opened)
    audit.record(hand.operator, "cases.person-read", number)
    return person_of(case, opened)


@transaction.atomic
def enter(hand: Hand, number: str, claims: tuple[IdentityClaim, ...], *, seen: int) -> None:
    """From now on these claims stand, side by side; the earlier record stays in the case. Unchanged ones write nothing.

    Raises `OfRelative` (R6), `CaseGone`, and `Crossed` when a colleague entered something that the operator has not seen.
    """
    case = holding.take(hand.operator, number)
    opened = reading.frame(hand, case)
    known = person_of(case, opened)
    if known.is_of_relative:
        raise OfRelative
    kept = tuple(claim for claim in claims if not claim.is_empty)
    if kept == known.claims:
        return
    if known.seen != seen:
        raise Crossed(number)
    record = IdentityClaims(kept, known.language)
    indexing.index(hand, case, _keep(hand, case, record), record)
    audit.record(hand.operator, "cases.person-entered", number)


def person_of(case: Case, opened: Opened) -> Person:
    """What an opened frame says of them."""
    said = indexing.newest(opened)
    return Person(
        case=case,
        claims=indexing.claims_of(said).claims if said else (),
        seen=said.stored.pk if said else 0,
        language=opened.language,
        is_of_relative=indexing.is_of_relative(opened),
    )


def _keep(hand: Hand, case: Case, record: IdentityClaims) -> StoredEnvelope:
    envelope = writing.seal(hand, case, Purpose.NOTE, encode(record), holding.readers(hand, case))
    stored = writing.keep(hand, case, envelope)
    stored.sort = Sort.FRAME  # every page of the case has to know it, however far down it stands
    stored.save(update_fields=["sort"])
    return stored
