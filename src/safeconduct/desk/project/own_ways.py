# SPDX-License-Identifier: AGPL-3.0-or-later
"""The language and the clock of whoever sits at this browser. Two cookies, and no row: the desk keeps nothing of it."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_http_methods

from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_YEAR_SECONDS = 365 * 24 * 60 * 60
_CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class OwnTime:
    """Pages show times on the clock that this browser's operator chose; UTC until they do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(_zone(request.COOKIES.get(settings.ZONE_COOKIE_NAME, ""))):
            return self._get_response(request)


@cache
def zones() -> tuple[str, ...]:
    """The cities by whose clocks people live, and UTC."""
    cities = sorted(name for name in available_timezones() if name.partition("/")[0] in _CONTINENTS)
    return ("UTC", *cities)


@require_http_methods(["GET", "HEAD", "POST"])
@may("desk.mine")
def mine(request: DeskRequest) -> HttpResponseBase:
    """Choose them."""
    if request.method != "POST":
        return _shown(request)
    language, zone = request.POST.get("language", ""), request.POST.get("zone", "")
    if language not in dict(settings.LANGUAGES) or zone not in zones():
        return _shown(request, status=400)
    response = HttpResponseRedirect(f"{reverse('mine')}?kept=1")
    response.status_code = 303
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), (settings.ZONE_COOKIE_NAME, zone)):
        response.set_cookie(name, value, path="/", max_age=_YEAR_SECONDS, secure=True, httponly=True, samesite="Strict")
    return response


def _shown(request: DeskRequest, *, status: int = 200) -> HttpResponse:
    context = {
        "languages": [(tag, get_language_info(tag)["name_local"]) for tag, _name in settings.LANGUAGES],
        "language": get_language(),
        "zones": zones(),
        "zone": timezone.get_current_timezone_name(),
        "now": timezone.now(),
        "is_refused": status != 200,  # noqa: PLR2004
    }
    return render(request, "project/mine.html", context, status=status)


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name if name in zones() else "UTC")
