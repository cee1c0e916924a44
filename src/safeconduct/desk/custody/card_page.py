# SPDX-License-Identifier: AGPL-3.0-or-later
"""The capture card of one person (art. 70, Annex IV.B), made in memory when it is asked for, and kept nowhere.

That it was printed is kept: the mail office sees which cards it can expect.
"""

from http import HTTPStatus

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, card_printing, printing, sealed
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest, Keyring
from safeconduct.paper.content import CaptureCard
from safeconduct.vocabulary.reception import Health, Received


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
    languages = printing.languages_for(known.language)
    back = reverse("custody:details", args=[person.number])
    answer = printing.answer(
        request,
        printing.Print(
            card_of(person, known, health_of(request.keyring, person)), languages, f"card-{person.number}", back
        ),
    )
    if answer.status_code == HTTPStatus.OK:
        card_printing.remember(request.keyring.operator, [person])
    return answer


def card_of(person: Person, known: Received, health: tuple[Health, ...] = ()) -> CaptureCard:
    """What the register knows of the card's fields; the person fills in the rest by hand, and signs."""
    return CaptureCard(
        power=known.power,
        surname=known.surname,
        first_names=known.first_names,
        fathers_first_name=known.fathers_first_name,
        birth_date=known.birth.text if known.birth else "",
        birth_place=known.birth_place,
        rank=known.rank,
        service_number=known.service_number,
        next_of_kin_address=known.next_of_kin_address,
        taken_on=known.in_power_since.isoformat() if known.in_power_since else "",
        health=health,
        prisoner_number=person.number,
        camp=person.camp.name if person.camp else "",
        date=acts.today().isoformat(),
    )


def health_of(keyring: Keyring, person: Person) -> tuple[Health, ...]:
    """What was ticked on arrival, for who may read it: the Bureau may not, and prints the field empty."""
    if keyring.operator.plays.team not in sealed.HEALTH.teams:
        return ()
    said = sealed.newest(keyring, person, sealed.HEALTH)
    return said.states if said else ()
