# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two cases of one person, read as one conversation (R50). Showing it is a recorded reading of each."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from safeconduct.desk.cases import access, forms, reaching, together
from safeconduct.desk.cases.case_page import with_hand
from safeconduct.desk.cases.errors import NotMerged
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_safe
@may("cases.open")
@with_hand
def page(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Of whoever was taken apart meanwhile, the case alone."""
    try:
        read = together.read(hand, number, before=forms.row_of(request.GET.get("before", "")))
    except NotMerged:
        return redirect("cases:case", number)
    last = read.last
    context = {
        "number": number,
        "read": read,
        "last": last,
        "in_chat": reaching.told(last.opened, hand.keys.delivery, timezone.now()),
        "reply": forms.fresh(access.drafts_of(hand, last.case).get("reply", ""), last.opened.last_seen),
        "is_together": True,
    }
    return render(request, "cases/together.html", context)
