# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raises an alert for whatever of the clock's table is late, for a clock that cannot be believed, and asks the next."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from safeconduct.desk.alerts import clock, roster, settings
from safeconduct.desk.alerts.audited import DOUBTFUL, LATE, SETTINGS
from safeconduct.desk.alerts.clock import Periodic
from safeconduct.desk.alerts.errors import BadSettings
from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.alerts.settings import Settings


def watch(table: Sequence[Periodic], now: datetime, said: Settings) -> None:
    """Called often: an alert that stands already only lasts."""
    _say(LATE, is_so=bool(clock.late(table, now)))
    _say(DOUBTFUL, is_so=clock.is_doubtful(now))
    roster.escalate(now, said.order, said.within)


def settings_or_none(credentials: Path) -> Settings:
    """A file that cannot be used silences every transport: that is an alert of its own, at the desk."""
    try:
        said = settings.read(credentials)
    except BadSettings:
        raise_alert(SETTINGS)
        return settings.NONE
    settle_alert(SETTINGS)
    return said


def _say(kind: str, *, is_so: bool) -> None:
    (raise_alert if is_so else settle_alert)(kind)
