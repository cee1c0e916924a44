# SPDX-License-Identifier: AGPL-3.0-or-later
"""The monitor's page: where a signed-in monitor's key meets the sealed record."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.audit import access, acts, registry
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_LARGEST = 2**63 - 1


@require_safe
@may("audit.read")
def record(request: DeskRequest) -> HttpResponse:
    """Newest first. Reading the record is recorded too."""
    monitors, before = request.keyring.team_privates("monitor"), _number(request.GET.get("before", ""))
    with transaction.atomic():
        acts.record(request.keyring.operator, "audit.read", f"before {before}" if before else "newest")
    page = access.page(monitors, before=before)
    lines = [(line, registry.sentence(line.told.act) if line.told else "") for line in page.lines]
    context = {
        "lines": lines,
        "before": page.before,
        "is_first": before is None,
        "waiting": access.unchained(),
        "head": access.head(),
        "countersigned_to": access.countersigned_to(),
    }
    return render(request, "audit/record.html", context)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST))
    return int(text) if is_number else None
