# SPDX-License-Identifier: AGPL-3.0-or-later
"""The softphone's process: both sides, the switchboard between them, and the desk's socket."""

import asyncio
import logging
import signal
from collections.abc import Awaitable

from safeconduct.desk.telephone import door, ice
from safeconduct.desk.telephone.browser import WebRtcBrowser
from safeconduct.desk.telephone.errors import NotStarted
from safeconduct.desk.telephone.settings import Settings
from safeconduct.desk.telephone.sip import SipSide
from safeconduct.desk.telephone.switchboard import Switchboard

# They write addresses, header lines and pieces of offers: nothing of theirs reaches the log.
QUOTING = ("baresip", "aiortc", "aioice", "av", "libav", "asyncio")
log = logging.getLogger("safeconduct.softphone")


def quiet() -> None:
    """Call once, before anything starts."""
    for name in QUOTING:
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False


async def run(here: Settings) -> None:
    """Until it is told to stop. Raises `NotStarted`."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stop.set)
    await serve(here, stop)


async def serve(here: Settings, stop: asyncio.Event) -> None:
    """The whole of it, until `stop`. Raises `NotStarted`: also when the SIP side dies, which only a new process mends."""
    ice.bind(here.browser_hosts, here.browser_ports)
    board, sip = Switchboard(WebRtcBrowser), SipSide(here)
    await sip.start(board.ring)
    watching = asyncio.create_task(board.watch())
    try:
        server = await door.serve(here.socket, board)
        log.info("The softphone takes calls.")
        await _first_of(stop.wait(), sip.dead.wait(), watching)
        server.close()
    finally:
        has_failed = watching.done()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await board.close()
        await sip.close()
    here.socket.unlink(missing_ok=True)
    if sip.dead.is_set():
        raise NotStarted("the SIP side has died; start the process again")
    if has_failed:
        raise NotStarted("nobody watches the phones any more; start the process again")


async def _first_of(*ends: Awaitable[object]) -> None:
    waits = [asyncio.ensure_future(end) for end in ends]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
