# SPDX-License-Identifier: AGPL-3.0-or-later
"""The capture card of one person (art. 70, Annex IV.B), made in memory when it is asked for, and kept nowhere."""

import subprocess
import sys

import msgspec
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, sealed
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.person_pages import known_person
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.paper.__main__ import REFUSED
from safeconduct.paper.content import CaptureCard
from safeconduct.paper.wording import AVAILABLE
from safeconduct.vocabulary.reception import Received

_PATIENCE = 30  # seconds
OURS, THEIRS = "uk", "en"  # the detaining Power's language, and one that the Agency reads


@require_safe
@may("custody.identity")
def card(request: DeskRequest, number: str) -> HttpResponse:
    """In the person's language, the detaining Power's and the Agency's. What cannot be set on a card is said, not left out."""
    person = known_person(number)
    known = sealed.identity(request.keyring, person)
    if known is None:
        raise Http404
    with transaction.atomic():
        audit.record(request.keyring.operator, "custody.card", person.number)
    done = _printed(card_of(person, known), _languages(known))
    if done is None or done.returncode:
        is_refused = done is not None and done.returncode == REFUSED
        context = {"person": person, "is_refused": is_refused}
        return render(request, "custody/no_card.html", context, status=409 if is_refused else 503)
    answer = HttpResponse(done.stdout, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="card-{person.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def card_of(person: Person, known: Received) -> CaptureCard:
    """What the register knows of the card's fields; the person fills in the rest by hand, and signs."""
    return CaptureCard(
        power=known.power,
        surname=known.surname,
        first_names=known.first_names,
        birth_date=known.birth.text if known.birth else "",
        rank=known.rank,
        service_number=known.service_number,
        taken_on=known.in_power_since.isoformat() if known.in_power_since else "",
        prisoner_number=person.number,
        camp=person.camp.name if person.camp else "",
        date=acts.today().isoformat(),
    )


def _printed(card: CaptureCard, languages: list[str]) -> subprocess.CompletedProcess[bytes] | None:
    """In a process that ends, because the typesetter remembers what it set. None when it took too long."""
    command = [sys.executable, "-P", "-m", "safeconduct.paper", *languages]
    written = msgspec.json.encode(card)
    try:  # our own module; the languages stand in our own list
        return subprocess.run(command, input=written, capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired:
        return None


def _languages(known: Received) -> list[str]:
    theirs = [known.language] if known.language in AVAILABLE else []
    return list(dict.fromkeys([*theirs, OURS, THEIRS]))[:3]
