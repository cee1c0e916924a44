# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a camp has, opening it again, and whom it is commanded by."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from safeconduct.desk.custody import acts, camp_acts, days, fields, forms, telling
from safeconduct.desk.custody.camp_acts import Standing
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.models import Camp, Command
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind, Category, Need
from safeconduct.vocabulary.languages import LANGUAGES

_FORM = ["GET", "HEAD", "POST"]
_ADDRESS_MOST = 200  # letters


@require_http_methods(_FORM)
@may("custody.camps")
def change(request: DeskRequest, pk: int) -> HttpResponseBase:
    camp = known_camp(pk)
    if request.method != "POST":
        return _form(request, camp)
    try:
        standing = _standing(request)
        if standing is None:
            return _form(request, camp, problem=telling.MISSING)
        camp_acts.change(request.keyring.operator, camp, standing)
    except CustodyError as error:
        return _form(request, camp, problem=telling.refused(error))
    return redirect("custody:camp", pk=camp.pk)


@require_POST
@may("custody.camps")
def reopen(request: DeskRequest, pk: int) -> HttpResponseBase:
    camp = known_camp(pk)
    try:
        camp_acts.reopen(request.keyring.operator, camp, forms.when(request.POST))
    except CustodyError as error:
        return _form(request, camp, problem=telling.refused(error))
    return redirect("custody:camp", pk=camp.pk)


@require_http_methods(_FORM)
@may("custody.bind")
def commanders(request: DeskRequest) -> HttpResponseBase:
    """Who commands which camp: binding one, and freeing."""
    if request.method != "POST":
        return _commanders(request)
    try:
        whose, camp = forms.row_number(request.POST, "commander"), acts.camp_of(forms.row_number(request.POST, "camp"))
        if request.POST.get("free") == "yes":
            camp_acts.free(request.keyring.operator, camp_acts.bound_to(whose, camp), camp)
        else:
            camp_acts.bind(request.keyring.operator, camp_acts.commander_of(whose), camp)
    except CustodyError as error:
        return _commanders(request, problem=telling.refused(error))
    return redirect("custody:commanders")


@fields.together
def _standing(request: DeskRequest) -> Standing | None:
    """None while no kind was chosen. Raises `FieldRefused`."""
    kind = request.POST.get("kind", "")
    if kind not in {one.value for one in CampKind}:
        return None
    needs, languages = set(request.POST.getlist("needs")), set(request.POST.getlist("languages"))
    return Standing(
        kind=CampKind(kind),
        places=forms.places(request.POST),
        address=fields.line(request.POST, "address", _ADDRESS_MOST),
        languages=[tag for tag in LANGUAGES if tag in languages],
        needs=[need for need in Need if need.value in needs],
    )


def _form(request: DeskRequest, camp: Camp, **more: Any) -> HttpResponse:
    said = request.POST if "kind" in request.POST else _had(camp)
    context = {
        "camp": camp,
        "kinds": [(one.value, words) for one, words in telling.KINDS.items()],
        "categories": [(one.value, telling.CATEGORIES[one], said.get(f"places-{one.value}", "0")) for one in Category],
        "languages": [(tag, one.endonym, tag in said.getlist("languages")) for tag, one in LANGUAGES.items()],
        "needs": [(one.value, telling.NEEDS[one], one.value in said.getlist("needs")) for one in Need],
        "said": said,
        "today": days.here(),
        **more,
    }
    return render(request, "custody/change_camp.html", context, status=400 if more else 200)


def _had(camp: Camp) -> QueryDict:
    """What a camp has, as its form would send it."""
    said = QueryDict(mutable=True)
    said.update({"kind": camp.kind, "address": camp.address})
    said.update(
        {f"places-{category}": str(places) for category, places in camp.quarters.values_list("category", "places")}
    )
    said.setlist("languages", list(camp.spoken))
    said.setlist("needs", [need.value for need in camp.serves])
    return said


def _commanders(request: DeskRequest, **more: Any) -> HttpResponse:
    context = {
        "commanders": Operator.objects.filter(role=Role.CAMP_COMMANDER.value, active=True),
        "camps": Camp.objects.all(),
        "bound": Command.objects.select_related("operator", "camp").order_by("operator__name", "camp__name"),
        **more,
    }
    return render(request, "custody/commanders.html", context, status=400 if more else 200)
