# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs a house's clock once a second until told to stop. Database work has one thread: Django's connections belong to threads."""

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, close_old_connections

from safeconduct.desk.alerts.clock import Clock

TICK_SECONDS = 1.0
log = logging.getLogger("safeconduct.clock")


async def keep(clock: Clock, stop: asyncio.Event) -> None:
    """Do what is due."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="clock") as thread:
        while not stop.is_set():
            await loop.run_in_executor(thread, _tick, clock)
            await _rest(stop)


def until_told() -> asyncio.Event:
    """Set by the signals that end a process."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stop.set)
    return stop


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
