# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one table of what this desk does by itself, how often, and by when at the latest. None of it opens a message."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts import watching
from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.alerts.clock import Periodic, Run
from safeconduct.desk.alerts.settings import Settings as AlertSettings
from safeconduct.desk.audit import appender
from safeconduct.desk.cases import claiming, escalating, expiry, indexing, keys
from safeconduct.desk.handover import overdue
from safeconduct.desk.handover import releasing as handovers
from safeconduct.desk.operators import sessions
from safeconduct.desk.project import board_watch, databases
from safeconduct.desk.project.announcing import Announcer
from safeconduct.desk.project.backup_keys import Ring
from safeconduct.desk.project.rewriting import Rewriter
from safeconduct.desk.shifts import acts as shifts
from safeconduct.desk.shifts import left_approvals
from safeconduct.spool.contract import Board, Expiring, Kept, Lane, Posted
from safeconduct.vocabulary.duty import KEY, KIND

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

TABLE: tuple[Periodic, ...] = (
    Periodic("audit.chain", _("Chain the record"), _SECOND, 5 * _MINUTE),
    Periodic("audit.checkpoint", _("Sign a checkpoint of the record"), 6 * _HOUR, 24 * _HOUR),
    Periodic("sessions.sweep", _("Lock sessions that were left"), _MINUTE, 10 * _MINUTE),
    Periodic("duty.announce", _("Tell the public door who is on duty"), 5 * _SECOND, 2 * _MINUTE),
    Periodic("claims.return", _("Give back the cases that somebody left"), 5 * _SECOND, 5 * _MINUTE),
    Periodic("promises.watch", _("Look for promises that are not kept"), 10 * _SECOND, 2 * _MINUTE),
    Periodic("cases.alarm", _("Ring for what nobody has read for days"), 24 * _HOUR, 48 * _HOUR),
    Periodic("cases.destroy", _("Destroy words and cases after their time"), _HOUR, 24 * _HOUR, sends_or_destroys=True),
    Periodic("cases.cover", _("Cover the search index anew after an erasure"), _MINUTE, _HOUR),
    Periodic("shifts.forget", _("Destroy the notes of shifts after a week"), _HOUR, 24 * _HOUR, sends_or_destroys=True),
    Periodic(
        "handover.sweep",
        _("Destroy places and times of handovers that are over"),
        10 * _MINUTE,
        _HOUR,
        sends_or_destroys=True,
    ),
    Periodic("handover.watch", _("Look for handovers of which nobody told the outcome"), _MINUTE, _HOUR),
    Periodic("approvals.watch", _("Look for approvals that somebody left behind"), _MINUTE, _HOUR),
    Periodic("desk.empty_log", _("Empty the desk's journal of what has left the tables"), _MINUTE, 10 * _MINUTE),
    Periodic("desk.rewrite", _("Write the desk's tables anew, without what was destroyed"), _HOUR, 12 * _HOUR),
    Periodic("spool.sweep", _("Destroy what has ended in the spool"), _MINUTE, _HOUR, sends_or_destroys=True),
    Periodic("keys.published", _("See which team keys the public board names"), _MINUTE, _HOUR),
    Periodic("backups.forget", _("Destroy backup keys after seven days"), _HOUR, 6 * _HOUR, sends_or_destroys=True),
    # These two go on while the clock is in doubt: somebody has to be told of just that.
    Periodic(
        "alerts.watch", _("Look for what is late, and ask the next when nobody answers"), 15 * _SECOND, 5 * _MINUTE
    ),
    Periodic("alerts.send", _("Send alert messages and the heartbeat"), 5 * _SECOND, 5 * _MINUTE),
)


class ClockSpool(Expiring, Board, Protocol):
    """What the clock needs of a spool."""


def runs(
    spool: ClockSpool, backup_keys: Path, *, loop: asyncio.AbstractEventLoop, courier: Courier
) -> Mapping[str, Run]:
    """How each act is done. They run in a thread of the clock; the spool lives in `loop`."""

    def sweep_spool(now: datetime) -> int:
        return asyncio.run_coroutine_threadsafe(spool.sweep(now.timestamp()), loop).result()

    def tell_duty(signal: bytes, until: int) -> None:
        # In the lane of what the desk sends: no flood of first contacts takes its room.
        kept = Kept(KIND, KEY, signal, until)
        asyncio.run_coroutine_threadsafe(spool.keep(kept, lane=Lane.REPLY), loop).result()

    def published(name: str) -> Posted | None:
        return asyncio.run_coroutine_threadsafe(spool.published(name), loop).result()

    def alert_settings() -> AlertSettings:
        return watching.settings_or_none(settings.DESK.credentials)

    announcer = Announcer(tell_duty)
    return {
        "audit.chain": lambda _now: appender.chain_once(),
        "audit.checkpoint": lambda _now: appender.checkpoint_now(),
        "sessions.sweep": lambda _now: sessions.sweep(),
        "duty.announce": lambda _now: announcer.announce(),
        "claims.return": lambda now: claiming.lapse(now) + claiming.leave(now),
        "promises.watch": escalating.watch,
        "cases.alarm": expiry.alarm,
        "cases.destroy": lambda now: expiry.destroy(now, keys.of_this_desk()),
        "cases.cover": lambda _now: indexing.cover_anew(keys.of_this_desk()),
        "shifts.forget": lambda now: shifts.forget(now.date()),
        "handover.sweep": lambda now: handovers.sweep(now, keys=keys.of_this_desk()),
        "handover.watch": overdue.watch,
        "approvals.watch": lambda _now: left_approvals.watch(),
        "desk.empty_log": lambda _now: databases.empty_log(),
        "desk.rewrite": Rewriter().run,
        "spool.sweep": sweep_spool,
        "keys.published": lambda now: board_watch.look(published, settings.DESK.credentials, now),
        "backups.forget": lambda now: Ring(backup_keys).forget(now.date()),
        "alerts.watch": lambda now: watching.watch(TABLE, now, alert_settings()),
        "alerts.send": lambda now: courier.run(now, alert_settings()),
    }
