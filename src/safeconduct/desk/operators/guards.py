# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may enter a view. Not signed in: to the door. Locked: to the lock. Not allowed: there is no such page."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from safeconduct.desk.operators import roles
from safeconduct.desk.operators.keyring import DeskRequest

P = ParamSpec("P")
View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def may(act: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let in those whose role carries the act, with an open key. The act must stand in `roles.ACTS`."""
    allowed = roles.ACTS[act]

    def guard(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            keyring = request.keyring  # type: ignore[attr-defined]  # put there by OperatorMiddleware
            if keyring is None:
                return _sent_to(request, "operators:sign-in")
            if keyring.operator.plays not in allowed:
                raise Http404
            if keyring.is_locked:
                return to_unlock(request)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it is a DeskRequest from here on

        guarded.act = act  # type: ignore[attr-defined]  # read by the test of every address
        return guarded

    return guard


def polling(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Marks a view that a page asks by itself: htmx's requests to it keep nobody's session awake."""
    view.polls = True  # type: ignore[attr-defined]  # read by OperatorMiddleware
    return view


def to_unlock(request: HttpRequest) -> HttpResponseBase:
    """To the lock page, and from there back to where the operator was."""
    return _sent_to(request, "operators:unlock")


def safe_next(request: HttpRequest, wanted: str) -> str:
    """The page to return to; only one of ours, and never the door itself."""
    host = request.get_host()
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {host}, require_https=request.is_secure())
    return wanted if ours else "/"


def _sent_to(request: HttpRequest, name: str) -> HttpResponseBase:
    wanted = request.get_full_path() if request.method == "GET" and "HX-Request" not in request.headers else ""
    address = reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted not in ("", "/") else "")
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(address, status=303)
    answer = HttpResponse(status=204)
    answer.headers["HX-Redirect"] = address  # a fragment must not show the door inside the page
    return answer


Decorator = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
