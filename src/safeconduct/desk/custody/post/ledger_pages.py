# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ledger: of a person, of a camp's month and limit, and of one parcel."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.custody import days, mistakes
from safeconduct.desk.custody import forms as register_forms
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_camp, known_person
from safeconduct.desk.custody.post import access, acts, forms, striking, telling
from safeconduct.desk.custody.post.access import Waiting
from safeconduct.desk.custody.post.errors import NoSuchPiece
from safeconduct.desk.custody.post.kinds import Before, Kind
from safeconduct.desk.custody.post.models import CARDS_LEAST, LETTERS_LEAST, Piece
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_FORM = ["GET", "HEAD", "POST"]


@require_safe
@may("custody.post_ledger")
def person(request: DeskRequest, number: str) -> HttpResponse:
    known, today = known_person(number), days.here()
    context = {
        "person": known,
        "month": access.months([known], today)[0],
        "rows": [_line(one) for one in access.of_person(known)],
        "may_enter": roles.may(request.keyring.operator.plays, "custody.post"),
        "today": today,
    }
    return render(request, "post/person.html", context)


@require_http_methods(_FORM)
@may("custody.post_ledger")
def camp(request: DeskRequest, pk: int) -> HttpResponseBase:
    """What everybody in a camp has left this month. A registrar sets the limit, which is never below the Convention's."""
    known = known_camp(pk)
    may_set = roles.may(request.keyring.operator.plays, "custody.post_limit")
    problem: object = ""
    if request.method == "POST":
        if not may_set:
            raise Http404
        try:
            letters, cards = forms.number(request.POST, "letters"), forms.number(request.POST, "cards")
            acts.set_allowance(request.keyring.operator, known, letters, cards)
        except CustodyError as error:
            problem = telling.refused(error)
        else:
            return redirect("post:camp", pk=pk)
    number = request.GET.get("number", "")
    rows = access.months(access.held_in(known, number), days.here())
    letters, cards = access.allowance(known)
    context = {
        "camp": known,
        "number": number,
        "rows": rows,
        "is_cut": len(rows) == access.LISTED,
        "letters": letters,
        "cards": cards,
        "letters_least": LETTERS_LEAST,
        "cards_least": CARDS_LEAST,
        "may_set": may_set,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "post/camp.html", context, status=400 if problem else 200)


@require_http_methods(_FORM)
@may("custody.post")
def parcel(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Opened before its owner or the representative; what is in it is written down and sealed."""
    known = _parcel(pk)
    problem: str | Promise = ""
    if request.method == "POST":
        before = forms.word(request.POST, "before", Before, Before.PERSON)
        try:
            when = register_forms.when(request.POST)
            acts.open_parcel(request.keyring.operator, pk, before, forms.contents(request.POST), when)
        except CustodyError as error:
            problem = telling.refused(error)
        else:
            return redirect("post:parcel", pk=pk)
    context = {
        "piece": known,
        "contents": access.contents(request.keyring, known),
        "before": telling.BEFORE[Before(known.before)] if known.before else "",
        "outcome": telling.outcome(known),
        "befores": [(one.value, words) for one, words in telling.BEFORE.items()],
        "said": request.POST,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "post/parcel.html", context, status=400 if problem else 200)


@require_http_methods(_FORM)
@may("custody.post")
def strike(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Something that was entered of a piece was an error."""
    known, problem = _piece(pk), ""
    if request.method == "POST":
        try:
            what = forms.entry(request.POST)
            striking.strike(request.keyring.operator, pk, what, mistakes.mistake(request.POST))
        except CustodyError as error:
            problem = str(telling.refused(error))
        else:
            return redirect("post:person", number=known.person.number)
    context = {
        "piece": known,
        "kind": telling.kind(known),
        "outcome": telling.outcome(known),
        "entries": [(one.value, telling.ENTRIES[one]) for one in striking.entries(known)],
        "mistakes": mistakes.choices(),
        "said": request.POST,
        "problem": problem,
    }
    return render(request, "post/strike.html", context, status=400 if problem else 200)


def _line(one: Waiting) -> dict[str, object]:
    """A piece in the ledger, with what was entered of it by mistake."""
    return {
        "one": one,
        "words": telling.kind(one.piece),
        "outcome": telling.outcome(one.piece),
        "struck": [telling.struck(row) for row in one.piece.struck.all()],
    }


def _piece(pk: int) -> Piece:
    try:
        return access.piece(pk)
    except NoSuchPiece:
        raise Http404 from None


def _parcel(pk: int) -> Piece:
    piece = _piece(pk)
    if piece.kind != Kind.PARCEL.value:
        raise Http404
    return piece
