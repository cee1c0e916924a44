# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people page: who is here, adding, renewing, deactivating, letting in."""

from base64 import b32encode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.operators import access, acts, last_holder, roles
from safeconduct.desk.operators.acts import Welcome
from safeconduct.desk.operators.errors import LastHolder, NameRefused, NameTaken, NotAllowed
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

_FORM = ["GET", "HEAD", "POST"]


@require_safe
@may("people.see")
def people(request: DeskRequest) -> HttpResponse:
    context = {
        "colleagues": access.colleagues(request.keyring),
        "is_administrator": request.keyring.operator.plays is Role.ADMINISTRATOR,
    }
    return render(request, "operators/people.html", context)


@require_http_methods(_FORM)
@may("people.add")
def add(request: DeskRequest) -> HttpResponse:
    """The answer to the post shows the passphrase and the code's secret, once."""
    if request.method != "POST":
        return _add_form(request)
    name, role = request.POST.get("name", ""), request.POST.get("role", "")
    if role not in {known.value for known in roles.here()}:
        return _add_form(request, name=name, problem=_("Choose what this person does."))
    try:
        welcome = acts.add_operator(name, Role(role), actor=request.keyring.operator)
    except NameRefused:
        problem = _("Use 1 to 40 letters, digits, spaces, dots or dashes.")
        return _add_form(request, name=name, role=role, problem=problem)
    except NameTaken:
        return _add_form(request, name=name, role=role, problem=_("Someone has this name already, now or in the past."))
    return _welcome(request, welcome)


@require_http_methods(_FORM)
@may("people.change")
def renew(request: DeskRequest, pk: int) -> HttpResponse:
    operator = _other(request, pk)
    if request.method != "POST":
        return _asked(request, "operators/renew.html", operator)
    try:
        welcome = acts.renew(operator, actor=request.keyring.operator, is_known=_is_known(request))
    except LastHolder:
        return _asked(request, "operators/renew.html", operator, status=409)
    return _welcome(request, welcome)


@require_http_methods(_FORM)
@may("people.change")
def deactivate(request: DeskRequest, pk: int) -> HttpResponseBase:
    operator = _other(request, pk)
    if request.method != "POST":
        return _asked(request, "operators/deactivate.html", operator)
    try:
        acts.deactivate(operator, actor=request.keyring.operator, is_known=_is_known(request))
    except LastHolder:
        return _asked(request, "operators/deactivate.html", operator, status=409)
    return redirect("operators:people")


@require_http_methods(_FORM)
@may("people.admit")
def admit(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Only someone who holds the team's key can open this page, since nobody else could wrap it."""
    place = access.waiting_place(pk, request.keyring.operator)
    if place is None:
        raise Http404
    context = {"place": place, "person": place.operator}
    if request.method != "POST":
        return render(request, "operators/admit.html", context)
    if request.POST.get("heard") != "yes":
        return render(request, "operators/admit.html", context | {"unheard": True}, status=400)
    try:
        acts.admit(request.keyring, place, fingerprint=request.POST.get("fingerprint", ""))
    except NotAllowed:
        return render(request, "operators/admit.html", context | {"changed": True}, status=400)
    return redirect("operators:people")


def _asked(request: DeskRequest, template: str, operator: Operator, *, status: int = 200) -> HttpResponse:
    """What follows from it, before it is done; and what to do instead, where it would lose everything."""
    only = last_holder.only_held_by(operator)
    context = {
        "person": operator,
        "only": only,
        "without_shares": [one for one in only if not one.shares],
        "holds": bool(access.held_keys(operator)),
    }
    return render(request, template, context, status=status)


def _is_known(request: DeskRequest) -> bool:
    return request.POST.get("known") == "yes"


def _other(request: DeskRequest, pk: int) -> Operator:
    operator = get_object_or_404(Operator, pk=pk, active=True)
    if operator.pk == request.keyring.operator.pk:
        raise Http404  # nobody changes themselves
    return operator


def _add_form(request: DeskRequest, **said: str) -> HttpResponse:
    context = {"roles": [role for role in Role if role in roles.here()], "said": said, "problem": said.get("problem")}
    return render(request, "operators/add.html", context, status=400 if said else 200)


def _welcome(request: DeskRequest, welcome: Welcome) -> HttpResponse:
    context = {
        "person": welcome.operator,
        "passphrase": welcome.passphrase,
        "secret": spelled(welcome.code.bin_key),
        "address": welcome.code.config_url,
    }
    return render(request, "operators/welcome.html", context)


def spelled(secret: bytes) -> str:
    """A code's secret as an authenticator takes it by hand: base32 in groups of four."""
    text = b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
