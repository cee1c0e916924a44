# SPDX-License-Identifier: AGPL-3.0-or-later
"""An acknowledgement that somebody brings by hand. It counts by the Bureau's signature, whoever posts it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from safeconduct.desk.custody.bureau import sending, telling
from safeconduct.desk.custody.bureau.errors import AcknowledgementRefused, Wrong
from safeconduct.desk.custody.bureau.sending import FILE_MAX
from safeconduct.desk.custody.bureau.uploading import InMemory, hold_one_file
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@csrf_exempt  # until the file has a place to go: the form is read, and its token asked for, in `_read`
@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.packages.take")
def upload(request: DeskRequest) -> HttpResponseBase:
    """The same file again changes nothing."""
    if request.method != "POST":
        return _page(request)
    held = hold_one_file(request, FILE_MAX)
    if held.is_too_long:
        return _page(request, problem=telling.WRONG[Wrong.TOO_LONG], status=413)
    return _read(request, held)


@csrf_protect
def _read(request: HttpRequest, held: InMemory) -> HttpResponseBase:
    request.POST  # noqa: B018 - reads the form, and the file with it
    return _take(request, held)  # type: ignore[arg-type]  # `upload` let them in


def _take(request: DeskRequest, held: InMemory) -> HttpResponse:
    try:
        if held.is_too_long:
            raise AcknowledgementRefused(Wrong.TOO_LONG)
        taken = sending.take(bytes(held.content), actor=request.keyring.operator)
    except CustodyError as error:
        return _page(request, problem=telling.refused(error), status=400)
    return _page(request, taken=taken)


def _page(request: DeskRequest, *, status: int = 200, **more: object) -> HttpResponse:
    return render(request, "bureau/upload.html", more, status=status)
