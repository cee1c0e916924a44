# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receiving unit's sheet: R18's fields, abort and fallback, and nothing else. Short enough to be read over radio."""

from datetime import datetime
from zoneinfo import ZoneInfo

from safeconduct.desk.handover import codes
from safeconduct.desk.handover.records import Codes, Plan, Sheet, UnitCard

WORDS_MAX = 150  # a minute over radio, slowly
_LABELS = 36  # words that the sheet's own labels take
_LONGEST_NAME = "approver and releaser"


def of(  # noqa: PLR0913 - all that a sheet is made of
    number: str, plan: Plan, said: Codes, card: UnitCard, *, approved_by: str, released_by: str
) -> Sheet:
    """What is released."""
    return Sheet(
        number=number,
        point=plan.point,
        begins=plan.begins,
        ends=plan.ends,
        zone=card.zone,
        head_count=plan.head_count,
        wounded=plan.wounded,
        language=plan.language,
        signal=plan.signal,
        abort=plan.abort,
        fallback=plan.fallback,
        unit_says=said.unit_says,
        person_answers=said.person_answers,
        words_until=said.expires,
        approved_by=approved_by,
        released_by=released_by,
    )


def draft(plan: Plan, card: UnitCard) -> Sheet:
    """As it would be, to be measured before anybody approves it."""
    made = codes.make(plan.language, plan.ends)
    return of("00000", plan, made, card, approved_by=_LONGEST_NAME, released_by=_LONGEST_NAME)


def words(sheet: Sheet) -> int:
    """How many words it takes to say. A number is said figure by figure, two of them as fast as a word."""
    times = " ".join(lines(sheet.begins, sheet.ends, sheet.zone))
    said = (sheet.point, sheet.signal, sheet.abort, sheet.fallback, sheet.unit_says, sheet.person_answers, times)
    return _LABELS + sum(_spoken(part) for text in said for part in text.split())


def lines(begins: datetime, ends: datetime, zone: str) -> tuple[str, str]:
    """A window in the unit's time and in UTC, each with its day."""
    there = ZoneInfo(zone)
    return _line(begins.astimezone(there), ends.astimezone(there)), _line(begins, ends)


def moments(moment: datetime, zone: str) -> tuple[str, str]:
    """One moment in the unit's time and in UTC."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}", f"{moment:%Y-%m-%d %H:%M}"


def _line(begins: datetime, ends: datetime) -> str:
    until = f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends:%Y-%m-%d %H:%M}"
    return f"{begins:%Y-%m-%d} {begins:%H:%M}–{until}"


def _spoken(part: str) -> int:
    figures = sum(one.isdigit() for one in part)
    return max(1, (figures + 1) // 2) if figures else 1
