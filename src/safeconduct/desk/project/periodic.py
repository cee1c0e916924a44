# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one table of what this desk does by itself, how often, and by when at the latest. None of it opens a message."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.clock import Periodic, Run
from safeconduct.desk.audit import appender
from safeconduct.desk.operators import sessions
from safeconduct.desk.project import databases
from safeconduct.desk.project.announcing import Announcer
from safeconduct.desk.project.backup_keys import Ring
from safeconduct.spool.contract import Expiring, Kept, Lane
from safeconduct.vocabulary.duty import KEY, KIND

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

TABLE: tuple[Periodic, ...] = (
    Periodic("audit.chain", _("Chain the record"), _SECOND, 5 * _MINUTE),
    Periodic("audit.checkpoint", _("Sign a checkpoint of the record"), 6 * _HOUR, 24 * _HOUR),
    Periodic("sessions.sweep", _("Lock sessions that were left"), _MINUTE, 10 * _MINUTE),
    Periodic("duty.announce", _("Tell the public door who is on duty"), 5 * _SECOND, 2 * _MINUTE),
    Periodic("desk.empty_log", _("Empty the desk's journal of what has left the tables"), _MINUTE, 10 * _MINUTE),
    Periodic("spool.sweep", _("Destroy what has ended in the spool"), _MINUTE, _HOUR, sends_or_destroys=True),
    Periodic("backups.forget", _("Destroy backup keys after seven days"), _HOUR, 6 * _HOUR, sends_or_destroys=True),
)


def runs(spool: Expiring, backup_keys: Path, *, loop: asyncio.AbstractEventLoop) -> Mapping[str, Run]:
    """How each act is done. They run in a thread of the clock; the spool lives in `loop`."""

    def sweep_spool(now: datetime) -> int:
        return asyncio.run_coroutine_threadsafe(spool.sweep(now.timestamp()), loop).result()

    def tell_duty(signal: bytes, until: int) -> None:
        # In the lane of what the desk sends: no flood of first contacts takes its room.
        kept = Kept(KIND, KEY, signal, until)
        asyncio.run_coroutine_threadsafe(spool.keep(kept, lane=Lane.REPLY), loop).result()

    announcer = Announcer(tell_duty)
    return {
        "audit.chain": lambda _now: appender.chain_once(),
        "audit.checkpoint": lambda _now: appender.checkpoint_now(),
        "sessions.sweep": lambda _now: sessions.sweep(),
        "duty.announce": lambda _now: announcer.announce(),
        "desk.empty_log": lambda _now: databases.empty_log(),
        "spool.sweep": sweep_spool,
        "backups.forget": lambda now: Ring(backup_keys).forget(now.date()),
    }
