# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the reply to the phrasebook and back: what is being written is kept meanwhile, sealed, and no value is in an address."""

import secrets
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from safeconduct.desk.cases import acts, reading
from safeconduct.desk.cases.case_page import keeps, with_hand
from safeconduct.desk.cases.models import Case, Draft
from safeconduct.desk.cases.writing import Hand, Writing, open_draft
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.phrasebook import access as phrasebook
from safeconduct.desk.phrasebook import pages
from safeconduct.desk.phrasebook.errors import NotApproved, UnknownPhrase, ValueRefused
from safeconduct.sealing.errors import SealingError

_BOX = "reply"


@require_POST
@keeps(_BOX)
@may("cases.reply")
@with_hand
def open_phrasebook(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Keep what stands in the reply, and show the sentences in the person's language."""
    _keep(hand, number, request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("form", ""))
    return _to_phrasebook({"case": number, "to": _language(hand, number)})


@require_POST
@may("cases.reply")
@with_hand
def put(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Put a sentence behind what stands in the reply."""
    name, to = request.POST.get("phrase", ""), request.POST.get("to", "")
    try:
        said = phrasebook.rendered(name, to, pages.values_of(phrasebook.known(name), request.POST))
    except (UnknownPhrase, NotApproved):
        raise Http404 from None
    except ValueRefused as refused:
        return _to_phrasebook({"case": number, "to": to, "phrase": name, "wrong": refused.name}, name)
    before = _draft(hand, number).rstrip()
    _keep(hand, number, f"{before}\n\n{said}" if before else said, secrets.token_hex(16))
    return HttpResponseRedirect(
        f"{reverse('cases:case', args=[number])}?{urlencode({'said': name})}#{_BOX}", status=303
    )


def _keep(hand: Hand, number: str, text: str, form: str) -> None:
    acts.keep_draft(hand.operator, number, Writing(text, seen=0, form=form), box=_BOX, keys=hand.keys)


def _language(hand: Hand, number: str) -> str:
    """What the person last chose: it stands in clear only while something waits (T3). Nothing when nobody knows it."""
    case = Case.objects.get(number=number)
    return reading.frame(hand, case).language or case.language


def _draft(hand: Hand, number: str) -> str:
    draft = Draft.objects.filter(case__number=number, operator=hand.operator, box=_BOX).select_related("case").first()
    try:
        return open_draft(hand, draft) if draft is not None else ""
    except SealingError:  # of a key that the operator no longer has
        return ""


def _to_phrasebook(asked: dict[str, str], phrase: str = "") -> HttpResponseRedirect:
    place = f"#p-{phrase}" if phrase else ""
    return HttpResponseRedirect(f"{reverse('phrasebook:pick')}?{urlencode(asked)}{place}", status=303)
