# SPDX-License-Identifier: AGPL-3.0-or-later
"""A promise that is about to be broken, or is: told to people until one of them says that they have it, and does.

Whoever said so and leaves, locks the desk, or does nothing for as long as was promised has it no longer: it is told anew.

Called by the clock. It opens nothing and knows nobody: a case's number, which promise, since when. The alert that goes out
says nothing at all of a case. Of each urgency at most `MOST` stand at a time, whoever has waited longest: a flood of forty
thousand must not bury the three of tonight, and what stands for it says as much as forty thousand rows. The handover cell has
a room of its own: whoever floods intake takes nothing from who is on the way.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import astray, claiming, holding, offers, promises
from safeconduct.desk.cases.errors import EscalationGone
from safeconduct.desk.cases.models import Case, Escalation
from safeconduct.desk.cases.promises import Calendar, Standing
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.operators import sessions
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Urgency

ALERT, CELL_ALERT = "escalation", "escalation.cell"
SOON, BROKEN = "soon", "broken"
MOST = 50
MOST_FOLDED = 5  # of those at the front who lie in folds: not out of sight, and in nobody else's room
LEVELS = 1000  # as far as it is counted; it is told on and on
AGAIN = timedelta(minutes=5)  # nobody said that they have it: it is told anew, and to more people
_LOOKED_AT = 500
_PASSED_OVER = 5_000  # who has waited longer may have been promised less: at night, say
_OF_CELL = Q(case__with_cell=Whose.CELL.value)
_CELL = ~Q(with_cell="") & Q(with_cell=Whose.CELL.value)  # the first half is said for the index of the cell
_INTAKE = ~Q(with_cell=Whose.CELL.value) & Q(folded_into=None)
_FOLDED = ~Q(with_cell=Whose.CELL.value) & Q(folded_into__gt=0)


@dataclass(frozen=True, slots=True)
class Open:
    """One escalation with the wait that it is about."""

    row: Escalation
    standing: Standing | None
    may_take: bool = True

    @property
    def is_broken(self) -> bool:
        return self.row.kind == BROKEN


def watch(now: datetime) -> int:
    """Raise what has to be, and tell again what nobody has taken. Returns how many times something was told."""
    calendar = promises.current()
    told = sum(_watch_step(calendar, step, now, line, MOST) for line in (_INTAKE, _CELL) for step in Urgency)
    told += _watch_step(calendar, Urgency.NOW, now, _FOLDED, MOST_FOLDED)
    _let_go(calendar, now)
    told += _again(now)
    for alert, whose in ((ALERT, ~_OF_CELL), (CELL_ALERT, _OF_CELL)):
        _ring(alert, Escalation.objects.filter(whose, acknowledged_by=None), now)
    offers.watch()  # it may wait for nothing, and break no promise
    astray.watch()
    return told


def open_now(now: datetime, reader: Operator | None = None) -> list[Open]:
    """Everything that stands: what nobody has taken first, the most urgent of it before the others.

    `reader`: as far as this person sees the cases, and takes them.
    """
    calendar = promises.current()
    rows = Escalation.objects.select_related("case", "acknowledged_by").defer(
        "acknowledged_by__vault", "acknowledged_by__public"
    )
    found = [
        Open(row, promises.standing(calendar, row.case, now), reader is None or _may_take(reader, row.case))
        for row in rows
        if reader is None or holding.is_seen_by(reader, row.case)
    ]
    return sorted(
        found, key=lambda one: (one.row.acknowledged_by_id is not None, -(one.row.case.urgency or 0), one.row.since)
    )


@transaction.atomic
def acknowledge(actor: Operator, pk: int) -> None:
    """Say that this person has it. Who was first stays the one.

    Raises `EscalationGone` when nothing waits there any more, and for a case that another team answers.
    """
    row = Escalation.objects.select_for_update().filter(pk=pk).first()
    if row is None or not _may_take(actor, row.case):
        raise EscalationGone("it was answered meanwhile, or is another team's")
    if row.acknowledged_by_id is None:
        row.acknowledged_by, row.told_at = actor, timezone.now()
        row.save(update_fields=["acknowledged_by", "told_at"])
        audit.record(actor, "cases.acknowledge", row.case.number)


def _may_take(operator: Operator, case: Case) -> bool:
    """Who answers the person; and a supervisor, who finds somebody who does."""
    return holding.is_answered_by(operator, case) or operator.plays is Role.SUPERVISOR


def _ring(alert: str, untaken: QuerySet[Escalation], now: datetime) -> None:
    if untaken.exists():
        raise_alert(alert, is_anew=untaken.filter(told_at=now).exists())
        return
    settle_alert(alert)


@transaction.atomic
def leave(operators: Iterable[Operator]) -> None:
    """These people went off duty: what they said that they see to is told anew with the next look."""
    gone = {operator.pk for operator in operators}
    rows = Escalation.objects.select_for_update(of=("self",)).filter(acknowledged_by__in=gone).select_related("case")
    _give_back(rows, timezone.now() - AGAIN)


def change_hands(case: Case) -> None:
    """Another team answers it: who of the one before said that they see to it cannot. In the transaction of the caller's act."""
    rows = Escalation.objects.select_for_update(of=("self",)).filter(case=case).exclude(acknowledged_by=None)
    _give_back(rows.select_related("case"), timezone.now() - AGAIN)


