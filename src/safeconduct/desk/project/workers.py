# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's two processes besides its pages: the collector and the clock. Each runs until it is told to stop."""

import asyncio
import secrets
from datetime import UTC, datetime
from functools import partial

from django.conf import settings

from safeconduct.desk.alerts import transports
from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.alerts.clock import Clock
from safeconduct.desk.cases import keys
from safeconduct.desk.cases.collector import collect_forever
from safeconduct.desk.project import periodic, ticking
from safeconduct.desk.project.moving import moving
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool


async def collect() -> None:
    """Move envelopes in and replies out."""
    spool = await open_spool()
    try:
        gate = partial(moving, settings.DESK.home, alone=False)
        await collect_forever(spool, keys.of_this_desk(), stop=ticking.until_told(), gate=gate)
    finally:
        await spool.close()


async def keep_time() -> None:
    """Do what is due, once a second."""
    stop, loop = ticking.until_told(), asyncio.get_running_loop()
    spool = await open_spool()
    transports.prepare()
    courier = Courier(transports.notify, transports.ping)
    runs = periodic.runs(spool, settings.DESK.backup_keys, loop=loop, courier=courier)
    clock = Clock(periodic.TABLE, runs, holder=secrets.token_hex(16), now=lambda: datetime.now(UTC))
    try:
        await ticking.keep(clock, stop)
    finally:
        await spool.close()


async def open_spool() -> SqliteSpool:
    """The spool of this desk; every process that opens it gives the same quota."""
    path = settings.DESK.home / "spool" / "spool.db"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return await SqliteSpool.open(path, quota=Quota(settings.DESK.spool_bytes))
