# SPDX-License-Identifier: AGPL-3.0-or-later
"""The medical office's lists: camps, a ward to be inspected on one page, transfers to look at."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.custody import days, telling
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.medical import access, acts, forms
from safeconduct.desk.custody.medical.errors import RowsRefused
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_safe
@may("custody.medical")
def index(request: DeskRequest) -> HttpResponse:
    today = days.here()
    context = {
        "wards": access.wards(today),
        "reviews": list(access.of_duty("review")),
        "transfers": list(access.of_duty("transfer-health")),
        "ill": access.seriously_ill(),
        "today": today,
    }
    return render(request, "medical/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.medical")
def ward(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One page for all who are to be inspected: a hundred in a day. Nothing is entered until every line can be."""
    camp = known_camp(pk)
    if request.method != "POST":
        return _ward(request, camp)
    try:
        day = forms.day(request.POST)
        people = {str(one.pk): one for one in Person.objects.filter(camp=camp, pk__in=_listed(request))}
        by_number = {one.number: one for one in people.values()}
        numbers = {of: one.number for of, one in people.items()}
        made = forms.rows_found(request.POST, numbers, request.keyring.operator.name)
        acts.inspect_many(request.keyring, day, {by_number[number]: one for number, one in made.items()})
    except RowsRefused as error:
        why = {number: telling.refused(one) for number, one in error.why.items()}
        return _ward(request, camp, problem=telling.refused(error), why=why)
    except CustodyError as error:
        return _ward(request, camp, problem=telling.refused(error))
    return redirect("medical:ward", pk=camp.pk)


def _ward(request: DeskRequest, camp: Camp, **more: Any) -> HttpResponse:
    today = days.here()
    everyone = request.GET.get("all") == "yes"
    why = more.get("why", {})
    owed = access.to_inspect(camp, today, everyone=everyone)
    context = {
        "camp": camp,
        "rows": [
            {"owed": one, "typed": forms.typed_row(request.POST, str(one.person_id)), "why": why.get(one.person.number)}
            for one in owed
            if one.person
        ],
        "everyone": everyone,
        "is_cut": len(owed) == access.SHOWN,
        "said": request.POST or {"day": today.isoformat()},
        "signed": request.POST.get("signed") or request.keyring.operator.name,
        "today": today,
        **more,
    }
    return render(request, "medical/ward.html", context, status=400 if more else 200)


def _listed(request: DeskRequest) -> list[int]:
    """The people whose lines were sent."""
    told = [name.removeprefix("weight-") for name in request.POST if name.startswith("weight-")]
    return [int(one) for one in told[: access.SHOWN] if one.isascii() and one.isdigit() and len(one) <= 9]  # noqa: PLR2004 - a row's
