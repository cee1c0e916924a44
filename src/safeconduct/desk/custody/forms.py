# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on custody's pages, as types. Raises `CustodyError` or gives nothing away."""

import re
from collections.abc import Mapping
from datetime import date

import msgspec
from django.http import QueryDict

from safeconduct.desk.custody import fields
from safeconduct.desk.custody.acts import When, camp_of
from safeconduct.desk.custody.duties import Event
from safeconduct.desk.custody.errors import BirthEitherWay, DayRefused, NoSuchCamp, NotYours
from safeconduct.desk.custody.models import Camp
from safeconduct.matching import dates
from safeconduct.vocabulary import ranks
from safeconduct.vocabulary.custody import Category, Precision
from safeconduct.vocabulary.identity import DATE_MAX, NAME_MAX, SHORT_MAX, SPELLINGS_MAX, Birth
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.reception import Equivalence, Received, RetainedPersonnel

_NO_WORDS = re.compile(r"[0-9./ -]{1,20}")
ROW_LONGEST = 9  # digits of a row's number
_PLACES_LONGEST = 5  # digits
_MOST = {
    "surname": NAME_MAX,
    "first_names": NAME_MAX,
    "rank": SHORT_MAX,
    "birth": DATE_MAX,
    "service_number": SHORT_MAX,
    "power": SHORT_MAX,
    "fathers_first_name": NAME_MAX,
    "mothers_maiden_name": NAME_MAX,
    "birth_place": NAME_MAX,
    "next_of_kin_address": NAME_MAX,
    "person_to_inform": NAME_MAX,
    "person_to_inform_address": NAME_MAX,
    "correspondence_address": NAME_MAX,
}  # characters of each line about a person


def when(said: QueryDict) -> When:
    """The day, and how much of it is known. Raises `DayRefused`, `NotADay`."""
    day, precision = fields.day(said, "day"), said.get("precision", Precision.DAY.value)
    if day is None or precision not in {one.value for one in Precision}:
        raise DayRefused("none")
    match Precision(precision):
        case Precision.MONTH:
            return When(day.replace(day=1), Precision.MONTH)
        case Precision.YEAR:
            return When(day.replace(day=1, month=1), Precision.YEAR)
    return When(day)


def day_or_none(said: fields.Said, name: str) -> date | None:
    """None where nothing was typed. Raises `NotADay`."""
    return fields.day(said, name)


def camp(said: QueryDict) -> Camp | None:
    """None where no camp was chosen. Raises `NoSuchCamp`."""
    number = said.get("camp", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) <= ROW_LONGEST):
        raise NoSuchCamp
    return camp_of(int(number))


def row_number(said: QueryDict, name: str) -> int:
    """Of a row that a form names; nought, which no row has, for what is no number."""
    typed = said.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= ROW_LONGEST else 0


@fields.together
def places(said: QueryDict) -> dict[Category, int]:
    """How many places of each category were typed; an empty field says nothing. Raises `NotANumber`, `DoesNotFit`."""
    counts = {one: fields.count(said, f"places-{one.value}", _PLACES_LONGEST) for one in Category}
    return {one: count for one, count in counts.items() if count is not None}


def event(said: QueryDict, allowed: tuple[Event, ...]) -> Event:
    """Raises `NotYours`."""
    for one in allowed:
        if one.value == said.get("event"):
            return one
    raise NotYours


@fields.together
def received(said: Mapping[str, str], before: Received | None = None) -> Received:
    """Whatever was typed, whole: of what a person says of themselves only what no field holds is refused (art. 17). Raises `DoesNotFit`, `NotADay`.

    What a table of ranks said `before` of the same words stands; a newer one does not change it (R33).
    """
    for name, most in _MOST.items():
        fields.line(said, name, most)
    fields.lines(said, "spellings", NAME_MAX, SPELLINGS_MAX)
    fields.day(said, "in_power_since")
    made = typed(said)
    return msgspec.structs.replace(made, equivalent=equivalent(made, before))


def typed(said: Mapping[str, str]) -> Received:
    """The same to be shown again, of whatever length: never kept."""
    birth, language = fields.whole_line(said, "birth"), said.get("language", "")
    return Received(
        surname=fields.whole_line(said, "surname"),
        first_names=fields.whole_line(said, "first_names"),
        rank=fields.whole_line(said, "rank"),
        service_number=fields.whole_line(said, "service_number"),
        power=fields.whole_line(said, "power"),
        fathers_first_name=fields.whole_line(said, "fathers_first_name"),
        mothers_maiden_name=fields.whole_line(said, "mothers_maiden_name"),
        birth_place=fields.whole_line(said, "birth_place"),
        next_of_kin_address=fields.whole_line(said, "next_of_kin_address"),
        person_to_inform=fields.whole_line(said, "person_to_inform"),
        person_to_inform_address=fields.whole_line(said, "person_to_inform_address"),
        correspondence_address=fields.whole_line(said, "correspondence_address"),
        birth=Birth(birth) if birth else None,
        spellings=tuple(fields.whole_lines(said, "spellings")),
        in_power_since=_day(fields.whole_line(said, "in_power_since")),
        language=language if language in LANGUAGES else "",
        retained=next((one for one in RetainedPersonnel if one.value == said.get("retained")), None),
        is_woman=said.get("is_woman") == "yes",
    )


def since(said: Mapping[str, str]) -> str:
    """The day on which they fell into a Power's hands, to be shown again as it was typed; words would say how they came (R21)."""
    shown = fields.whole_line(said, "in_power_since")
    return shown if _NO_WORDS.fullmatch(shown) else ""


def require_one_birth(said: Received, before: Received | None = None) -> None:
    """A date of birth that is read day first by some and month first by others is asked about while the person is there.

    What was kept `before` stands. Raises `BirthEitherWay`.
    """
    is_new = before is None or said.birth != before.birth
    if is_new and said.birth is not None and said.birth.calendar is None and dates.is_either_way(said.birth.text):
        raise BirthEitherWay


def equivalent(said: Received, before: Received | None) -> Equivalence | None:
    """What the rank is in the newest table, or was in the one by which these very words were read before."""
    if before is not None and before.equivalent is not None and before.rank == said.rank and before.power == said.power:
        return before.equivalent
    return ranks.equivalent(said.rank, power=said.power, language=said.language)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
