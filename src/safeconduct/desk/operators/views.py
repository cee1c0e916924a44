# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door: sign in, lock, unlock, sign out, and staying awake."""

import time

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import entering, guards, known_browser, names, sessions, signing_in
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.keyring import DeskRequest, keyring_of
from safeconduct.desk.operators.signing_in import Proven, Refused, Said

_FORM = ["GET", "HEAD", "POST"]
_LONGEST_SAID = 400  # characters of any field; more is nobody's name, passphrase or code


@require_http_methods(_FORM)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    context = {"next": guards.safe_next(request), "name": request.POST.get("name", "")[:_LONGEST_SAID]}
    if request.method != "POST":
        return render(request, "operators/sign_in.html", context)
    result = _prove(request, context["name"])
    if isinstance(result, Refused):
        return _again(request, "operators/sign_in.html", context, result)
    return _on(request, result)


@require_http_methods(_FORM)
def unlock(request: HttpRequest) -> HttpResponseBase:
    """The passphrase and a new code again, for the operator of this session only."""
    keyring, context = keyring_of(request), {"next": guards.safe_next(request)}
    if keyring is None:  # the session ended while they read it
        address = f"{reverse('operators:sign-in')}?{guards.next_query(request)}".rstrip("?")
        return HttpResponseRedirect(address, status=303)
    if not keyring.is_locked:
        return HttpResponseRedirect(context["next"], status=303)
    if request.method != "POST":
        return render(request, "operators/unlock.html", context)
    result = _prove(request, keyring.operator.name)
    if isinstance(result, Refused):
        return _again(request, "operators/unlock.html", context, result)
    return _on(request, result)


@require_POST
@transaction.atomic
def lock(request: HttpRequest) -> HttpResponseBase:
    keyring = keyring_of(request)
    if keyring is not None and not keyring.is_locked:
        audit.record(keyring.operator, "operators.locked")
        sessions.lock(request.session)
    return guards.to_unlock(request, has_done=True)


@require_POST
@transaction.atomic
def sign_out(request: HttpRequest) -> HttpResponseBase:
    keyring = keyring_of(request)
    if keyring is not None:
        audit.record(keyring.operator, "operators.signed_out")
    request.session.flush()
    return HttpResponseRedirect(reverse("operators:sign-in"), status=303)


@require_http_methods(_FORM)
@polling
@may("desk.home")
def awake(request: DeskRequest) -> HttpResponse:
    """A page asks how many seconds are left before the lock; a person who types posts here, and the time starts anew."""
    if request.method == "POST":
        sessions.touch(request.session)
    return HttpResponse(str(sessions.seconds_left(request.session)), content_type="text/plain")


def _prove(request: HttpRequest, name: str) -> Proven | Refused:
    now = _now()
    passphrase, code, ticket = (
        request.POST.get(field, "")[:_LONGEST_SAID] for field in ("passphrase", "code", "ticket")
    )
    known_lane = known_browser.lane_for(request, names.as_typed(name), now)
    return signing_in.prove(Said(name, passphrase, code, known_lane, ticket, by_key=_by_key(request)), now)


def _by_key(request: HttpRequest) -> bool:
    return request.POST.get("second") == "key"


def _on(request: HttpRequest, proven: Proven) -> HttpResponseBase:
    """Through the door, or to the security key that takes the code's place."""
    if _by_key(request):
        return entering.enter_half(request, proven)
    return entering.enter(request, proven.operator, proven.keys.private)


def _again(request: HttpRequest, template: str, context: dict[str, str], refused: Refused) -> HttpResponse:
    """429 only for an attempt that was not looked at, because it came before its time."""
    return render(request, template, {**context, "refused": refused}, status=400 if refused.tried else 429)


def _now() -> int:
    return int(time.time())