def _watch_step(calendar: Calendar, step: Urgency, now: datetime, which: Q, most: int) -> int:
    shortest = timedelta(minutes=calendar.shortest(step.value))
    cases = Case.objects.filter(which, urgency=step.value)
    late = cases.filter(waiting_since__lte=now - shortest * (1 - promises.SOON))
    line = late.exclude(escalation__kind=BROKEN).order_by("waiting_since", "pk").select_related("escalation")
    room = most - cases.filter(escalation__isnull=False).count()
    told = 0
    pressing = (case for case in line[:_PASSED_OVER] if promises.is_pressing(calendar, case, now))
    for case in islice(pressing, _LOOKED_AT):
        known = hasattr(case, "escalation")
        if not known and room <= 0:
            continue
        raised = _judge(calendar, case, now)
        told += raised
        room -= raised and not known
    return told


@transaction.atomic
def _judge(calendar: Calendar, case: Case, now: datetime) -> bool:
    """One case, under its lock: it may have been answered since it was looked for."""
    fresh = Case.objects.select_for_update().filter(pk=case.pk).first()
    here = promises.standing(calendar, fresh, now) if fresh is not None else None
    if fresh is None or here is None or not (here.is_broken or here.is_soon):
        return False
    kind = BROKEN if here.is_broken else SOON
    row = Escalation.objects.filter(case=fresh).first()
    if row is not None and row.kind == kind:
        return False
    said = {"kind": kind, "since": now, "told_at": now, "level": 1, "acknowledged_by": None}
    Escalation.objects.update_or_create(case=fresh, defaults=said)
    audit.record(None, "cases.escalate", f"{fresh.number} {kind}")
    return True


@transaction.atomic
def _let_go(calendar: Calendar, now: datetime) -> None:
    """What somebody said that they see to, and does not: nobody sees to it any more, and it is due to be told."""
    rows = Escalation.objects.select_for_update(of=("self",)).exclude(acknowledged_by=None).select_related("case")
    present = sessions.present(clock=now.timestamp) if rows else frozenset()
    left = [row for row in rows if row.acknowledged_by_id not in present or _is_idle(calendar, row, now)]
    _give_back(left, now - AGAIN)


def _give_back(rows: Iterable[Escalation], told_at: datetime) -> None:
    for row in rows:
        row.acknowledged_by, row.told_at = None, told_at
        row.save(update_fields=["acknowledged_by", "told_at"])
        audit.record(None, "cases.escalate", f"{row.case.number} again")


def _is_idle(calendar: Calendar, row: Escalation, now: datetime) -> bool:
    """Nothing was done since it was taken, for as long as was promised. Who answers renews a claim, which tells of it."""
    here = promises.standing(calendar, row.case, now)
    last = row.told_at
    if row.case.claimed_until is not None and row.case.claimed_by_id == row.acknowledged_by_id:
        last = max(last, row.case.claimed_until - claiming.CLAIM)
    return here is None or not timedelta(0) <= now - last < here.promised


def _again(now: datetime) -> int:
    """A row that was told later than now is of a clock that was set back since."""
    untaken: QuerySet[Escalation] = Escalation.objects.filter(acknowledged_by=None)
    due = untaken.filter(Q(told_at__lte=now - AGAIN) | Q(told_at__gt=now))
    return due.update(level=Least(F("level") + 1, LEVELS), told_at=now)
