# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on this room's pages, as types. What is missing stays empty: an incomplete record is kept as it was said."""

from datetime import datetime, time
from typing import TypeVar

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_time

from safeconduct.desk.custody import fields, forms, numbers
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


@fields.together
def wish(said: QueryDict) -> Wish:
    """Raises `DayRefused`, `TooLong`, `DoesNotFit`. A kind that is none is undecided."""
    language, sheet = said.get("language", ""), said.get("sheet", "")
    return Wish(
        kind=one_of(WishKind, said.get("wish", "")) or WishKind.UNDECIDED,
        said=_moment(said),
        has_time=bool(said.get("time", "")),
        language=language if language in LANGUAGES else "",
        sheet=sheet if sheet in sheets.VERSIONS else "",
        interpreter=fields.line(said, "interpreter", NAME_MAX),
        witness=fields.line(said, "witness", NAME_MAX),
        witness_office=one_of(WitnessOffice, said.get("witness_office", "")),
        is_signed="is_signed" in said,
        copy_given="copy_given" in said,
        name=fields.line(said, "name", NAME_MAX),
        refuses_if_sick="refuses_if_sick" in said,
        fears_return="fears_return" in said,
        words=words(said, "words"),
    )


@fields.together
def decision(said: QueryDict) -> Decision:
    """An outcome that is none is the one that protects; whether the rest will do is for the act to say. Raises `TooLong`, `DoesNotFit`, `DayRefused`."""
    return Decision(
        outcome=one_of(Outcome, said.get("outcome", "")) or Outcome.NOT_RETURNED,
        grounds=words(said, "grounds"),
        decided_by=tuple(fields.lines(said, "decided_by", NAME_MAX, _DECIDERS_MOST)),
        country=fields.line(said, "country", SHORT_MAX),
        day=forms.day_or_none(said, "day"),
    )


def people(said: QueryDict) -> list[Person]:
    """Everybody whose number was typed, also one that was put right, once each. Raises `NoSuchPerson`, `UnknownNumbers`, `TooManyListed`."""
    typed = said.get("numbers", "").replace("\0", "").replace(",", " ").split()
    if not typed:
        raise NoSuchPerson
    if len(typed) > LISTED_MOST:
        raise TooManyListed
    return list({one.pk: one for one in numbers.named(typed).values()}.values())


def one_of(kind: type[Choice], value: str) -> Choice | None:
    return next((one for one in kind if one.value == value), None)


def words(said: QueryDict, name: str) -> str:
    """Never cut: what is left out might be what matters. Raises `TooLong`."""
    return fields.text(said, name, WORDS_MOST, TooLong)


def _moment(said: QueryDict) -> datetime:
    """Without a time the first of that day."""
    day = forms.when(said).day
    try:
        at = parse_time(said.get("time", "") or "00:00")
    except ValueError:
        at = None
    if at is None:
        raise DayRefused("none")
    return timezone.make_aware(datetime.combine(day, time(at.hour, at.minute)))
