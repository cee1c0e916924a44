# SPDX-License-Identifier: AGPL-3.0-or-later
"""Operators' pages that look by themselves every four seconds, against a desk in a process of its own."""

import asyncio
import random
import sys
import time
from collections.abc import Mapping, Sequence

from bench import doors

EVERY = 4.0


def waits(people: Sequence[Mapping[str, str]], seconds: float) -> list[float]:
    """How long each look took, in seconds, when the operators with these cookies look for so long."""
    port = doors.free_port()
    environment = {
        "SAFECONDUCT_DESK_LISTEN": f"127.0.0.1:{port}",
        "SAFECONDUCT_DESK_ORIGIN": f"http://localhost:{port}",
    }
    command = [sys.executable, "-m", "safeconduct.cli", "desk", "serve"]
    with doors.started(command, f"http://localhost:{port}/sign-in/", environment):
        return asyncio.run(_all(port, people, seconds))


async def _all(port: int, people: Sequence[Mapping[str, str]], seconds: float) -> list[float]:
    taken: list[float] = []
    await asyncio.gather(*(_operator(port, one, seconds, taken) for one in people))
    return taken


async def _operator(port: int, cookies: Mapping[str, str], seconds: float, taken: list[float]) -> None:
    said = "; ".join(f"{name}={value}" for name, value in cookies.items())
    until = time.perf_counter() + seconds
    await asyncio.sleep(random.random() * EVERY)
    while (began := time.perf_counter()) < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /queue/rows/?have=x HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nCookie: {said}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        answer = await reader.read(-1)
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer[:40].decode("latin-1"))
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - began)))
