# SPDX-License-Identifier: AGPL-3.0-or-later
"""R50: the conversations of one person as one, while their cases are merged. Each stays as it is, and is answered by itself.

Rows stand in the order in which the desk took them. An answer goes where the person wrote last: there they look for it.
"""

from dataclasses import dataclass

from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases import access, holding, merging, reading, talk
from safeconduct.desk.cases.errors import CaseGone, CasesError, NotMerged
from safeconduct.desk.cases.models import Case, Sort
from safeconduct.desk.cases.opening import Item, Opened
from safeconduct.desk.cases.reading import Span
from safeconduct.desk.cases.states import CaseState
from safeconduct.desk.cases.talk import Entry
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.records import DeliveryReport, ErasureWish

_UNANSWERED = frozenset({CaseState.CLOSED, CaseState.SILENT})


@dataclass(frozen=True, slots=True)
class Part:
    """One of the conversations. `wrote`: the row in which the person wrote there last; 0 when they never did."""

    case: Case
    opened: Opened
    wrote: int
    is_answered: bool  # an answer can be sent there by this operator


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page, and whose it is."""

    entry: Entry
    case: Case


@dataclass(frozen=True, slots=True)
class Together:
    """All that this operator may see. `hidden`: how many conversations of the person another team has."""

    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    span: Span
    hidden: int

    @property
    def last(self) -> Part:
        """Where the person wrote last: the answer goes there and nowhere else."""
        return max(self.parts, key=lambda part: part.wrote)

    @property
    def is_frozen(self) -> bool:
        """R5: whoever is forced in one conversation is forced."""
        return any(part.case.frozen_day for part in self.parts)


def read(hand: Hand, number: str, *, before: int = 0) -> Together:
    """Open a page of all of them. Raises `CaseGone`; `NotMerged` for a case that stands alone."""
    case = Case.objects.filter(number=number).first()
    if case is None or not holding.is_seen_by(hand.operator, case):
        raise CaseGone(number)
    theirs = [case, *merging.linked(case)]
    seen = [one.number for one in theirs if holding.is_seen_by(hand.operator, one)]
    if len(seen) == 1:
        raise NotMerged(number)
    with refusals_recorded(hand.operator, "cases.refused", number, of=CasesError):
        done = reading.read(hand, *seen, before=before)
    lines = [Line(entry, case) for case, opened in done.parts for entry in _entries(case, opened, done.span)]
    return Together(
        parts=tuple(_part(hand, case, opened) for case, opened in done.parts),
        lines=tuple(sorted(lines, key=lambda line: line.entry.item.stored.pk)),
        span=done.span,
        hidden=len(theirs) - len(seen),
    )


def _entries(case: Case, opened: Opened, span: Span) -> list[Entry]:
    return talk.entries(opened, page=span.pks, replies=access.sent(case, opened))


def _part(hand: Hand, case: Case, opened: Opened) -> Part:
    is_answered = holding.is_answered_by(hand.operator, case) and case.case_state not in _UNANSWERED
    return Part(case, opened, _wrote(case, opened), is_answered and opened.mailbox is not None)


def _wrote(case: Case, opened: Opened) -> int:
    """What does not open may be their words. Of an older page only what was sorted is known."""
    here = [item.stored.pk for item in opened.items if _is_theirs(item)]
    sorted_rows = case.envelopes.filter(purpose=Purpose.TO_TEAM.value, sort__in=[Sort.WORDS, Sort.FRAME])
    known = sorted_rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    return max(here, default=known)


def _is_theirs(item: Item) -> bool:
    return item.stored.purpose == Purpose.TO_TEAM.value and not isinstance(item.record, DeliveryReport | ErasureWish)
