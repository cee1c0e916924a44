# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's two processes besides its pages: the collector and the clock. Each runs until it is told to stop."""

import asyncio
import logging
import secrets
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from safeconduct.desk.alerts import transports
from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.alerts.clock import Clock
from safeconduct.desk.cases import keys
from safeconduct.desk.cases.collector import collect_forever
from safeconduct.desk.project import periodic
from safeconduct.desk.project.moving import moving
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool

TICK_SECONDS = 1.0
log = logging.getLogger("safeconduct.clock")


async def collect() -> None:
    """Move envelopes in and replies out."""
    spool = await open_spool()
    try:
        gate = partial(moving, settings.DESK.home, alone=False)
        await collect_forever(spool, keys.of_this_desk(), stop=_until_told(), gate=gate)
    finally:
        await spool.close()


async def keep_time() -> None:
    """Do what is due, once a second. Database work has one thread of its own: Django's connections belong to threads."""
    stop, loop = _until_told(), asyncio.get_running_loop()
    spool = await open_spool()
    transports.prepare()
    courier = Courier(transports.notify, transports.ping)
    runs = periodic.runs(spool, settings.DESK.backup_keys, loop=loop, courier=courier)
    clock = Clock(periodic.TABLE, runs, holder=secrets.token_hex(16), now=lambda: datetime.now(UTC))
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="clock") as thread:
            while not stop.is_set():
                await loop.run_in_executor(thread, _tick, clock)
                await _rest(stop)
    finally:
        await spool.close()


async def open_spool() -> SqliteSpool:
    """The spool of this desk; every process that opens it gives the same quota."""
    path = settings.DESK.home / "spool" / "spool.db"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return await SqliteSpool.open(path, quota=Quota(settings.DESK.spool_bytes))


def _tick(clock: Clock) -> None:
    close_old_connections()
    try:
        clock.tick()
    except DatabaseError as error:  # it may be gone for a moment; what is due stays due
        log.warning("the clock cannot reach the database: %s", type(error).__name__)


async def _rest(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), TICK_SECONDS)
    except TimeoutError:
        return


def _until_told() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stop.set)
    return stop
