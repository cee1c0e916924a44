# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator sees of the line: counts and times of the machinery, nothing of anyone who wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from safeconduct.desk.alerts import carrying, clock
from safeconduct.desk.alerts import settings as alert_settings
from safeconduct.desk.alerts.errors import BadSettings
from safeconduct.desk.alerts.models import PeriodicAct
from safeconduct.desk.audit import access as record
from safeconduct.desk.cases.models import Case, Outgoing, Quarantine
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.project.periodic import TABLE
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.board import HANDOVER

LONG_WAIT = 100_000  # counting stops here: an administrator needs no exact number beyond


@dataclass(frozen=True, slots=True)
class Line:
    """What waits, and since when the oldest of it does."""

    now: int
    soon: int
    later: int
    oldest: datetime | None
    outgoing: int
    not_believed: int


@dataclass(frozen=True, slots=True)
class Duty:
    """One act of the clock. `failure` is an error's type."""

    sentence: str | Promise
    last_done: datetime | None
    is_late: bool
    failure: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team's newest key: how many hold it, how many wait to be let in."""

    code: str
    version: int
    holders: int
    waiting: int
    is_demonstration: bool


class _Signed(msgspec.Struct):
    expires: datetime


class _Anchor(msgspec.Struct):
    signed: _Signed


@require_safe
@may("desk.health")
def health(request: DeskRequest) -> HttpResponse:
    now = datetime.now(UTC)
    context = {
        "line": line(),
        "duties": duties(now),
        "teams": (listed := teams()),
        "has_cell": any(team.code == HANDOVER for team in listed),
        "head": record.head(),
        "unchained": record.unchained(),
        "countersigned_to": record.countersigned_to(),
        "anchor_expires": anchor_expires(settings.DESK.credentials / "root.json"),
        "now": now,
        **outside(settings.DESK.credentials),
    }
    return render(request, "project/health.html", context)


def line() -> Line:
    """Depth of the queue and of what goes out."""
    counted = {
        step: Case.objects.filter(waiting_since__isnull=False, urgency=step)[:LONG_WAIT].count() for step in Urgency
    }
    oldest = Case.objects.filter(waiting_since__isnull=False).aggregate(oldest=Min("waiting_since"))["oldest"]
    return Line(
        now=counted[Urgency.NOW],
        soon=counted[Urgency.SOON],
        later=counted[Urgency.LATER],
        oldest=oldest,
        outgoing=Outgoing.objects.count(),
        not_believed=Quarantine.objects.count(),
    )


def outside(credentials: Path) -> dict[str, Any]:
    """How the ways fare by which people away from the desk are told. What is wrong with the file has no value of it."""
    try:
        said = alert_settings.read(credentials)
    except BadSettings as error:
        return {"alerts_problem": str(error), "fares": ()}
    return {"alerts_problem": "", "fares": carrying.fares(said), "has_transport": bool(said.transport)}


def duties(now: datetime) -> Sequence[Duty]:
    """Every act of the clock's table, the late ones marked."""
    late = {found.act.name for found in clock.late(TABLE, now)}
    rows = PeriodicAct.objects.in_bulk([act.name for act in TABLE])
    return [
        Duty(
            act.sentence,
            rows[act.name].last_done if act.name in rows else None,
            act.name in late,
            rows[act.name].last_failure if act.name in rows else "",
        )
        for act in TABLE
    ]


def teams() -> Sequence[Team]:
    """The newest key of every team."""
    let_in, waits = (
        Q(memberships__wrapped__isnull=False),
        Q(memberships__wrapped__isnull=True, memberships__isnull=False),
    )
    counted = TeamKey.objects.select_related("team").annotate(
        holders=Count("memberships", filter=let_in), waiting=Count("memberships", filter=waits)
    )
    newest = {key.team.code: key for key in counted.order_by("version")}
    return [
        Team(code, key.version, key.holders, key.waiting, key.demonstration) for code, key in sorted(newest.items())
    ]


def anchor_expires(path: Path) -> datetime | None:
    """When the public board's trust anchor ends; after that no edge believes the board. None: unreadable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Anchor).signed.expires
    except (OSError, msgspec.DecodeError):
        return None
