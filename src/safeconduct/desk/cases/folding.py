# SPDX-License-Identifier: AGPL-3.0-or-later
"""T7: several waiting cases put away under one. They leave the queue and lose nothing.

A fold puts away what came, never what comes: whoever writes again stands in the queue again. Nothing in a fold counts as
read or answered, and R3's alarm rings for it as for anything else that nobody reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django.db.models import Count, F, Q
from django.utils import timezone

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases import claiming, history, holding
from safeconduct.desk.cases.errors import CasesError, NotFolded
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.refusing import recorded
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.casework import CaseAct

AT_ONCE = 200
SHOWN = 200
_UNREAD = Q(folds__envelopes__purpose=Purpose.TO_TEAM.value, folds__envelopes__opened_day=None)


@dataclass(frozen=True, slots=True)
class Folded:
    """One case that lies under another: whether anybody has read all of it, opens nothing."""

    case: Case
    unread: int


def fold(hand: Hand, head: str, numbers: Iterable[str]) -> int:
    """Put these under that one. How many. What a colleague has, or what stopped waiting meanwhile, stays where it is.

    Raises `CaseGone` (of the head), `NotFolded` where the head lies under another itself.
    """
    with refusals_recorded(hand.operator, "cases.refused", head, of=CasesError):
        return _fold(hand, head, sorted({*numbers} - {head})[:AT_ONCE])


@recorded
def unfold(hand: Hand, number: str) -> None:
    """Back into the queue, at the place that it had. Raises `CaseGone`, `NotFolded`."""
    case = holding.take_to_answer(hand.operator, number)
    if case.folded_into is None:
        raise NotFolded(number)
    about, case.folded_into = case.folded_into.number, None
    case.save(update_fields=["folded_into"])
    history.write(hand, case, CaseAct("unfold", about=about))
    audit.record(hand.operator, "cases.unfold", number)


def _fold(hand: Hand, head: str, wanted: list[str]) -> int:
    top = holding.take_to_answer(hand.operator, head)
    if top.folded_into_id is not None:
        raise NotFolded(head)
    found = Case.objects.select_for_update().filter(number__in=wanted).order_by("number")
    folded = [case for case in found if _may_be_folded(case, hand.operator)]
    for case in folded:
        case.folded_into, case.claimed_by, case.claimed_until = top, None, None
        case.save(update_fields=["folded_into", "claimed_by", "claimed_until"])
        case.folds.update(folded_into=top)  # nothing lies two deep
        history.write(hand, case, CaseAct("folded", about=head))
        audit.record(hand.operator, "cases.fold", case.number)
    return len(folded)


def under(case: Case, page: int = 1) -> tuple[list[Folded], int]:
    """A page of what lies under it, and how many pages there are: who waits longest first, and then what does not wait."""
    unread = Count("envelopes", filter=Q(envelopes__purpose=Purpose.TO_TEAM.value, envelopes__opened_day=None))
    rows = case.folds.order_by(F("waiting_since").asc(nulls_last=True), "pk")
    pages = max(1, ceil(case.folds.count() / SHOWN))
    first = (min(max(page, 1), pages) - 1) * SHOWN
    return [Folded(one, one.unread) for one in rows.annotate(unread=unread)[first : first + SHOWN]], pages


def heads() -> Sequence[tuple[Case, int, int]]:
    """Every case that others lie under: how many, and how many messages in them nobody has read."""
    rows = Case.objects.filter(folds__isnull=False)
    found = rows.annotate(
        size=Count("folds", distinct=True), unread=Count("folds__envelopes", filter=_UNREAD, distinct=True)
    )
    return [(case, case.size, case.unread) for case in found.order_by("pk")[:SHOWN]]


def count() -> int:
    """How many cases lie in folds and wait: the queue says so, whoever looks."""
    # "Not null" is a look at every case for SQLite's planner, "more than nothing" a range of the index.
    return Case.objects.filter(folded_into__gt=0, waiting_since__isnull=False).count()


def _may_be_folded(case: Case, operator: Operator) -> bool:
    """A frozen case, one under review, one of the cell, and one that a colleague is answering are never out of sight."""
    is_marked = case.frozen_day is not None or case.review_day is not None
    if is_marked or case.whose is not Whose.INTAKE or _is_with_colleague(case, operator):
        return False
    return case.waiting_since is not None and case.folded_into_id is None


def _is_with_colleague(case: Case, operator: Operator) -> bool:
    return case.claimed_by_id != operator.pk and claiming.is_held(case, timezone.now())
