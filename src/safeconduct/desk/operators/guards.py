# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may enter a view. Not signed in: to the door. Locked: to the lock. Not allowed: there is no such page."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from safeconduct.desk.operators import lockdown, roles
from safeconduct.desk.operators.keyring import DeskRequest, keyring_of
from safeconduct.desk.operators.models import Operator

HOME = "/"
UNDONE = "undone"  # what somebody sent was not done: the door says so, lest they believe that it was
EMERGENCY = "emergency:page"  # of a room above this one

P = ParamSpec("P")
View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def may(act: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let in those whose role carries the act, with an open key. The act must stand in `roles.ACTS`."""
    allowed = roles.ACTS[act]

    def guard(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            keyring = keyring_of(request)
            if keyring is None:
                return _sent_to(request, "operators:sign-in")
            if keyring.operator.plays not in allowed:
                raise Http404
            if keyring.is_locked:
                return to_unlock(request)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it is a DeskRequest from here on

        guarded.act = act  # type: ignore[attr-defined]  # read by the test of every address
        return guarded  # type: ignore[return-value]  # wraps() says what it wrapped, not what it is now

    return guard


def polling(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Marks a view that a page asks by itself: htmx's requests to it keep nobody's session awake."""
    view.polls = True  # type: ignore[attr-defined]  # read by OperatorMiddleware
    return view


def to_unlock(request: HttpRequest, *, has_done: bool = False) -> HttpResponseBase:
    """To the lock page, and from there back to where the operator was. `has_done`: what they sent was done."""
    return _sent_to(request, "operators:unlock", has_done=has_done)


def shut(request: HttpRequest, operator: Operator) -> HttpResponseBase:
    """The desk is locked for everybody: who may lift that is led to where it is done, all others are told."""
    if not lockdown.may_lift(operator):
        return render(request, "operators/locked_down.html", status=403)
    return _led_to(request, reverse(EMERGENCY))


def safe_next(request: HttpRequest) -> str:
    """The page that the form or the address asks to return to, if it is one of ours; else the first page."""
    return _ours(request, request.POST.get("next") or request.GET.get("next") or "")


def next_query(request: HttpRequest) -> str:
    """The same page, and whether what was sent was not done, to be asked for in an address. May be empty."""
    wanted = safe_next(request)
    asked = {"next": wanted} if wanted != HOME else {}
    if request.POST.get(UNDONE) or request.GET.get(UNDONE):
        asked[UNDONE] = "yes"
    return urlencode(asked)


def _ours(request: HttpRequest, wanted: str) -> str:
    host = {request.get_host()}
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, host, require_https=request.is_secure()
    )
    return wanted if is_ours else HOME


def _sent_to(request: HttpRequest, name: str, *, has_done: bool = False) -> HttpResponseBase:
    wanted = _ours(request, _page_of(request))
    asked = {"next": wanted} if wanted != HOME else {}
    is_press = request.method == "POST" and "HX-Request" not in request.headers  # no page that asks by itself
    if is_press and not has_done:
        asked[UNDONE] = "yes"
    return _led_to(request, reverse(name) + (f"?{urlencode(asked)}" if asked else ""))


def _led_to(request: HttpRequest, address: str) -> HttpResponseBase:
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(address, status=303)
    answer = HttpResponse(status=204)
    answer.headers["HX-Redirect"] = address  # a fragment must not show the door inside the page
    return answer


def _page_of(request: HttpRequest) -> str:
    """The page a person looks at: for a fragment or a post it is the one that these came from."""
    if "HX-Request" in request.headers:
        return _path_of(request.headers.get("HX-Current-URL", ""))
    if request.method == "POST":
        return request.POST.get("next") or _path_of(request.headers.get("Referer", ""))
    return request.get_full_path()


def _path_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
