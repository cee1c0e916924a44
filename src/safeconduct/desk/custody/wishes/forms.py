# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on this room's pages, as types. What is missing stays empty: an incomplete record is kept as it was said."""

from datetime import datetime, time
from typing import TypeVar

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_time

from safeconduct.desk.custody import forms
from safeconduct.desk.custody.errors import DayRefused, NoSuchPerson
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.wishes import sheets
from safeconduct.desk.custody.wishes.errors import TooLong, TooManyListed
from safeconduct.vocabulary.identity import NAME_MAX, SHORT_MAX
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.wishes import (
    LISTED_MOST,
    WORDS_MOST,
    Decision,
    Outcome,
    WayHome,
    Wish,
    WishKind,
    WitnessOffice,
)

Choice = TypeVar("Choice", WishKind, WitnessOffice, WayHome, Outcome)
_DECIDERS_MOST = 7


def wish(said: QueryDict) -> Wish:
    """Raises `DayRefused`, `TooLong`. A kind that is none is undecided."""
    language, sheet = said.get("language", ""), said.get("sheet", "")
    return Wish(
        kind=one_of(WishKind, said.get("wish", "")) or WishKind.UNDECIDED,
        said=_moment(said),
        language=language if language in LANGUAGES else "",
        sheet=sheet if sheet in sheets.VERSIONS else "",
        interpreter=_line(said, "interpreter", NAME_MAX),
        witness=_line(said, "witness", NAME_MAX),
        witness_office=one_of(WitnessOffice, said.get("witness_office", "")),
        is_signed="is_signed" in said,
        copy_given="copy_given" in said,
        name=_line(said, "name", NAME_MAX),
        refuses_if_sick="refuses_if_sick" in said,
        fears_return="fears_return" in said,
        words=words(said, "words"),
    )


def decision(said: QueryDict) -> Decision:
    """An outcome that is none is the one that protects; whether the rest will do is for the act to say. Raises `TooLong`."""
    names = [" ".join(line.split())[:NAME_MAX] for line in said.get("decided_by", "").splitlines()]
    return Decision(
        outcome=one_of(Outcome, said.get("outcome", "")) or Outcome.NOT_RETURNED,
        grounds=words(said, "grounds"),
        decided_by=tuple(one for one in names if one)[:_DECIDERS_MOST],
    )


def people(said: QueryDict) -> list[Person]:
    """Everybody whose number was typed, once each. Raises `NoSuchPerson`, `TooManyListed`."""
    numbers = dict.fromkeys(said.get("numbers", "").replace("\0", "").upper().replace(",", " ").split())
    if len(numbers) > LISTED_MOST:
        raise TooManyListed
    found = Person.objects.in_bulk([one[:SHORT_MAX] for one in numbers], field_name="number")
    if not numbers or len(found) < len(numbers):
        raise NoSuchPerson
    return [found[one] for one in numbers]


def one_of(kind: type[Choice], value: str) -> Choice | None:
    return next((one for one in kind if one.value == value), None)


def words(said: QueryDict, name: str) -> str:
    """Never cut: what is left out might be what matters. Raises `TooLong`."""
    told = said.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()
    if len(told) > WORDS_MOST:
        raise TooLong
    return told


def _moment(said: QueryDict) -> datetime:
    """Without a time it is the first that it can have been: 72 hours are never counted from too late."""
    day = forms.when(said).day
    try:
        at = parse_time(said.get("time", "") or "00:00")
    except ValueError:
        at = None
    if at is None:
        raise DayRefused("none")
    return timezone.make_aware(datetime.combine(day, time(at.hour, at.minute)))


def _line(said: QueryDict, name: str, most: int) -> str:
    return " ".join(said.get(name, "").replace("\0", "").split())[:most]
