# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on the pages on deaths, as types. Raises this room's errors, and the register's for a day."""

from datetime import date

from django.http import QueryDict

from safeconduct.desk.custody import fields
from safeconduct.desk.custody.deaths.acts import DAYS
from safeconduct.desk.custody.deaths.errors import CauseNeeded
from safeconduct.desk.custody.forms import day_or_none
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import LINE_MOST, WORDS_MOST, CauseOfDeath, DeathTold, Manner


@fields.together
def written(said: QueryDict) -> tuple[dict[PersonEvent, date], DeathTold]:
    """What the registrar writes down, with its days. Raises `FieldRefused`."""
    return days(said), told(said)


@fields.together
def examined(said: QueryDict, by: str) -> tuple[date | None, CauseOfDeath]:
    """The day of the examination, if one was typed, and the cause. Raises `CauseNeeded`, `FieldRefused`."""
    return day_or_none(said, "day"), cause(said, by)


def days(said: QueryDict) -> dict[PersonEvent, date]:
    """The days that were typed. Raises `DayRefused`."""
    typed = {event: day_or_none(said, event.value) for event in DAYS}
    return {event: one for event, one in typed.items() if one is not None}


def told(said: QueryDict) -> DeathTold:
    """Raises `DayRefused`, `DoesNotFit`."""
    return DeathTold(
        place=fields.line(said, "place", LINE_MOST),
        account=fields.text(said, "account", WORDS_MOST),
        certified_by=fields.line(said, "certified_by", LINE_MOST),
        burial_place=fields.line(said, "burial_place", LINE_MOST),
        grave=fields.line(said, "grave", LINE_MOST),
        cremation_reasons=fields.line(said, "cremation_reasons", LINE_MOST),
        will_received=day_or_none(said, "will_received"),
        will_sent=day_or_none(said, "will_sent"),
        effects=fields.text(said, "effects", WORDS_MOST),
        effects_sent=day_or_none(said, "effects_sent"),
        inquiry_by=fields.line(said, "inquiry_by", LINE_MOST),
    )


def cause(said: QueryDict, by: str) -> CauseOfDeath:
    """Raises `CauseNeeded`, `DoesNotFit`."""
    for one in Manner:
        if one.value == said.get("manner"):
            return CauseOfDeath(
                manner=one,
                cause=fields.text(said, "cause", WORDS_MOST),
                examined_by=fields.line(said, "examined_by", LINE_MOST) or by,
            )
    raise CauseNeeded
