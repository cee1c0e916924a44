# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ports for programs that tests start: of this test process alone, and never any that the kernel gives away.

Who asks the kernel for a port, closes it and tells its number to a program that takes it seconds later may find that
another test was given it meanwhile. So these lie below the kernel's own, and each worker of pytest-xdist has its share.
"""

import contextlib
import itertools
import os
import socket

_FIRST, _END = 20000, 32768  # Linux gives away those from 32768 on


def _share() -> range:
    worker, workers = os.environ.get("PYTEST_XDIST_WORKER", "gw0"), os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")
    size = (_END - _FIRST) // int(workers)
    first = _FIRST + size * int(worker.removeprefix("gw"))
    return range(first, first + size)


_OURS = _share()
# Round and round, and two runs at the same time do not begin at the same place.
_NEXT = itertools.cycle(_OURS[(step + os.getpid() * 16) % len(_OURS)] for step in range(len(_OURS)))


def free_port(following: int = 1) -> int:
    """A port that nobody listens on, by TCP or UDP; or the first of so many that follow each other."""
    for port in itertools.islice(_NEXT, len(_OURS)):
        if port + following <= _OURS.stop and _are_free(range(port, port + following)):
            for _ in range(following - 1):
                next(_NEXT)
            return port
    raise RuntimeError("no free ports")


def _are_free(ports: range) -> bool:
    with contextlib.suppress(OSError), contextlib.ExitStack() as held:
        for port, kind in itertools.product(ports, (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            held.enter_context(socket.socket(socket.AF_INET, kind)).bind(("127.0.0.1", port))
        return True
    return False
