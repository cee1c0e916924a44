# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plain pages for what cannot be answered. They tell a person what to do next and nothing of the inside."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception  # its text may repeat what was sent
    return render(request, "project/400.html", status=400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, or another site's. `reason` is Django's and stays unsaid."""
    del reason
    return render(request, "project/403.html", status=403)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return render(request, "project/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return render(request, "project/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """No context processor runs here: the database itself may be what broke."""
    del request
    return HttpResponse(_BROKEN, status=500)


_BROKEN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Desk</title>
<h1>Something broke on our side</h1><p>Nothing you sent was shown to anyone. Go back and try again; if it stays,
tell your administrator the time.</p></html>"""
