# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers of prisoners of war: whose one is or was, and which can be given. A number is of one person for ever (arts. 70, 122)."""

import re
from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from safeconduct.desk.custody.errors import NumberGiven, NumberRefused, NumberSame, NumberTaken, UnknownNumbers
from safeconduct.desk.custody.models import Camp, Former, Person

_NUMBER = re.compile(r"[A-Z0-9]([A-Z0-9-]{0,18}[A-Z0-9])?")


def plain(typed: str) -> str:
    """As it is kept and looked up."""
    return typed.replace("\0", "").strip().upper()


def holder(typed: str) -> Person | None:
    """Whoever has this number, or had it before it was corrected."""
    number, people = plain(typed), Person.objects.select_related("camp")
    return people.filter(number=number).first() or people.filter(former__number=number).first()


def holders(typed: Iterable[str]) -> set[int]:
    """The rows of all who have one of these numbers, or had it."""
    numbers = {plain(one) for one in typed}
    now = Person.objects.filter(number__in=numbers).values_list("pk", flat=True)
    return {*now, *Former.objects.filter(number__in=numbers).values_list("person_id", flat=True)}


def named(typed: Iterable[str]) -> dict[str, Person]:
    """By each number that was typed, whoever has it or had it. Raises `UnknownNumbers`, which names the others."""
    wanted = dict.fromkeys(plain(one) for one in typed)
    people = Person.objects.select_related("camp")
    rows = Former.objects.filter(number__in=list(wanted)).select_related("person__camp")
    found = {row.number: row.person for row in rows} | {
        one.number: one for one in people.filter(number__in=list(wanted))
    }
    if unknown := [one for one in wanted if one not in found]:
        raise UnknownNumbers(unknown)
    return {one: found[one] for one in wanted}


def before(person: Person) -> list[str]:
    """The numbers that they had and have no more."""
    return list(person.former.exclude(number=person.number).values_list("number", flat=True))


@transaction.atomic
def given(typed: str, camp: Camp) -> Person:
    """Somebody new, with a number that nobody has or ever had. Raises `NumberRefused`, `NumberTaken`, `NumberGiven`."""
    number = _written(typed)
    try:
        with transaction.atomic():
            person = Person.objects.create(number=number, camp=camp)
    except IntegrityError:
        raise NumberTaken from None
    _require_new(number, person)
    return person


@transaction.atomic
def replace(person: Person, typed: str, until: date) -> str:
    """Another number for the person, who keeps the old one as a former one; which was it. One of their own may come back.

    Raises what `given` raises, and `NumberSame`.
    """
    number, old = _written(typed), person.number
    try:
        with transaction.atomic():
            changed = Person.objects.filter(pk=person.pk).exclude(number=number).update(number=number)
    except IntegrityError:
        raise NumberTaken from None
    if not changed:
        raise NumberSame
    _require_new(number, person)
    Former.objects.update_or_create(number=old, defaults={"person": person, "until": until})
    return old


def _written(typed: str) -> str:
    number = plain(typed)
    if not _NUMBER.fullmatch(number):
        raise NumberRefused
    return number


def _require_new(number: str, person: Person) -> None:
    """Asked when the number is in the row: whoever gave it up at the same moment was waited for there."""
    if Former.objects.filter(number=number).exclude(person=person).exists():
        raise NumberGiven
