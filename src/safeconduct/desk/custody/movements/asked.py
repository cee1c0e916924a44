# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on this room's pages, as types. Raises `CustodyError`."""

import re

from django.http import QueryDict

from safeconduct.desk.custody import acts, forms, numbers
from safeconduct.desk.custody.errors import NoSuchCamp
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.movements.errors import NobodyListed, SameCamp
from safeconduct.desk.custody.movements.states import Kind
from safeconduct.vocabulary.custody import Category, Need

_BETWEEN = re.compile(r"[\s,;]+")
_MOST = 500  # numbers that one form may name


def kind(said: QueryDict) -> Kind:
    """An evacuation when it says so; what is not said is a transfer, of which more is asked."""
    return Kind.EVACUATION if said.get("kind") == Kind.EVACUATION.value else Kind.TRANSFER


def to(said: QueryDict) -> Camp:
    """Raises `NoSuchCamp`, `SameCamp`."""
    number = said.get("to", "")
    if not number:
        raise SameCamp
    if not (number.isascii() and number.isdigit() and len(number) <= forms.ROW_LONGEST):
        raise NoSuchCamp
    return acts.camp_of(int(number))


def people(said: QueryDict) -> list[Person]:
    """Those who were ticked, and those whose numbers were typed. Raises `UnknownNumbers`, `NobodyListed`."""
    typed = [
        *said.getlist("who"),
        *(word for word in _BETWEEN.split(said.get("numbers", "").replace("\0", "")) if word),
    ]
    if not typed or len(typed) > _MOST:
        raise NobodyListed
    return list({one.pk: one for one in numbers.named(typed).values()}.values())


def category(said: QueryDict, name: str) -> Category | None:
    """None where none was chosen."""
    return next((one for one in Category if one.value == said.get(name)), None)


def needs(said: QueryDict, name: str) -> frozenset[Need]:
    told = set(said.getlist(name))
    return frozenset(one for one in Need if one.value in told)
