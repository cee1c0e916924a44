# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list on paper, for those who lead the journey: with names, which a registrar's key opens (art. 48)."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import printing, sealed
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.movements import access, acts
from safeconduct.desk.custody.movements.list_pages import known_list
from safeconduct.desk.custody.movements.models import Movement
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest, Keyring
from safeconduct.paper.content import TransferList, Transferred
from safeconduct.vocabulary.reception import Received

Days = Mapping[int, date]


@require_safe
@may("custody.move")
def paper(request: DeskRequest, pk: int) -> HttpResponse:
    """Only those who travel: who does not, and why, is on no paper that goes along."""
    movement = known_list(request, pk)
    with transaction.atomic():
        form = paper_of(request.keyring, movement)
        audit.record(request.keyring.operator, "movements.paper", acts.subject(movement))
    back = reverse("movements:list", kwargs={"pk": pk})
    languages = [printing.OURS, printing.THEIRS]
    return printing.answer(request, printing.Print(form, languages, f"list-{movement.pk}", back))


def paper_of(keyring: Keyring, movement: Movement) -> TransferList:
    """Baggage and signatures are written by hand, at the scales and at the gate. Raises `NotAdmitted`, `Tampered`."""
    told, passed = access.told_on(movement), access.passed_on(movement)
    return TransferList(
        from_camp=movement.origin.name,
        to_camp=movement.to.name,
        new_address=movement.to.address,
        departure=movement.departs.isoformat(),
        notice_given=max(told.values()).isoformat() if told else "",
        prisoners=tuple(_line(keyring, row.person, told, passed) for row in acts.going(movement)),
    )


def _line(keyring: Keyring, person: Person, told: Days, passed: Days) -> Transferred:
    known = sealed.identity(keyring, person) or Received()
    return Transferred(
        prisoner_number=person.number,
        name=f"{known.surname} {known.first_names}".strip(),
        rank=known.rank,
        fit_to_travel=_day(passed, person),
        told_on=_day(told, person),
    )


def _day(days: Days, person: Person) -> str:
    return days[person.pk].isoformat() if person.pk in days else ""
