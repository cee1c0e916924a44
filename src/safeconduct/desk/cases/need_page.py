# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying what a case needs of whoever answers it, and opening what was said for a page."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from safeconduct.desk.cases import needs
from safeconduct.desk.cases.case_page import hand_of, with_hand
from safeconduct.desk.cases.errors import HeldByOthers, NeedRefused, NotReadYet
from safeconduct.desk.cases.needs import Opener
from safeconduct.desk.cases.routing import NeedsOf
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_KEEP, _BACK = "keep", "back"


@require_POST
@may("cases.need")
@with_hand
def say(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """What was ticked. Who gives the case back goes to the queue: reading it would take it again at once."""
    do = request.POST.get("do", "")
    if do not in {_KEEP, _BACK}:
        raise Http404
    try:
        needs.say(hand, number, request.POST.getlist("skills"), gives_back=do == _BACK)
    except NeedRefused:
        raise Http404 from None
    except (HeldByOthers, NotReadYet):
        do = _KEEP  # the page of the case says what stands in the way, and is a reading
    page = reverse("cases:queue") if do == _BACK else reverse("cases:case", args=[number])
    return HttpResponseRedirect(page, status=303)


def opener_of(request: DeskRequest) -> NeedsOf:
    """Of the operator in this request. Whom nobody has let in to the team yet sees the queue, and no need in it."""
    try:
        return Opener(hand_of(request))
    except NotAdmitted:
        return needs.nobodys
