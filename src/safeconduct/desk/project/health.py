# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator sees of the line: counts and times of the machinery, nothing of anyone who wrote."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.cases.models import Case, Outgoing, Quarantine
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.project import machinery
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
        "duties": machinery.duties(TABLE, now),
        "teams": (listed := machinery.teams()),
        "has_cell": any(team.code == HANDOVER for team in listed),
        "anchor_expires": anchor_expires(settings.DESK.credentials / "root.json"),
        "now": now,
        **machinery.of_the_record(),
        **machinery.outside(settings.DESK.credentials),
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


def anchor_expires(path: Path) -> datetime | None:
    """When the public board's trust anchor ends; after that no edge believes the board. None: unreadable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Anchor).signed.expires
    except (OSError, msgspec.DecodeError):
        return None
