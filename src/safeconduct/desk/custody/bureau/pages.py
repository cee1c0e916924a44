# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bureau's office: what was sent, what was acknowledged, and who the Power must wait to hear of."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit import appender
from safeconduct.desk.custody import acts, fields
from safeconduct.desk.custody.bureau import keys, making, sending, telling, worries
from safeconduct.desk.custody.bureau.errors import NoBureauKey
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators import fingerprints, roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.sealing.packages import line_file
from safeconduct.vocabulary.bureau import ANSWER_MAX

SHOWN = 200


@require_safe
@may("custody.packages")
def packages(request: DeskRequest) -> HttpResponse:
    return _packages(request)


@require_POST
@may("custody.packages.send")
def send(request: DeskRequest) -> HttpResponseBase:
    """Everything that was not acknowledged, once more into the folder that a transport empties."""
    try:
        count = sending.send(settings.DESK.bureau / "out", sending.unacknowledged(), acts.today())
    except OSError:
        return _packages(request, is_unwritable=True, status=503)
    with transaction.atomic():
        audit.record(request.keyring.operator, "custody.bureau_sent", str(count))
    return _packages(request, sent=count)


@require_POST
@may("custody.packages.send")
def make_anew(request: DeskRequest) -> HttpResponseBase:
    try:
        making.make_anew(request.keyring)
    except NoBureauKey as error:
        return _packages(request, problem=telling.refused(error), status=409)
    return redirect("bureau:packages")


@require_safe
@may("custody.packages.send")
def package(request: DeskRequest, number: int) -> HttpResponseBase:
    """One sealed package, for whoever carries it by hand."""
    row = sending.unacknowledged().filter(number=number).first()
    if row is None or not row.body:
        raise Http404
    with transaction.atomic():
        audit.record(request.keyring.operator, "custody.bureau_sent", str(number))
    answer = HttpResponse(bytes(row.body), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{sending.name(row)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
@may("custody.worries")
def waiting_worries(request: DeskRequest) -> HttpResponse:
    """Whom counsel has to decide on; the monitor sees that they do."""
    may_open = roles.may(request.keyring.operator.plays, "custody.worry")
    context = {"people": worries.waiting(acts.today()), "may_open": may_open}
    return render(request, "bureau/worries.html", context)


@require_safe
@may("custody.worry")
def person(request: DeskRequest, number: str) -> HttpResponse:
    return _person(request, known_person(number))


@require_POST
@may("custody.worry")
def worry(request: DeskRequest, number: str) -> HttpResponseBase:
    one = known_person(number)
    try:
        worries.raise_worry(request.keyring.operator, one, fields.text(request.POST, "words", ANSWER_MAX))
    except CustodyError as error:
        return _person(request, one, problem=telling.refused(error), status=409)
    return redirect("bureau:person", number=one.number)


@require_POST
@may("custody.worry.decide")
def decide(request: DeskRequest, number: str) -> HttpResponseBase:
    one, said = known_person(number), request.POST.get("power")
    if said not in {"may-know", "waits"}:
        return _person(request, one, status=400)
    try:
        worries.decide(
            request.keyring.operator,
            one,
            fields.text(request.POST, "words", ANSWER_MAX),
            power_may_know=said == "may-know",
        )
    except CustodyError as error:
        return _person(request, one, problem=telling.refused(error), status=409)
    return redirect("bureau:person", number=one.number)


def _packages(request: DeskRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    there = keys.bureau_or_none()
    rows = list(sending.unacknowledged().select_related("person", "event")[: SHOWN + 1])
    context = {
        "rows": [(row, telling.kind(row.kind)) for row in rows[:SHOWN]],
        "is_cut": len(rows) > SHOWN,
        "waiting": sending.unacknowledged().count(),
        "known": Package.objects.exclude(acknowledged=None).count(),
        "stale": making.stale().count() if there else 0,
        "bureau": fingerprints.spoken(there.raw) if there else "",
        "line": fingerprints.spoken(line_file(appender.signing_key().verify_key)),
        "may_send": roles.may(request.keyring.operator.plays, "custody.packages.send"),
        "may_take": roles.may(request.keyring.operator.plays, "custody.packages.take"),
        **more,
    }
    return render(request, "bureau/packages.html", context, status=status)


def _person(request: DeskRequest, one: Person, *, problem: object = "", status: int = 200) -> HttpResponse:
    role = request.keyring.operator.plays
    decides = roles.may(role, "custody.worry.decide")
    context = {
        "person": one,
        "packages": [(row, telling.kind(row.kind)) for row in one.packages.select_related("event", "corrects")],
        "worry": one.worries.first(),
        "may_decide": decides,
        "grounds": worries.grounds(request.keyring, one) if decides and one.worries.exists() else [],
        "said": request.POST if problem else {},
        "problem": problem,
    }
    return render(request, "bureau/person.html", context, status=status)
