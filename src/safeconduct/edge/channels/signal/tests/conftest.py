# SPDX-License-Identifier: AGPL-3.0-or-later
"""The daemon on loopback and the channel that speaks to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.errors import NoRoom, NotStored
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.signal.channel import Settings, SignalChannel, make
from safeconduct.edge.channels.signal.tests.double import Double


@dataclass
class Line:
    """What the line behind the channel took; `fails` times it cannot. For `strangers` there is no room."""

    double: Double
    channel: SignalChannel
    taken: list[Inbound] = field(default_factory=list)
    fails: int = 0
    strangers: set[str] = field(default_factory=set)

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        if self.fails:
            self.fails -= 1
            raise NotStored("the disk is full")
        if any(one.address in self.strangers for one in inbounds):
            raise NoRoom(inbounds)
        self.taken += inbounds

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.channel.receive(self.take))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def heard(self, count: int) -> list[Inbound]:
        """As soon as so many were taken."""
        async with self.listening():
            await until(lambda: len(self.taken) >= count)
        return self.taken


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - what is watched is the double's, and knows no event
            await asyncio.sleep(0.005)


@pytest.fixture(scope="session")
def no_reach() -> Reach:
    return Reach()


@pytest.fixture
async def line(no_reach: Reach) -> AsyncIterator[Line]:
    async with Double.started() as double:
        channel = make(msgspec.convert(double.settings(), Settings), no_reach)
        yield Line(double, channel)
        await channel.close()
