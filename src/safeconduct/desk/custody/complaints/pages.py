# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form, which any office fills in from paper, and the pages of the monitor and counsel."""

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.custody import bounds, days, printing, tickets
from safeconduct.desk.custody import forms as register_forms
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.complaints import access, acts, forms, telling
from safeconduct.desk.custody.complaints.errors import NoSuchComplaint
from safeconduct.desk.custody.complaints.sealed import Opened
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.paper.content import Complaint as Form

_FORM = ["GET", "HEAD", "POST"]


@require_http_methods(_FORM)
@may("custody.complain")
def write(request: DeskRequest, number: str = "") -> HttpResponseBase:
    """Whoever typed it is led away from it: no page of theirs shows it again."""
    if request.method != "POST":
        return _form(request, number)
    operator = request.keyring.operator
    try:
        acts.write_down(operator, tickets.ticket(request.POST), forms.told(request.POST, operator.name))
    except CustodyError as error:
        return _form(request, number, problem=telling.refused(error), status=400)
    return redirect("complaints:sealed")


@require_safe
@may("custody.complain")
def sealed(request: DeskRequest) -> HttpResponse:
    return render(request, "complaints/sealed.html")


@require_safe
@may("custody.complaints")
def complaints(request: DeskRequest) -> HttpResponse:
    answered = request.GET.get("answered") == "yes"
    lines = access.listed(days.here(), answered=answered)
    context = {"lines": lines, "answered": answered, "is_cut": len(lines) == access.SHOWN}
    return render(request, "complaints/list.html", context)


@require_safe
@may("custody.complaints")
def complaint(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@may("custody.complaints")
def take_up(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _followed(request, pk, lambda when: acts.take_up(request.keyring, pk, when))


@require_POST
@may("custody.complaints")
def forward(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _followed(request, pk, lambda when: acts.forward(request.keyring, pk, forms.addressee(request.POST), when))


@require_POST
@may("custody.complaints")
def answer(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _followed(request, pk, lambda when: acts.answer(request.keyring, pk, forms.words(request.POST), when))


@require_safe
@may("custody.complaints")
def paper(request: DeskRequest, pk: int) -> HttpResponse:
    """The form as it was filled in, to be sent to whom it is addressed."""
    known = _known(request, pk, "complaints.printed")
    back = reverse("complaints:complaint", args=[pk])
    return printing.answer(request, printing.Print(form_of(known), printing.languages_for(""), f"complaint-{pk}", back))


def form_of(known: Opened) -> Form:
    """What the person said, and when it came and went. Who received it is not printed: the form may leave the house."""
    told = known.told
    return Form(
        addressees=told.addressees,
        about_ill_treatment=told.is_ill_treatment,
        words=told.words,
        surname=told.surname,
        first_names=told.first_names,
        prisoner_number=told.number,
        camp=told.camp,
        date=told.said_on.isoformat() if told.said_on else "",
        received=known.row.entered.isoformat(),
        forwarded=known.row.forwarded.isoformat() if known.row.forwarded else "",
    )


def _followed(request: DeskRequest, pk: int, act: Callable[[When], None]) -> HttpResponseBase:
    try:
        act(register_forms.when(request.POST))
    except NoSuchComplaint:
        raise Http404 from None
    except CustodyError as error:
        return _page(request, pk, problem=telling.refused(error), status=400)
    return redirect("complaints:complaint", pk=pk)


def _known(request: DeskRequest, pk: int, act: str) -> Opened:
    try:
        return access.read(request.keyring, pk, act)
    except NoSuchComplaint:
        raise Http404 from None


def _page(request: DeskRequest, pk: int, *, problem: object = "", status: int = 200) -> HttpResponse:
    known = _known(request, pk, "complaints.read")
    left = acts.missing(known)
    context = {
        "known": known,
        "named": [telling.ADDRESSEES[one] for one in known.told.addressees],
        "left": [telling.ADDRESSEES[one] for one in known.told.addressees if one in left],
        "may_go_to": [(one.value, telling.ADDRESSEES[one]) for one in acts.addressees(known.told)],
        "steps": [(step, telling.ADDRESSEES[step.to] if step.to else "") for step in known.steps],
        "person": acts.person_of(known.told),
        "today": days.here(),
        "said": request.POST if problem else {},
        "problem": problem,
    }
    return render(request, "complaints/complaint.html", context, status=status)


def _form(request: DeskRequest, number: str, *, problem: object = "", status: int = 200) -> HttpResponse:
    said = request.POST
    context = {
        "said": said,
        "ticket": tickets.ticket(said).hex(),
        "number": said.get("number", number),
        "named": set(said.getlist("to")),
        "addressees": [(one.value, words) for one, words in telling.ADDRESSEES.items()],
        "camps": bounds.camps_of(request.keyring.operator).filter(is_open=True),
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "complaints/write.html", context, status=status)
