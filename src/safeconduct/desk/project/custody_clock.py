# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody does by itself, how often, and by when at the latest. Nobody is signed in, and nothing sealed is opened."""

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts import clock, transports, watching
from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.alerts.clock import Clock, Periodic, Run
from safeconduct.desk.alerts.settings import Settings as AlertSettings
from safeconduct.desk.audit import appender
from safeconduct.desk.custody import signing, tickets
from safeconduct.desk.custody import watching as duties
from safeconduct.desk.custody.bureau import alarms as worries
from safeconduct.desk.custody.bureau import making
from safeconduct.desk.custody.bureau import sending as bureau
from safeconduct.desk.custody.camplife import watching as camplife
from safeconduct.desk.custody.complaints import alarms
from safeconduct.desk.custody.inquiries import alarms as inquiries
from safeconduct.desk.custody.models import Kept, Owed
from safeconduct.desk.custody.movements import watching as movements
from safeconduct.desk.custody.wishes import returning
from safeconduct.desk.operators import sessions
from safeconduct.desk.project import databases, key_alerts, ticking
from safeconduct.desk.project.backup_keys import FIVE_WEEKS, Ring
from safeconduct.desk.project.rewriting import Rewriter

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

# Worked out from the events every night: nothing leaves these tables that does not stand elsewhere, and they are large.
WORKED_OUT = frozenset({Owed._meta.db_table, Kept._meta.db_table})  # noqa: SLF001 - Django's own way

TABLE: tuple[Periodic, ...] = (
    Periodic("audit.chain", _("Chain the record"), _SECOND, 5 * _MINUTE),
    Periodic("audit.checkpoint", _("Sign a checkpoint of the record"), 6 * _HOUR, 24 * _HOUR),
    Periodic("keys.watch", _("See whether a team needs a new key"), _MINUTE, _HOUR),
    Periodic("sessions.sweep", _("Lock sessions that were left"), _MINUTE, 10 * _MINUTE),
    Periodic("duties.work_out", _("Work out all that the Convention asks for"), 6 * _HOUR, 24 * _HOUR),
    Periodic("duties.ring", _("Ring for what is late"), 5 * _MINUTE, _HOUR),
    Periodic(
        "bureau.send", _("Lay packages for the Bureau ready, and take in what it acknowledged"), 5 * _MINUTE, _HOUR
    ),
    Periodic("pages.look", _("See whether sealed pages are what was written"), _MINUTE, _HOUR),
    Periodic("bureau.weekly", _("Tell the Bureau weekly who is seriously ill"), 6 * _HOUR, 24 * _HOUR),
    Periodic(
        "camplife.look",
        _("See which refused visits are owed again, and which camp has nobody who represents the prisoners"),
        5 * _MINUTE,
        24 * _HOUR,
    ),
    Periodic("movements.look", _("See which lists have not departed on their day"), 5 * _MINUTE, _HOUR),
    Periodic("complaints.ring", _("Ring for complaints that wait too long"), 5 * _MINUTE, _HOUR),
    Periodic("worries.ring", _("Ring for worries that counsel has not decided"), 5 * _MINUTE, _HOUR),
    Periodic("inquiries.ring", _("Ring for inquiries that wait too long"), 5 * _MINUTE, _HOUR),
    Periodic("wishes.forget", _("Forget when a return was checked, once that has lapsed"), 10 * _MINUTE, 6 * _HOUR),
    Periodic(
        "tickets.forget",
        _("Forget pages that were sent, once nobody can send them again"),
        6 * _HOUR,
        48 * _HOUR,
        sends_or_destroys=True,
    ),
    Periodic("desk.empty_log", _("Empty the desk's journal of what has left the tables"), _MINUTE, 10 * _MINUTE),
    Periodic("desk.rewrite", _("Write the desk's tables anew, without what was destroyed"), _HOUR, 12 * _HOUR),
    Periodic("backups.forget", _("Destroy backup keys after five weeks"), _HOUR, 6 * _HOUR, sends_or_destroys=True),
    Periodic(
        "alerts.watch", _("Look for what is late, and ask the next when nobody answers"), 15 * _SECOND, 5 * _MINUTE
    ),
    Periodic("alerts.send", _("Send alert messages and the heartbeat"), 5 * _SECOND, 5 * _MINUTE),
)


def runs(courier: Courier) -> Mapping[str, Run]:
    """How each act is done."""
    pages = signing.Round()

    def alert_settings() -> AlertSettings:
        return watching.settings_or_none(settings.DESK.secrets)

    return {
        "audit.chain": lambda _now: appender.chain_once(),
        "audit.checkpoint": lambda _now: appender.checkpoint_now(),
        "keys.watch": lambda _now: key_alerts.watch(),
        "sessions.sweep": lambda _now: sessions.sweep(),
        "duties.work_out": lambda now: duties.work_out(_day(now)),
        "duties.ring": lambda now: duties.ring(_day(now)),
        "bureau.send": lambda now: bureau.exchange(_day(now)),
        "pages.look": lambda _now: signing.watch(pages),
        "bureau.weekly": lambda now: making.still_ill(_day(now)),
        "camplife.look": lambda now: camplife.look(_day(now)),
        "movements.look": lambda now: movements.look(_day(now)),
        "complaints.ring": lambda now: alarms.ring_late(_day(now)),
        "worries.ring": lambda now: worries.ring(_day(now)),
        "inquiries.ring": lambda now: inquiries.ring_late(_day(now)),
        "wishes.forget": lambda now: returning.forget_lapsed(clock.latest(now)),
        "tickets.forget": lambda now: tickets.forget(_day(now)),
        "desk.empty_log": lambda _now: databases.empty_log(),
        "desk.rewrite": Rewriter(besides=WORKED_OUT).run,
        "backups.forget": lambda now: Ring(settings.DESK.backup_keys, kept_for=FIVE_WEEKS).forget(now.date()),
        "alerts.watch": lambda now: watching.watch(TABLE, now, alert_settings()),
        "alerts.send": lambda now: courier.run(now, alert_settings()),
    }


def _day(now: datetime) -> date:
    """A clock that was set back makes nothing that is late due again."""
    return clock.latest(now).date()


async def keep_time() -> None:
    """Do what is due, once a second, until told to stop."""
    stop = ticking.until_told()
    transports.prepare()
    table = runs(Courier(transports.notify, transports.ping))
    await ticking.keep(Clock(TABLE, table, holder=secrets.token_hex(16), now=lambda: datetime.now(UTC)), stop)
