# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a health page says of any house: its clock, its record, its keys, and how people away from it are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise

from safeconduct.desk.alerts import carrying, clock
from safeconduct.desk.alerts import settings as alert_settings
from safeconduct.desk.alerts.clock import Periodic
from safeconduct.desk.alerts.errors import BadSettings
from safeconduct.desk.alerts.models import PeriodicAct
from safeconduct.desk.audit import access as record
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.rotation import ENOUGH


@dataclass(frozen=True, slots=True)
class Duty:
    """One act of the clock. `failure` is an error's type."""

    sentence: str | Promise
    last_done: datetime | None
    is_late: bool
    failure: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team's newest key: how many hold it, how many wait to be let in."""

    code: str
    version: int
    holders: int
    waiting: int
    is_demonstration: bool

    @property
    def is_thin(self) -> bool:
        """One lost passphrase would lose what is sealed to the team."""
        return self.holders < ENOUGH


def of_the_record() -> dict[str, Any]:
    """How far it is chained, signed and countersigned."""
    return {
        "head": record.head(),
        "unchained": record.unchained(),
        "countersigned_to": record.countersigned_to(),
    }


def outside(credentials: Path) -> dict[str, Any]:
    """How the ways fare by which people away from the desk are told. What is wrong with the file has no value of it."""
    try:
        said = alert_settings.read(credentials)
    except BadSettings as error:
        return {"alerts_problem": str(error), "fares": ()}
    return {"alerts_problem": "", "fares": carrying.fares(said), "has_transport": bool(said.transport)}


def duties(table: Sequence[Periodic], now: datetime) -> Sequence[Duty]:
    """Every act of a clock's table, the late ones marked."""
    late = {found.act.name for found in clock.late(table, now)}
    rows = PeriodicAct.objects.in_bulk([act.name for act in table])
    return [
        Duty(
            act.sentence,
            rows[act.name].last_done if act.name in rows else None,
            act.name in late,
            rows[act.name].last_failure if act.name in rows else "",
        )
        for act in table
    ]


def teams() -> Sequence[Team]:
    """The newest key of every team."""
    let_in, waits = (
        Q(memberships__wrapped__isnull=False),
        Q(memberships__wrapped__isnull=True, memberships__isnull=False),
    )
    counted = TeamKey.objects.select_related("team").annotate(
        holders=Count("memberships", filter=let_in), waiting=Count("memberships", filter=waits)
    )
    newest = {key.team.code: key for key in counted.order_by("version")}
    return [
        Team(code, key.version, key.holders, key.waiting, key.demonstration) for code, key in sorted(newest.items())
    ]
