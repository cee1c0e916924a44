# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody's administrator sees: counts and times of the machinery, nothing of anyone who is held."""

import shutil
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.alerts import clock
from safeconduct.desk.custody import watching
from safeconduct.desk.custody.models import Kept
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.project import machinery
from safeconduct.desk.project.backup_keys import FIVE_WEEKS, Ring
from safeconduct.desk.project.custody_clock import TABLE

LEAST_FREE = 1 << 30


@require_safe
@may("desk.health")
def health(request: DeskRequest) -> HttpResponse:
    now = datetime.now(UTC)
    free = shutil.disk_usage(settings.DESK.state).free if settings.DESK.state.exists() else 0
    ring = Ring(settings.DESK.backup_keys, kept_for=FIVE_WEEKS)
    context = {
        "night": Kept.objects.filter(duty__in=watching.TOLD)
        .values("day")
        .annotate(owed=Sum("owed"), late=Sum("late"))
        .order_by("-day")
        .first(),
        "free": free >> 30,
        "is_full": free < LEAST_FREE,
        "backs_itself_up": not settings.DESK.database_url,  # PostgreSQL has ways of its own
        "backed_up": ring.newest(),
        "is_backup_late": ring.is_late(now.date()),
        "is_doubtful": clock.doubts(now),
        "duties": machinery.duties(TABLE, now),
        "teams": machinery.teams(),
        "now": now,
        **machinery.of_the_record(),
        **machinery.outside(settings.DESK.secrets),
    }
    return render(request, "project/custody_health.html", context)
