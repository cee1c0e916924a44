# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of security keys: one's own, and the touch that takes the code's place at the door."""

import time

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import cookies, entering, guards, pressure, security_keys, sessions
from safeconduct.desk.operators.errors import KeyNotBelieved
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.sessions import Half

_LABEL = 40


@require_safe
@may("keys.own")
def own(request: DeskRequest) -> HttpResponse:
    return _own(request)


@require_POST
@may("keys.own")
def add(request: DeskRequest) -> HttpResponseBase:
    asked = bytes.fromhex(request.session.pop("asked", ""))
    label = " ".join(request.POST.get("label", "").replace("\x00", "").split())[:_LABEL]
    if not asked or not label:
        return _own(request, problem=_("Give the key a name, so that you know it when you lose it."))
    try:
        security_keys.register(request.keyring.operator, label, request.POST.get("answer", ""), asked)
    except KeyNotBelieved:
        return _own(request, problem=_("That key was not registered. It may be here already; otherwise try again."))
    return redirect("operators:own-keys")


@require_POST
@may("keys.own")
def remove(request: DeskRequest, pk: int) -> HttpResponseBase:
    security_keys.remove(request.keyring.operator, pk)
    return redirect("operators:own-keys")


@require_http_methods(["GET", "HEAD", "POST"])
def touch(request: HttpRequest) -> HttpResponseBase:
    """After the right passphrase: the security key signs, or the way back to the door with its code."""
    half = sessions.half_of(request.session)
    if half is None:
        return _back(request)
    if request.method != "POST":
        asked = security_keys.to_sign_in(half.operator, half.challenge)
        return render(request, "operators/touch.html", {"asked": asked, "next": guards.safe_next(request)})
    return _answered(request, half)


def _answered(request: HttpRequest, half: Half) -> HttpResponseBase:
    """The challenge counts once, whatever comes of it."""
    private = sessions.take_half(request.session, half, cookies.unlock_key(request))
    if private is None:
        return _back(request)
    try:
        security_keys.verify(half.operator, request.POST.get("answer", ""), half.challenge)
    except KeyNotBelieved:
        _note_refusal(half)
        return render(
            request, "operators/touch.html", {"is_refused": True, "next": guards.safe_next(request)}, status=400
        )
    pressure.relieve(half.lane)
    return entering.enter(request, half.operator, private)


@transaction.atomic
def _note_refusal(half: Half) -> None:
    pressure.note_failure(half.lane, int(time.time()))
    audit.record(half.operator, "operators.key_refused")


def _back(request: HttpRequest) -> HttpResponseBase:
    name = "operators:unlock" if "operator" in request.session else "operators:sign-in"
    return HttpResponseRedirect(reverse(name), status=303)


def _own(request: DeskRequest, *, problem: str = "") -> HttpResponse:
    asked = security_keys.challenge()
    request.session["asked"] = asked.hex()
    operator = request.keyring.operator
    context = {
        "kept": operator.security_keys.all(),
        "asked": security_keys.to_register(operator, asked),
        "problem": problem,
        "is_full": operator.security_keys.count() >= security_keys.MOST,
    }
    return render(request, "operators/own_keys.html", context, status=400 if problem else 200)
