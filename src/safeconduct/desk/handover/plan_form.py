# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan as a page posts it. Times are the unit's own; nothing of it is repeated in an error."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from safeconduct.desk.handover.errors import PlanRefused
from safeconduct.desk.handover.hours import is_zone, local_text, parse_local
from safeconduct.desk.handover.plans import LONGEST_WINDOW
from safeconduct.desk.handover.records import HoldFire, Plan
from safeconduct.vocabulary.applications import HEAD_COUNT_MAX

FIELDS = (
    *("unit", "language", "point", "begins", "ends", "head_count", "wounded"),
    *("signal", "abort", "fallback", "hold_fire_who", "hold_fire_at", "zone"),
)
TIMES = ("begins", "ends", "hold_fire_at")
_LONGEST = 400
_SALT = bytes(16)  # the act draws its own


def said(posted: Mapping[str, str]) -> dict[str, str]:
    """What was typed, cut where nothing of use could follow."""
    return {field: " ".join(posted.get(field, "")[:_LONGEST].split()) for field in FIELDS}


def of(plan: Plan, zone: str) -> dict[str, str]:
    """A plan, as the form shows it again."""
    told = plan.hold_fire
    return {
        "unit": str(plan.unit),
        "language": plan.language,
        "point": plan.point,
        "begins": local_text(plan.begins, zone),
        "ends": local_text(plan.ends, zone),
        "head_count": str(plan.head_count),
        "wounded": str(plan.wounded),
        "signal": plan.signal,
        "abort": plan.abort,
        "fallback": plan.fallback,
        "hold_fire_who": told.who if told else "",
        "hold_fire_at": local_text(told.at, zone) if told else "",
        "zone": zone,
    }


def moved(said: Mapping[str, str], there: str) -> dict[str, str]:
    """The same moments as times of another unit's zone; of a form that names no zone they are the unit's already.

    Raises `PlanRefused` with the field.
    """
    was = said["zone"]
    if not is_zone(was):
        return {**said, "zone": there}
    times = {field: local_text(parse_local(said[field], was, field), there) for field in TIMES if said[field]}
    return {**said, **times, "zone": there}


def window(said: Mapping[str, str], there: str) -> tuple[datetime, datetime] | None:
    """When it would be for a unit of this zone; None as long as that is not said."""
    zone = said["zone"] if is_zone(said["zone"]) else there
    try:
        begins, ends = (parse_local(said[field], zone, field) for field in ("begins", "ends"))
    except PlanRefused:
        return None
    return (begins, ends) if timedelta(0) < ends - begins <= LONGEST_WINDOW else None


def parse(said: Mapping[str, str], zone: str) -> Plan:
    """Raises `PlanRefused` with the field. What it may say is for `plans.check`."""
    return Plan(
        salt=_SALT,
        unit=_number(said, "unit"),
        point=said["point"],
        begins=parse_local(said["begins"], zone, "begins"),
        ends=parse_local(said["ends"], zone, "ends"),
        head_count=_number(said, "head_count", least=1),
        wounded=_number(said, "wounded"),
        language=said["language"],
        signal=said["signal"],
        abort=said["abort"],
        fallback=said["fallback"],
        hold_fire=_hold_fire(said, zone),
        planned_by="",
    )


def unit_of(said: Mapping[str, str]) -> int:
    """Raises `PlanRefused`."""
    return _number(said, "unit")


def _hold_fire(said: Mapping[str, str], zone: str) -> HoldFire | None:
    who, at = said["hold_fire_who"], said["hold_fire_at"]
    if not who and not at:
        return None
    if not who:
        raise PlanRefused("hold_fire_who")
    return HoldFire(who, parse_local(at, zone, "hold_fire_at"))


def _number(said: Mapping[str, str], field: str, *, least: int = 0) -> int:
    text = said.get(field, "")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(HEAD_COUNT_MAX))):
        raise PlanRefused(field)
    number = int(text)
    if number < least:
        raise PlanRefused(field)
    return number
