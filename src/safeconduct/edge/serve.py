# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the public door: one process, one port. Nothing it prints or writes holds an address or what a person sent."""

import asyncio
import gc
import socket
import time
from collections.abc import Mapping

import uvicorn
import uvloop
from starlette.applications import Starlette

from safeconduct.edge.credentials import load_credentials
from safeconduct.edge.crew import Crew, hand_command, hands_for_this_machine
from safeconduct.edge.errors import SettingsRefused
from safeconduct.edge.quieting import quiet
from safeconduct.edge.settings import HOST, PORT, EdgeSettings, read_settings
from safeconduct.edge.visitors import Visitor
from safeconduct.edge.web.admission import Admission
from safeconduct.edge.web.app import app_of
from safeconduct.edge.web.door import Door
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool

_KEEP_ALIVE_SECONDS = 15
_BACKLOG = 2048
_GRACE_SECONDS = 10
QUOTING = ("python_multipart.multipart", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio")
_GARBAGE_THRESHOLD = 20_000  # new objects; the default of 700 collects several times in each post


def run(environment: Mapping[str, str], *, demonstration: bool = False) -> None:
    """Serve until SIGINT or SIGTERM. Raises `SettingsRefused`, `CredentialsRefused` or a `SpoolError` before it listens."""
    settings = read_settings(environment)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings, demonstration=demonstration))


async def serve(settings: EdgeSettings, *, demonstration: bool = False) -> None:
    """The same in a running loop."""
    credentials = load_credentials(settings.credentials, demonstration=demonstration)
    settings.spool.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    spool = await SqliteSpool.open(settings.spool, quota=Quota(settings.spool_bytes))
    crew = Crew(
        credentials,
        hand_command(settings.credentials, demonstration=demonstration),
        hands=hands_for_this_machine(),
    )
    try:
        async with crew:
            door = Door(
                spool,
                credentials,
                clock=time.time,
                demonstration=demonstration,
                seals=crew.seal,
                admission=Admission(spool, proxies=settings.proxies),
            )
            await door.pages()  # the board is read and its pages are made before anybody can come
            config = server_config(app_of(door))
            config.load()
            _keep_out_of_the_way()
            with _listen(settings) as listening:
                await uvicorn.Server(config).serve(sockets=[listening])
    finally:
        await spool.close()


def _keep_out_of_the_way() -> None:
    """Imports, templates, texts and pages live as long as the process: no collection walks them again.

    They are most of what there is. A full collection that looks at them stops every request that is under way, and
    under load there would be many.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_THRESHOLD)


def _listen(settings: EdgeSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise SettingsRefused(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; set {HOST} and {PORT}"
        ) from error


def server_config(app: Starlette) -> uvicorn.Config:
    """uvicorn, told to keep nothing about who comes."""
    quiet_parsers()
    return uvicorn.Config(
        app,
        http=Visitor,
        ws="none",
        lifespan="off",
        access_log=False,  # no address in any log (R10)
        server_header=False,
        proxy_headers=False,  # no forwarded address becomes the visitor's own; see networks.py
        log_config=None,
        log_level="warning",
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def quiet_parsers() -> None:
    """These loggers quote the bytes that they could not parse, and the addresses that sent them."""
    quiet(QUOTING)
