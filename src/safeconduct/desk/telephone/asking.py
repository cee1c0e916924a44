# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of the socket. Plain and synchronous, as the desk's views are."""

import socket
from pathlib import Path

import msgspec

from safeconduct.desk.telephone import messages
from safeconduct.desk.telephone.errors import Down, Refusal
from safeconduct.desk.telephone.messages import Accepted, Look, Picture, Refused, Reply, Request

SECONDS = 8.0  # for what needs no waiting; an answer gathers addresses first


def ask(path: Path, request: Request) -> Picture | Accepted:
    """One question to the softphone's process. Raises `Down`, `Refusal`."""
    patience = SECONDS + (request.wait if isinstance(request, Look) else 0)
    try:
        reply = messages.reply(_exchange(path, messages.line(request), patience))
    except (OSError, msgspec.DecodeError) as error:
        raise Down("the softphone does not answer") from error
    if isinstance(reply, Refused):
        raise Refusal(reply.why)
    return reply


def picture(path: Path, request: Request) -> Picture:
    """For requests that are answered by how the phone is now. Raises `Down`, `Refusal`."""
    got: Reply = ask(path, request)
    if not isinstance(got, Picture):
        raise Down("the softphone answers something else")
    return got


def _exchange(path: Path, line: bytes, seconds: float) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(seconds)
        door.connect(str(path))
        door.sendall(line)
        with door.makefile("rb") as answered:
            return answered.readline(messages.LONGEST_LINE)
