# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m safeconduct.edge.sealing_hand FOLDER [--demonstration]`: one of the crew, started by a door.

It seals what it is given on its standard input, a socket, and ends when the door has closed the other end. It opens
no port and no file but the secrets, and prints nothing of what it was given.
"""

import gc
import signal
import socket
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from safeconduct.edge.applications import Application, seal_application
from safeconduct.edge.credentials import EdgeCredentials, load_credentials
from safeconduct.edge.frames import LENGTH_BYTES, Asked, FrameRefused, framed, length_of, mark_of
from safeconduct.edge.messages import seal_message

DEMONSTRATION = "--demonstration"

_asked = msgspec.msgpack.Decoder(Asked)


def main() -> None:
    """Serve until the door is gone."""
    # The door decides when its hands rest: it answers what is under way before it ends, whoever is told to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    credentials = load_credentials(Path(sys.argv[1]), demonstration=DEMONSTRATION in sys.argv[2:])
    gc.freeze()
    try:
        with socket.socket(fileno=sys.stdin.fileno()) as door:
            _serve(door, credentials)
    except (OSError, FrameRefused):
        sys.exit(1)


def _serve(door: socket.socket, credentials: EdgeCredentials) -> None:
    door.sendall(framed(mark_of(credentials)))
    with door.makefile("rb") as incoming:
        while (asked := _next(incoming)) is not None:
            door.sendall(framed(_answer(asked, credentials)))


def _next(incoming: BinaryIO) -> bytes | None:
    head = incoming.read(LENGTH_BYTES)
    data = incoming.read(length_of(head))
    return data if len(head) == LENGTH_BYTES else None


def _answer(asked: bytes, credentials: EdgeCredentials) -> bytes:
    try:
        return msgspec.msgpack.encode(_sealed(_asked.decode(asked), credentials))
    except Exception:  # noqa: BLE001 - the outermost loop; the door meets the same error itself, where it is told
        return b""


def _sealed(asked: Asked, credentials: EdgeCredentials) -> object:
    if isinstance(asked, Application):
        return seal_application(asked, credentials)
    return [seal_message(message, credentials) for message in asked.messages]


if __name__ == "__main__":
    main()
