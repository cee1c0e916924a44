# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an address names, or no such page. Raises `Http404`."""

from django.http import Http404, HttpRequest

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.errors import NoSuchCamp, NoSuchPerson
from safeconduct.desk.custody.forms import row_number
from safeconduct.desk.custody.models import Camp, Person


def known_person(number: str) -> Person:
    """Whoever has this number."""
    try:
        return acts.person_of(number)
    except NoSuchPerson:
        raise Http404 from None


def known_camp(pk: int) -> Camp:
    """The camp of that row."""
    try:
        return acts.camp_of(pk)
    except NoSuchCamp:
        raise Http404 from None


def asked_camp(request: HttpRequest) -> Camp | None:
    """The camp by which an address narrows a list; all camps without one, or with one that is none."""
    return Camp.objects.filter(pk=row_number(request.GET, "camp")).first()
