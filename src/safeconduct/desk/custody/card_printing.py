# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which capture cards are due in a camp, and which of them left the printer: sealed pages, because they name who printed."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from safeconduct.desk.custody import acts, sealed
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.sealed import BUREAU, CUSTODY, MAIL, Page
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator, TeamKey
from safeconduct.vocabulary.reception import CardPrinted

# The mail office has a copy: it enters that a card went, and looks for no card that nobody printed.
PRINTED = Page("card_printed", CardPrinted, (CUSTODY, BUREAU, MAIL))
DUTY = "card"


def due(camp: Camp | None) -> QuerySet[Owed]:
    """Whose card has to go, in the order of the board."""
    rows = Owed.objects.filter(duty=DUTY, person__isnull=False).select_related("person", "camp").order_by("due", "pk")
    return rows if camp is None else rows.filter(camp=camp)


@transaction.atomic
def remember(actor: Operator, people: Collection[Person]) -> None:
    """These cards were made just now, as number and camp are now. Called when the PDF is there, and never before."""
    owed = {row.person_id: row.since for row in Owed.objects.filter(duty=DUTY, person__in=people)}
    today = acts.today()
    told = {
        person: CardPrinted(
            number=person.number, camp=person.camp_id, since=owed.get(person.pk), day=today, by=actor.name
        )
        for person in people
    }
    sealed.keep_all(told, replace(PRINTED, teams=_keyed()), entered=today)


def _keyed() -> tuple[str, ...]:
    """A card has to go within the week, whether or not the mail office has its people by then (R25)."""
    keyed = TeamKey.objects.filter(team__code__in=PRINTED.teams).values_list("team__code", flat=True)
    return tuple(team for team in PRINTED.teams if team in set(keyed))


def printed(keyring: Keyring, rows: Iterable[Owed]) -> dict[int, CardPrinted]:
    """By the row of what is owed: the last printing of that very card. One with another number, camp or occasion is none."""
    by_person = {row.person_id: row for row in rows if row.person_id is not None}
    last = sealed.newest_of(by_person.keys(), keyring, PRINTED)
    return {row.pk: last[pk] for pk, row in by_person.items() if pk in last and _is_of(last[pk], row)}


def _is_of(told: CardPrinted, row: Owed) -> bool:
    return row.person is not None and (told.number, told.camp, told.since) == (
        row.person.number,
        row.camp_id,
        row.since,
    )
