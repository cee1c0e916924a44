# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a reader sees in place of a page that is not what was written, and the monitor's page of all of them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.custody import signing
from safeconduct.desk.custody.errors import NoSuchPage, PageAltered
from safeconduct.desk.custody.models import Altered
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


class AlteredPages:
    """An act that meets such a page is undone and answers with what to do; the monitor hears of the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, PageAltered):
            return None
        table = signing.known(error.table)
        rows = [row for row in table.batch(error.row - 1, 1) if row.pk == error.row]
        for row in rows:
            signing.notice(table, row)
        context = {"was_destroyed": any(signing.was_destroyed(table, row) for row in rows)}
        return render(request, "custody/page_altered.html", context, status=409)


@require_safe
@may("custody.altered")
def altered(request: DeskRequest) -> HttpResponse:
    """Without anybody's keys: which pages were altered, and nothing of what stands in them."""
    rows = [_told(said, row) for said, row in signing.open_ones()]
    return render(request, "custody/altered.html", {"rows": rows})


@require_POST
@may("custody.altered")
def set_aside(request: DeskRequest, pk: int) -> HttpResponseBase:
    try:
        signing.set_aside(request.keyring.operator, pk)
    except NoSuchPage:
        raise Http404 from None
    return redirect("custody:altered")


def _told(said: Altered, row: Any) -> dict[str, Any]:
    table = signing.known(said.table)
    return {
        "pk": said.pk,
        "what": table.sentence,
        "row": said.row,
        "person": getattr(row, "person", None),
        "noticed": said.noticed,
        "may_be_set_aside": table.reads_without,
    }
