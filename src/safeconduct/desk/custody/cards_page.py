# SPDX-License-Identifier: AGPL-3.0-or-later
"""All capture cards that are due in a camp, in one print for each language, in the order of the board (art. 70)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import card_page, card_printing, days, printing, sealed
from safeconduct.desk.custody.errors import PaperFailed, PaperRefused
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.paper.content import CaptureCard
from safeconduct.paper.typesetting import CARDS_MOST
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.reception import CardPrinted, Health, Received

_TOO_MANY = CARDS_MOST + 1


@dataclass(frozen=True, slots=True)
class Due:
    """One card. `known` None: the person's details cannot be read. `printed` None: this very card was not printed yet."""

    row: Owed
    person: Person
    known: Received | None
    printed: CardPrinted | None

    @property
    def tag(self) -> str:
        """The first language of the card, which its print is chosen by."""
        return printing.languages_for(self.known.language)[0] if self.known else ""


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.identity")
def cards(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A card that cannot be set holds up no other: it is named, and the next print leaves it out."""
    camp = known_camp(pk)
    found = _due(request, camp)
    if request.method != "POST":
        return _page(request, camp, found)
    chosen = _chosen(request, found)
    if not chosen:
        return _page(request, camp, found, problem=_("Nothing was printed: choose at least one card."))
    return _print(request, camp, found, chosen)


def _print(request: DeskRequest, camp: Camp, found: Sequence[Due], chosen: Sequence[Due]) -> HttpResponse:
    languages = printing.languages_for(chosen[0].tag)
    people = [one.person for one in chosen]
    try:
        made = printing.printed(_cards(request, chosen), languages)
    except PaperRefused as error:
        return _refused(request, camp, found, people[error.place - 1] if error.place else None)
    except PaperFailed:
        problem = _("The cards could not be made just now, and none is entered as printed. Print them again.")
        return _page(request, camp, found, problem=problem, status=503)
    with transaction.atomic():
        audit.record(request.keyring.operator, "custody.cards_made", f"{camp.name}: {len(people)}")
        card_printing.remember(request.keyring.operator, people)
    return printing.as_file(made, f"cards-{camp.pk}-{languages[0]}-{days.here().isoformat()}")


def _refused(request: DeskRequest, camp: Camp, found: Sequence[Due], person: Person | None) -> HttpResponse:
    problem = _("One of these cards cannot be printed. Print them one by one, from each person's page.")
    if person is not None:
        told = _(
            "The card of %(number)s cannot be printed: something on it does not fit, or has letters that no font here knows. Print the others now, without it. Then shorten it under Details, or write it by hand on the blank form."
        )
        problem = told % {"number": person.number}
    without = [*request.POST.getlist("without"), *([person.number] if person else [])]
    return _page(request, camp, found, problem=problem, without=without, status=409)


def _chosen(request: DeskRequest, found: Sequence[Due]) -> list[Due]:
    """Of the language that was asked for; without those that could not be printed, and the printed ones unless asked for."""
    said, without = request.POST, set(request.POST.getlist("without"))
    mine = [one for one in found if one.tag and one.tag == said.get("language")]
    mine = [one for one in mine if one.person.number not in without]
    return mine if said.get("again") == "yes" else [one for one in mine if one.printed is None]


def _cards(request: DeskRequest, chosen: Sequence[Due]) -> list[CaptureCard]:
    health = _health(request, [one.person.pk for one in chosen])
    return [
        card_page.card_of(one.person, one.known, health.get(one.person.pk, ()))
        for one in chosen
        if one.known is not None
    ]


def _health(request: DeskRequest, people: Sequence[int]) -> dict[int, tuple[Health, ...]]:
    if request.keyring.operator.plays.team not in sealed.HEALTH.teams:
        return {}
    return {pk: said.states for pk, said in sealed.newest_of(people, request.keyring, sealed.HEALTH).items()}


@transaction.atomic
def _due(request: DeskRequest, camp: Camp) -> list[Due]:
    """The first thousand of the camp. Their pages are opened for their languages, and that is recorded."""
    rows = list(card_printing.due(camp)[:_TOO_MANY])
    audit.record(request.keyring.operator, "custody.cards", camp.name)
    people = [row.person for row in rows if row.person is not None]
    known = sealed.newest_of([one.pk for one in people], request.keyring, sealed.IDENTITY)
    printed = card_printing.printed(request.keyring, rows)
    return [
        Due(row, person, known.get(person.pk), printed.get(row.pk)) for row, person in zip(rows, people, strict=True)
    ][:CARDS_MOST]


def _page(
    request: DeskRequest,
    camp: Camp,
    found: Sequence[Due],
    *,
    without: Sequence[str] = (),
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    left: dict[str, list[Due]] = defaultdict(list)
    for one in found:
        if one.tag and one.person.number not in without:
            left[one.tag].append(one)
    context = {
        "camp": camp,
        "rows": found,
        "groups": [
            (tag, LANGUAGES[tag].endonym, len(some), sum(one.printed is None for one in some))
            for tag, some in left.items()
        ],
        "without": without,
        "today": days.here(),
        "is_full": len(found) == CARDS_MOST,
        **more,
    }
    return render(request, "custody/cards.html", context, status=400 if "problem" in more and status == 200 else status)  # noqa: PLR2004
