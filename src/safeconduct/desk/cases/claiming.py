# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is answering a case. One person at a time holds it, for minutes; a claim never keeps anybody from reading or answering.

A claim ends when nothing waits any more, when its holder gives it back, goes off duty, locks the desk or signs out, and by
itself after `CLAIM` without an act of theirs in the case. The row is locked, so that of two who open a case at once one holds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import holding
from safeconduct.desk.cases.errors import CaseGone, HeldBy, NothingWaits
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.operators import sessions
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.envelope import Purpose

CLAIM = timedelta(minutes=15)
_FARTHEST = CLAIM + timedelta(seconds=10)  # clocks of two machines are a little apart
_RENEWED_FROM = CLAIM - timedelta(minutes=1)  # so that typing writes at most once a minute


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a case now."""

    pk: int
    name: str
    until: datetime


def holder_of(case: Case, now: datetime | None = None) -> Holder | None:
    """None when nobody has it, whatever its columns still say."""
    if not is_held(case, now or timezone.now()) or case.claimed_by is None or case.claimed_until is None:
        return None
    return Holder(case.claimed_by.pk, case.claimed_by.name, case.claimed_until)


def is_held(case: Case, now: datetime) -> bool:
    """A claim that ends too far ahead was made by a clock that ran ahead: it holds nothing."""
    return case.claimed_until is not None and now < case.claimed_until <= now + _FARTHEST


def held(now: datetime) -> Q:
    """The same as a condition."""
    return Q(claimed_until__gt=now, claimed_until__lte=now + _FARTHEST)


def count(operator: Operator, now: datetime) -> int:
    """How many cases the operator has."""
    return Case.objects.filter(held(now), claimed_by=operator).count()


def counts(operators: Iterable[Operator], now: datetime) -> dict[int, int]:
    """The same of several, by pk; who has none is not in it."""
    theirs = Case.objects.filter(held(now), claimed_by__in=[one.pk for one in operators])
    return dict(theirs.values_list("claimed_by").annotate(has=Count("pk")).order_by())


@transaction.atomic
def claim(operator: Operator, number: str) -> None:
    """Have it. Who has it already keeps it for longer. Raises `CaseGone`, `NothingWaits`, `HeldByOthers`, `HeldBy`."""
    case = _take(operator, number)
    now = timezone.now()  # after the wait for the row, or a claim of meanwhile looks like one from the future
    holder = holder_of(case, now)
    if holder is not None and holder.pk != operator.pk:
        raise HeldBy(holder.name)
    _give(case, operator, now)
    if holder is None:
        audit.record(operator, "cases.claim", number)


@transaction.atomic
def take_over(operator: Operator, number: str) -> None:
    """Have it, from whoever has it: their open page says so, and what they send is kept. Raises as `claim`, but `HeldBy`."""
    case = _take(operator, number)
    now = timezone.now()
    holder = holder_of(case, now)
    _give(case, operator, now)
    if holder is None or holder.pk != operator.pk:
        audit.record(operator, "cases.take-over", f"{number} {holder.name}" if holder else number)


@transaction.atomic
def release(operator: Operator, number: str) -> None:
    """Give it back into the queue. Nothing happens to a case that another has. Raises `CaseGone`."""
    if not Case.objects.filter(number=number).exists():
        raise CaseGone(number)
    if _end(Case.objects.filter(number=number, claimed_by=operator)):
        audit.record(operator, "cases.release", number)


@transaction.atomic
def release_of(operators: Iterable[Operator]) -> int:
    """Everything that these people left goes back into the queue. Returns how many cases."""
    gone = {operator.pk for operator in operators}
    return _record_left(_end(Case.objects.filter(claimed_until__isnull=False, claimed_by__in=gone))) if gone else 0


@transaction.atomic
def lapse(now: datetime) -> int:
    """End every claim that is over, or whose holder is no longer with us. Returns how many. Called by the clock."""
    over = ~held(now) | Q(claimed_by=None) | Q(claimed_by__active=False)
    return _record_left(_end(Case.objects.filter(over, claimed_until__isnull=False)))


@transaction.atomic
def leave(now: datetime) -> int:
    """End every claim whose holder is at no open desk: locked, signed out, or left for so long that it locks.

    Returns how many. Called by the clock. What they had typed is their draft, and stays one.
    """
    holders = Case.objects.filter(claimed_until__isnull=False, claimed_by__isnull=False).values_list("claimed_by")
    gone = {pk for (pk,) in holders.distinct()}
    gone -= sessions.present(clock=now.timestamp) if gone else set()
    return _record_left(_end(Case.objects.filter(claimed_until__isnull=False, claimed_by__in=gone))) if gone else 0


def keep(case: Case, operator: Operator) -> None:
    """The operator is at work on it: theirs for longer, and theirs from now on when nobody has it. Does not save.

    Called in the transaction of an act that has taken the row.
    """
    now = timezone.now()
    if case.waiting_since is None or not holding.is_answered_by(operator, case):
        return
    if not is_held(case, now) or case.claimed_by_id == operator.pk:
        case.claimed_by, case.claimed_until = operator, now + CLAIM


def renew(case: Case, operator: Operator) -> None:
    """The same for an act that does not save the case, such as typing: one's own claim alone, and seldom."""
    now = timezone.now()
    mine = Case.objects.filter(held(now), pk=case.pk, claimed_by=operator)
    mine.filter(claimed_until__lte=now + _RENEWED_FROM).update(claimed_until=now + CLAIM)


def mark_if_crossed(stored: StoredEnvelope, seen: int) -> None:
    """A reply that a colleague's came before, after its writer had last looked, says so for good."""
    before = StoredEnvelope.objects.filter(
        case_id=stored.case_id, purpose=Purpose.TO_PERSON.value, pk__gt=seen, pk__lt=stored.pk
    )
    if before.exclude(author_id=stored.author_id).exists():
        stored.crossed = True
        stored.save(update_fields=["crossed"])


def _take(operator: Operator, number: str) -> Case:
    case = holding.take_to_answer(operator, number)
    if case.waiting_since is None:
        raise NothingWaits(number)
    return case


def _give(case: Case, operator: Operator, now: datetime) -> None:
    case.claimed_by, case.claimed_until = operator, now + CLAIM
    case.save(update_fields=["claimed_by", "claimed_until"])


def _end(claimed: QuerySet[Case]) -> list[str]:
    """The numbers of those that were ended, each row under its lock."""
    ended = list(claimed.select_for_update(of=("self",)).values_list("pk", "number"))
    Case.objects.filter(pk__in=[pk for pk, _ in ended]).update(claimed_by=None, claimed_until=None)
    return [number for _, number in ended]


def _record_left(numbers: list[str]) -> int:
    for number in numbers:
        audit.record(None, "cases.left", number)
    return len(numbers)
