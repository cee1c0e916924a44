# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door: sign in, lock, unlock, sign out."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from safeconduct.desk.operators import cookies, guards, sessions, signing_in


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    wanted = guards.safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        return render(request, "operators/sign_in.html", {"next": wanted})
    said = request.POST
    proven = signing_in.prove(said.get("name", ""), said.get("passphrase", ""), said.get("code", ""))
    if proven is None:
        return render(request, "operators/sign_in.html", {"next": wanted, "refused": True}, status=400)
    key = sessions.begin(request.session, proven.operator, proven.keys.private)
    response = HttpResponseRedirect(wanted, status=303)
    cookies.give_unlock(response, key)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponseBase:
    return redirect("operators:sign-in")


@require_POST
def lock(request: HttpRequest) -> HttpResponseBase:
    sessions.lock(request.session)
    return redirect("operators:unlock")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    request.session.flush()
    return redirect("operators:sign-in")
