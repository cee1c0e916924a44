# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on the pages on deaths, as types. Raises this room's errors, and the register's for a day."""

from datetime import date

from django.http import QueryDict

from safeconduct.desk.custody.deaths.acts import DAYS
from safeconduct.desk.custody.deaths.errors import CauseNeeded
from safeconduct.desk.custody.forms import day_or_none
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import LINE_MOST, WORDS_MOST, CauseOfDeath, DeathTold, Manner


def days(said: QueryDict) -> dict[PersonEvent, date]:
    """The days that were typed. Raises `DayRefused`."""
    typed = {event: day_or_none(said, event.value) for event in DAYS}
    return {event: one for event, one in typed.items() if one is not None}


def told(said: QueryDict) -> DeathTold:
    """Raises `DayRefused`."""
    return DeathTold(
        place=_line(said, "place"),
        account=_words(said, "account"),
        certified_by=_line(said, "certified_by"),
        burial_place=_line(said, "burial_place"),
        grave=_line(said, "grave"),
        cremation_reasons=_line(said, "cremation_reasons"),
        will_received=day_or_none(said, "will_received"),
        will_sent=day_or_none(said, "will_sent"),
        effects=_words(said, "effects"),
        effects_sent=day_or_none(said, "effects_sent"),
        inquiry_by=_line(said, "inquiry_by"),
    )


def cause(said: QueryDict, by: str) -> CauseOfDeath:
    """Raises `CauseNeeded`."""
    for one in Manner:
        if one.value == said.get("manner"):
            return CauseOfDeath(manner=one, cause=_words(said, "cause"), examined_by=_line(said, "examined_by") or by)
    raise CauseNeeded


def _line(said: QueryDict, name: str) -> str:
    return " ".join(said.get(name, "").replace("\0", "").split())[:LINE_MOST]


def _words(said: QueryDict, name: str) -> str:
    return said.get(name, "").replace("\0", "").strip()[:WORDS_MOST]
