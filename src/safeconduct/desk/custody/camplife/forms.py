# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on the pages of a camp's life, as types. Raises this room's errors, and the register's for a day."""

import re
from datetime import date

from django.http import QueryDict

from safeconduct.desk.custody import fields
from safeconduct.desk.custody.camplife.days import POSTED, PROVIDED
from safeconduct.desk.custody.camplife.elections import Counted
from safeconduct.desk.custody.camplife.errors import (
    CountsRefused,
    EndNeeded,
    LeftBefore,
    NobodyElected,
    SeniorCounted,
    TermRefused,
    WrongWay,
)
from safeconduct.desk.custody.camplife.visits import Made
from safeconduct.desk.custody.errors import DayRefused, LanguageNeeded
from safeconduct.desk.custody.forms import day_or_none
from safeconduct.vocabulary.camplife import LINE_MOST, Body, Ended, VisitTold, Way
from safeconduct.vocabulary.custody import CampEvent
from safeconduct.vocabulary.languages import LANGUAGES

_COUNT = re.compile(r"[0-9]{1,5}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_LINES_MOST = 50  # representatives and their assistants


def day(said: QueryDict, name: str = "day") -> date:
    """Raises `DayRefused`."""
    found = day_or_none(said, name)
    if found is None:
        raise DayRefused("none")
    return found


def provided(said: QueryDict) -> frozenset[CampEvent]:
    return frozenset(event for event in PROVIDED if event.value in said.getlist("provided"))


def posted(said: QueryDict) -> frozenset[CampEvent]:
    return frozenset(event for event in POSTED if event.value in said.getlist("posted"))


def language(said: QueryDict) -> str:
    """Raises `LanguageNeeded`."""
    tag = said.get("of", "")
    if tag not in LANGUAGES:
        raise LanguageNeeded
    return tag


def way(said: QueryDict) -> Way:
    """Raises `WrongWay`."""
    for one in Way:
        if one.value == said.get("way"):
            return one
    raise WrongWay


def ended(said: QueryDict) -> Ended:
    """Raises `EndNeeded`."""
    for one in Ended:
        if one.value == said.get("why"):
            return one
    raise EndNeeded


def counted(said: QueryDict, by: Way) -> Counted:
    """Numbers with their votes, one a line. Raises `CountsRefused`, `NobodyElected`, `SeniorCounted`, `DoesNotFit`."""
    told = [one.upper().partition(" ") for one in fields.lines(said, "elected", LINE_MOST, _LINES_MOST)]
    votes = {number: after for number, _space, after in told}
    voters, cast = said.get("voters", "").strip(), said.get("cast", "").strip()
    if not votes:
        raise NobodyElected
    if by is Way.SENIOR:
        if voters or cast or any(votes.values()):  # else a ballot that was typed would be thrown away unseen
            raise SeniorCounted
        return Counted(0, 0, dict.fromkeys(votes, 0))
    return Counted(_count(voters), _count(cast), {number: _count(said) for number, said in votes.items()})


def body(said: QueryDict) -> Body:
    return next((one for one in Body if one.value == said.get("body")), Body.OTHER)


@fields.together
def made(said: QueryDict) -> Made:
    """Raises `DayRefused`, `CountsRefused`, `DoesNotFit`, `LeftBefore`."""
    when = day(said)
    told = VisitTold(
        visitors=line(said, "visitors"),
        arrived=line(said, "arrived"),
        left=line(said, "left"),
        places=line(said, "places"),
    )
    _require_order(told)
    count = _count(said.get("count", "").strip())
    is_everywhere, is_alone = said.get("everywhere") == "yes", said.get("alone") == "yes"
    return Made(when, count, is_everywhere, is_alone, told)


def until(said: QueryDict) -> date:
    """Raises `TermRefused`."""
    try:
        return day(said, "until")
    except DayRefused:
        raise TermRefused from None


def line(said: QueryDict, name: str) -> str:
    """Raises `DoesNotFit`."""
    return fields.line(said, name, LINE_MOST)


def _require_order(told: VisitTold) -> None:
    """Only times of the day can be compared; in any other words they are kept as they were written. Raises `LeftBefore`."""
    arrived, left = (_TIME.fullmatch(one) for one in (told.arrived, told.left))
    if arrived and left and (int(left[1]), int(left[2])) < (int(arrived[1]), int(arrived[2])):
        raise LeftBefore


def _count(said: str) -> int:
    if not _COUNT.fullmatch(said):
        raise CountsRefused
    return int(said)
