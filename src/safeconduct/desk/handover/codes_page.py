# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: the person's words, in a message of their own."""

import secrets

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from safeconduct.desk.cases import telling as words
from safeconduct.desk.cases.forms import WritingForm
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import acts, codes, releasing, telling
from safeconduct.desk.handover.cell_pages import back, guarded
from safeconduct.desk.handover.errors import CodesMissing, NamesThePlace, NoCodes
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@may("handover.codes")
@guarded
def tell(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    if request.method != "POST":
        return _shown(request, hand, number)
    form = WritingForm(request.POST)
    if not form.is_valid():
        return _shown(request, hand, number, form=form, problem=telling.refusal(CodesMissing()))
    try:
        releasing.tell_codes(hand, number, form.written())
    except (CodesMissing, NamesThePlace) as error:
        return _shown(request, hand, number, form=form, problem=telling.refusal(error))
    return back(number)


def _shown(
    request: DeskRequest, hand: Hand, number: str, *, form: WritingForm | None = None, problem: object = ""
) -> HttpResponse:
    row, case, plan = acts.read(hand, number)
    if case is None or plan is None:
        raise NoCodes(number)
    said = releasing.codes_of(hand, row, case)
    fresh = {
        "text": codes.text_for_person(said, plan.language),
        "seen": _last_read(case),
        "form": secrets.token_hex(16),
    }
    context = {
        "handover": row,
        "case": case,
        "codes": said,
        "language": words.language(plan.language),
        "form": form or WritingForm(initial=fresh),
        "problem": problem,
    }
    return render(request, "handover/codes.html", context, status=400 if problem else 200)


def _last_read(case: Case) -> int:
    """Up to here: the page shows no conversation, and what crosses with the words is what nobody has opened."""
    return case.envelopes.exclude(opened_day=None).order_by("-pk").values_list("pk", flat=True).first() or 0
