# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a case, taking it over, giving it back; the next one for me; and the line on a case's page that says who has it."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import claiming, need_page, routing
from safeconduct.desk.cases.errors import CaseGone, HandsFull, HeldBy, HeldByOthers, NothingWaits
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.states import ANSWERS, SEES
from safeconduct.desk.operators.errors import NoCard
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator

_ACTS = {"claim": claiming.claim, "take": claiming.take_over, "release": claiming.release}


@require_POST
@may("cases.next")
def next_case(request: DeskRequest) -> HttpResponseBase:
    """The first who waits for me, and whom nobody has."""
    try:
        number = routing.next_for(request.keyring.operator, need_page.opener_of(request))
    except NoCard:
        return _to_queue(told="card")
    except HandsFull:
        return _to_queue(told="full")
    return _see_other(reverse("cases:case", args=[number])) if number else _to_queue(mine="1", told="nobody")


@require_POST
@may("cases.claim")
def claim(request: DeskRequest, number: str) -> HttpResponseBase:
    """What the button said. A colleague who was faster shows on the page that follows."""
    do = request.POST.get("do", "")
    try:
        _ACTS[do](request.keyring.operator, number)
    except (CaseGone, KeyError):
        raise Http404 from None
    except (HeldBy, HeldByOthers, NothingWaits):
        pass
    # Reading would take it again at once: whoever gave it back goes to the queue.
    return _to_queue() if do == "release" else _see_other(reverse("cases:case", args=[number]))


@require_safe
@polling
@may("cases.claim")
def holder(request: DeskRequest, number: str) -> HttpResponseBase:
    """Asked by an open page. 204 while the same person has it as the page says, and for a case that is gone."""
    case = Case.objects.select_related("claimed_by").filter(number=number).first()
    known = request.GET.get("was", "")
    operator = request.keyring.operator
    if case is None or (operator.plays.team, case.whose) not in SEES or known == key_of(case):
        return HttpResponse(status=204)
    return render(request, "cases/holder.html", told(case, operator, was=known))


def told(case: Case, operator: Operator, *, was: str = "") -> dict[str, object]:
    """What the fragment says to this reader. `was`: who had it as the page said before."""
    found = claiming.holder_of(case)
    is_mine = found is not None and found.pk == operator.pk
    return {
        "number": case.number,
        "waits": case.waiting_since is not None and (operator.plays.team, case.whose) in ANSWERS,
        "holder": found,
        "is_mine": is_mine,
        "is_lost": was == str(operator.pk) and not is_mine,
        "key": key_of(case),
    }


def key_of(case: Case) -> str:
    """Who has it, as the page says it back: a number, or nothing when nobody need answer."""
    if case.waiting_since is None:
        return ""
    found = claiming.holder_of(case)
    return str(found.pk) if found else "0"


def _to_queue(**said: str) -> HttpResponseRedirect:
    return _see_other(reverse("cases:queue") + (f"?{urlencode(said)}" if said else ""))


def _see_other(address: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(address, status=303)
