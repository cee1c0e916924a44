# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exchange lists: building one, looking at every entry again, approving, handing over, and the paper for the exchange office."""

import hashlib
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import crossing, printing, tickets
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.wishes import access, dropping, forms, listing, office, telling
from safeconduct.desk.custody.wishes.counting import Unlisted
from safeconduct.desk.custody.wishes.errors import NobodyListed
from safeconduct.desk.custody.wishes.listing import Looked
from safeconduct.desk.custody.wishes.models import LIVING, ExchangeList, ListState
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest, Keyring
from safeconduct.paper import content


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.exchange")
def lists(request: DeskRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _lists(request)
    try:
        built = _build(request.keyring, request.POST)
    except CustodyError as error:
        left_out = dict(error.left_out) if isinstance(error, NobodyListed) else {}
        return _lists(request, problem=telling.refused(error), left_out=left_out, status=400)
    if built is None:
        return redirect("wishes:lists")
    return _one(request, built[0], left_out=built[1])


@crossing.act
def _build(keyring: Keyring, said: QueryDict) -> tuple[ExchangeList, dict[str, Unlisted]] | None:
    """One list of the same people from one page, however often it is sent; None: it was built already.

    The answer is no redirect: who was left out, and why, is told once and kept nowhere.
    """
    people = forms.people(said)
    named = b"".join(sorted(bytes(one.token) for one in people))
    if not tickets.use(hashlib.sha256(tickets.ticket(said) + named).digest()):
        return None
    return listing.build(keyring, people)


@require_safe
@may("custody.exchange")
def one(request: DeskRequest, pk: int) -> HttpResponse:
    return _one(request, _known(pk))


@require_POST
@may("custody.exchange")
def approve(request: DeskRequest, pk: int) -> HttpResponseBase:
    row = _known(pk)
    try:
        gone = listing.approve(request.keyring, row.pk)
    except CustodyError as error:
        return _one(request, row, problem=telling.refused(error), status=409)
    return _one(request, _known(pk), gone=gone) if gone else redirect("wishes:list", pk=pk)


@require_POST
@may("custody.exchange")
def hand_over(request: DeskRequest, pk: int) -> HttpResponseBase:
    row = _known(pk)
    try:
        listing.hand_over(request.keyring, row.pk)
    except CustodyError as error:
        return _one(request, row, problem=telling.refused(error), status=409)
    return redirect("wishes:list", pk=pk)


@require_POST
@may("custody.exchange")
def drop(request: DeskRequest, pk: int) -> HttpResponseBase:
    row = _known(pk)
    try:
        dropping.drop(request.keyring.operator, row.pk)
    except CustodyError as error:
        return _one(request, row, problem=telling.refused(error), status=409)
    return redirect("wishes:list", pk=pk)


@require_POST
@may("custody.exchange")
def told(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The exchange office knows how the list stands. What the page showed is compared: nobody is told of unseen (`seen`)."""
    row = _known(pk)
    try:
        office.tell(request.keyring, row.pk, request.POST.get("seen", "").split())
    except CustodyError as error:
        return _one(request, row, problem=telling.refused(error), status=409)
    return redirect("wishes:list", pk=pk)


@require_safe
@may("custody.exchange")
def paper(request: DeskRequest, pk: int) -> HttpResponse:
    """Numbers and confirmed names of who was handed over and may still go, and nothing else (R43). Before that there is no paper."""
    row = _known(pk)
    if row.state != ListState.HANDED_OVER.value:
        raise Http404
    with transaction.atomic():
        audit.record(request.keyring.operator, "custody.exchange_print", str(pk))
        entries = listing.handed(request.keyring, row)
    if not entries:
        return _one(request, row, status=409)
    form = content.ExchangeList(
        date=row.day.isoformat(),
        prisoners=tuple(content.Exchanged(prisoner_number=entry.number, name=entry.name) for entry in entries),
    )
    back = reverse("wishes:list", args=[pk])
    return printing.answer(request, printing.Print(form, printing.languages_for(""), f"exchange-{pk}", back))


def _left_out(left_out: Mapping[str, Unlisted] | None) -> list[tuple[str, str | Promise]]:
    return [(number, telling.UNLISTED[why]) for number, why in (left_out or {}).items()]


def _known(pk: int) -> ExchangeList:
    row = ExchangeList.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _lists(
    request: DeskRequest, *, problem: object = "", left_out: Mapping[str, Unlisted] | None = None, status: int = 200
) -> HttpResponse:
    rows = [
        {"row": row, "state": telling.STATES[ListState(row.state)], "untold": len(office.untold(request.keyring, row))}
        for row in access.lists()
    ]
    context = {
        "rows": rows,
        "form": request.POST,
        "ticket": request.POST.get("ticket") or tickets.new_ticket(),
        "problem": problem,
        "left_out": _left_out(left_out),
        **telling.APART,
    }
    return render(request, "wishes/lists.html", context, status=status)


def _one(  # noqa: PLR0913 - what a page of a step has to say besides
    request: DeskRequest,
    row: ExchangeList,
    *,
    left_out: Mapping[str, Unlisted] | None = None,
    gone: Sequence[Looked] = (),
    problem: object = "",
    status: int = 200,
) -> HttpResponse:
    found = access.one_list(request.keyring, row)
    proposal = found.proposal
    is_yours = proposal is not None and proposal.proposed_by_id == request.keyring.operator.pk
    is_open = proposal is not None and proposal.is_open
    context = {
        "row": row,
        "state": telling.STATES[ListState(row.state)],
        "found": found,
        "entries": [(one.entry, telling.UNLISTED[one.why] if one.why else "") for one in found.looked],
        "left_out": _left_out(left_out),
        "gone": [(one.entry.number, telling.UNLISTED[one.why]) for one in gone if one.why],
        "is_living": row.state in LIVING,
        "is_yours": is_yours,
        "may_approve": row.state == ListState.BUILT.value and is_open and not is_yours,
        "is_stranded": row.state in LIVING and proposal is None,
        "may_hand_over": row.state == ListState.APPROVED.value and proposal is not None,
        "is_handed": row.state == ListState.HANDED_OVER.value and not found.is_set_aside,
        "is_printable": row.state == ListState.HANDED_OVER.value and found.staying > 0,
        "problem": problem,
    }
    return render(request, "wishes/list.html", context, status=status)
