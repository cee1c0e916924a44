# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for whom. Approving happens where the thing itself is seen; refusing and withdrawing also here."""

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.approvals import access, acts
from safeconduct.desk.approvals.errors import ApprovalsError, NoSuchProposal, NotAllowed
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator


@require_safe
@may("approvals.see")
def waiting(request: DeskRequest) -> HttpResponse:
    return _page(request)


@require_POST
@may("approvals.see")
def refuse(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _decide(request, pk, acts.refuse)


@require_POST
@may("approvals.see")
def withdraw(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _decide(request, pk, acts.withdraw)


def _decide(request: DeskRequest, pk: int, act: Callable[[Operator, int], Proposal]) -> HttpResponseBase:
    try:
        act(request.keyring.operator, pk)
    except (NoSuchProposal, NotAllowed):
        raise Http404 from None
    except ApprovalsError:
        return _page(request, problem=_("Somebody has decided this in the meantime."), status=409)
    return redirect("approvals:waiting")


def _page(request: DeskRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = access.open_for(request.keyring.operator)
    context = {
        "to_approve": [one for one in found if one.may_approve],
        "others": [one for one in found if not one.may_approve],
        "problem": problem,
    }
    return render(request, "approvals/waiting.html", context, status=status)
