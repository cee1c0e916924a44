# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bad network between a telephone and the line: it loses and delays sound. SIP passes, with the ports of the sound changed."""

import asyncio
import contextlib
import random
import re
from collections.abc import AsyncIterator, Callable
from typing import cast

Address = tuple[str, int]

_AUDIO = re.compile(rb"m=audio (\d{5})")
_RTCP = re.compile(rb"a=rtcp:(\d{5})[^\r]*\r\n")


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self.transport: asyncio.DatagramTransport | None = None
        self.to: Address | None = None
        self.last: Address | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.last = addr
        self._take(data)

    def send(self, data: bytes, to: Address | None) -> None:
        if to is not None and self.transport is not None and not self.transport.is_closing():
            self.transport.sendto(data, to)

    @property
    def port(self) -> int:
        assert self.transport is not None
        return int(self.transport.get_extra_info("sockname")[1])


class Relay:
    """Two sockets for SIP and two for sound: one towards each side."""

    def __init__(self, line: int, *, loss: float, jitter: float) -> None:
        self.lost = self.passed = 0
        self._loss, self._jitter = loss, jitter
        self._chance = random.Random(7)
        self._line: Address = ("127.0.0.1", line)
        self.near = _Socket(lambda data: self.far.send(self._open(data, self.far_sound, self.near_sound), self._line))
        self.far = _Socket(
            lambda data: self.near.send(self._open(data, self.near_sound, self.far_sound), self.near.last)
        )
        # What comes in on one goes out through the other, to where the other side said that it listens.
        self.near_sound = _Socket(lambda data: self._badly(self.far_sound, data))
        self.far_sound = _Socket(lambda data: self._badly(self.near_sound, data))

    def _open(self, data: bytes, advertised: _Socket, listened: _Socket) -> bytes:
        """The side that gets this must send its sound to us, and we to the one that wrote it."""
        if (found := _AUDIO.search(data)) is not None:
            listened.to = ("127.0.0.1", int(found[1]))
            data = data.replace(found[0], b"m=audio %05d" % advertised.port)
        return _RTCP.sub(lambda one: b"a=x-rtc:" + one[1] + one[0][one.end(1) - one.start() :], data)

    def _badly(self, through: _Socket, data: bytes) -> None:
        if self._chance.random() < self._loss:
            self.lost += 1
            return
        self.passed += 1
        asyncio.get_running_loop().call_later(self._chance.random() * self._jitter, through.send, data, through.to)


@contextlib.asynccontextmanager
async def relay(line: int, *, loss: float, jitter: float) -> AsyncIterator[Relay]:
    found = Relay(line, loss=loss, jitter=jitter)
    loop = asyncio.get_running_loop()
    sockets = (found.near, found.far, found.near_sound, found.far_sound)
    for one in sockets:
        await loop.create_datagram_endpoint(lambda one=one: one, local_addr=("127.0.0.1", 0))  # type: ignore[misc]
    try:
        yield found
    finally:
        for one in sockets:
            if one.transport is not None:
                one.transport.close()
