# SPDX-License-Identifier: AGPL-3.0-or-later
"""The socket at which the desk asks. Its owner alone can open it."""

import asyncio
import contextlib
import logging
import os
from pathlib import Path

import msgspec

from safeconduct.desk.telephone import messages
from safeconduct.desk.telephone.errors import NotStarted, Refusal
from safeconduct.desk.telephone.messages import Accepted, Answer, HangUp, Hold, Look, Press, Refused, Reply, Request
from safeconduct.desk.telephone.settings import LONGEST_SOCKET
from safeconduct.desk.telephone.switchboard import Switchboard

HEARD_SECONDS = 5.0  # how long a question may take to arrive
log = logging.getLogger("safeconduct.softphone")


async def serve(path: Path, board: Switchboard) -> asyncio.Server:
    """Raises `NotStarted`."""
    _make_room(path)
    try:
        server = await asyncio.start_unix_server(
            lambda reader, writer: _serve_one(reader, writer, board), path, limit=messages.LONGEST_LINE
        )
    except OSError as error:
        raise NotStarted("the socket in SAFECONDUCT_HOME/run cannot be made") from error
    os.chmod(path, 0o600)  # noqa: PTH101 -- at once, before anything waits
    return server


def _make_room(path: Path) -> None:
    if len(bytes(path)) > LONGEST_SOCKET:
        raise NotStarted("the path of the socket is too long; set SAFECONDUCT_HOME to a shorter one")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.unlink(missing_ok=True)  # of a process that was killed; two cannot run, because the second gets no SIP port


async def _serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, board: Switchboard) -> None:
    try:
        writer.write(messages.line(await _reply(reader, board)))
        await writer.drain()
    except ConnectionError:  # the desk has stopped meanwhile
        pass
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _reply(reader: asyncio.StreamReader, board: Switchboard) -> Reply:
    try:
        asked = messages.request(await asyncio.wait_for(reader.readuntil(b"\n"), HEARD_SECONDS))
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, msgspec.DecodeError, ValueError):
        log.warning("something unreadable came to the softphone's socket")
        return Refused("unreadable")
    try:
        return await _do(asked, board)
    except Refusal as refusal:
        return Refused(refusal.why)


async def _do(asked: Request, board: Switchboard) -> Reply:
    match asked:
        case Look(phone, known, wait):
            return await board.look(phone, known, wait)
        case Answer(phone, call, offer):
            return Accepted(await board.answer(phone, call, offer))
        case HangUp(phone, call):
            await board.hang_up(phone, call)
        case Hold(phone, call, on):
            await board.hold(phone, call, on=on)
        case Press(phone, call, keys):
            await board.press(phone, call, keys)
    return await board.look(asked.phone, -1, 0)
