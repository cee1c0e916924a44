# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's wish: what counts, all that was said, a new record, the paper to sign, and the sheet to read out first."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import days, printing, sealed
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.wishes import access, acts, forms, sheets, telling
from safeconduct.desk.custody.wishes.access import Said
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.paper.content import WishRecord
from safeconduct.vocabulary.languages import LANGUAGES


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.wish")
def wish(request: DeskRequest, number: str) -> HttpResponseBase:
    """Counsel reads; a registrar also writes."""
    person = known_person(number)
    if request.method != "POST":
        return _page(request, person)
    if not roles.may(request.keyring.operator.plays, "custody.wish_take"):
        raise Http404
    try:
        acts.take(request.keyring, person, forms.wish(request.POST))
    except CustodyError as error:
        return _page(request, person, problem=telling.refused(error), status=400)
    return redirect("wishes:wish", number=person.number)


@require_safe
@may("custody.wish_take")
def record(request: DeskRequest, number: str) -> HttpResponse:
    """The form in the person's language, to be filled in and signed by hand; nothing is ticked beforehand."""
    person = known_person(number)
    known = sealed.identity(request.keyring, person)
    with transaction.atomic():
        audit.record(request.keyring.operator, "custody.wish_print", person.number)
    tag = known.language if known else ""
    form = WishRecord(
        surname=known.surname if known else "",
        first_names=known.first_names if known else "",
        prisoner_number=person.number,
        camp=person.camp.name if person.camp else "",
        language_used=LANGUAGES[tag].endonym if tag in LANGUAGES else "",
        sheet_version=sheets.IN_FORCE,
    )
    back = reverse("wishes:wish", args=[person.number])
    return printing.answer(request, printing.Print(form, printing.languages_for(tag), f"wish-{person.number}", back))


@require_safe
@may("custody.wish")
def sheet(request: DeskRequest, language: str) -> HttpResponse:
    """The information sheet in force, to be read out or shown."""
    found = sheets.sheet(language)
    if found is None:
        raise Http404
    context = {
        "sheet": found,
        "direction": LANGUAGES[language].direction,
        "others": [(tag, LANGUAGES[tag].endonym) for tag in sheets.languages()],
    }
    return render(request, "wishes/sheet.html", context)


def _page(request: DeskRequest, person: Person, *, problem: object = "", status: int = 200) -> HttpResponse:
    found = access.wishes(request.keyring, person)
    may_take = roles.may(request.keyring.operator.plays, "custody.wish_take")
    known = sealed.identity(request.keyring, person) if may_take else None
    context = {
        "person": person,
        "counts": telling.WISHES[found.standing.kind],
        "standing": found.standing,
        "handed": found.handed,
        "said": [_told(one) for one in found.said],
        "may_take": may_take,
        "form": request.POST,
        "language": request.POST.get("language") or (known.language if known else ""),
        "name": request.POST.get("name") or (f"{known.surname} {known.first_names}".strip() if known else ""),
        "today": days.here(),
        "problem": problem,
        **telling.APART,
        **_choices(),
    }
    return render(request, "wishes/wish.html", context, status=status)


def _told(one: Said) -> dict[str, object]:
    office = one.wish.witness_office
    return {
        "wish": one.wish,
        "words": telling.WISHES[one.wish.kind],
        "office": telling.OFFICES[office] if office else "",
        "language": LANGUAGES[one.wish.language].endonym if one.wish.language in LANGUAGES else "",
        "lacks": [telling.MISSING[lack] for lack in one.lacks],
    }


def _choices() -> dict[str, Any]:
    return {
        "kinds": [(one.value, words) for one, words in telling.WISHES.items()],
        "offices": [(one.value, words) for one, words in telling.OFFICES.items()],
        "languages": [(tag, language.endonym) for tag, language in LANGUAGES.items()],
        "sheets": [(tag, LANGUAGES[tag].endonym) for tag in sheets.languages()],
        "in_force": sheets.IN_FORCE,
    }
