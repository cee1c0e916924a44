# SPDX-License-Identifier: AGPL-3.0-or-later
"""A load generator: a fixed number of connections to one loopback address, each asking again as soon as it is answered."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import uvloop


@dataclass(slots=True)
class Load:
    """What came of a run. Latencies in seconds; `failures` are answers other than 200 and broken connections."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0
    bytes_of_one: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class _Connection(asyncio.Protocol):
    def __init__(self, load: Load, request: Callable[[], bytes], until: float, ended: asyncio.Future[None]) -> None:
        self._load, self._request, self._until, self._ended = load, request, until, ended
        self._buffer = bytearray()
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request())  # type: ignore[attr-defined] # a socket's transport writes

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_ends = self._buffer.find(b"\r\n\r\n")
        if head_ends < 0:
            return
        whole = head_ends + 4 + _content_length(self._buffer[:head_ends])
        if len(self._buffer) < whole:
            return
        now = time.perf_counter()
        if self._buffer.startswith(b"HTTP/1.1 200"):
            self._load.latencies.append(now - self._sent)
        else:
            self._load.failures += 1
        self._load.bytes_of_one = whole
        del self._buffer[:whole]
        if now < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._load.failures += error is not None
        if not self._ended.done():
            self._ended.set_result(None)


def _content_length(head: bytes | bytearray) -> int:
    lowered = bytes(head).lower()
    at = lowered.find(b"content-length:")
    return (
        int(lowered[at + 15 : lowered.find(b"\r\n", at) if lowered.find(b"\r\n", at) > 0 else None]) if at >= 0 else 0
    )


def run(port: int, request: Callable[[], bytes], *, connections: int, seconds: float) -> Load:
    """Ask 127.0.0.1:`port` for `seconds` over `connections` kept-alive connections."""
    return uvloop.run(_run(port, request, connections, seconds))


async def _run(port: int, request: Callable[[], bytes], connections: int, seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    load = Load()
    started = time.perf_counter()
    ends = []
    for _ in range(connections):
        ended = loop.create_future()
        await loop.create_connection(partial(_Connection, load, request, started + seconds, ended), "127.0.0.1", port)
        ends.append(ended)
    await asyncio.wait_for(asyncio.gather(*ends), seconds + 30)
    load.seconds = time.perf_counter() - started
    return load
