# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bot on loopback and the channel that speaks to it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.errors import NoRoom, NotStored
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.telegram.channel import Settings, Telegram, make
from safeconduct.edge.channels.telegram.tests.double import Double


@dataclass
class Taken:
    """What the line behind the channel took; `fails` times it cannot. For `strangers` there is no room."""

    inbounds: list[Inbound] = field(default_factory=list)
    fails: int = 0
    strangers: set[str] = field(default_factory=set)

    async def __call__(self, inbounds: Sequence[Inbound]) -> None:
        if self.fails:
            self.fails -= 1
            raise NotStored("the disk is full")
        known = [one for one in inbounds if one.address not in self.strangers]
        self.inbounds += [one for one in known if one not in self.inbounds]  # what comes again is known
        if len(known) < len(inbounds):
            raise NoRoom(one for one in inbounds if one.address in self.strangers)


@dataclass
class Both:
    double: Double
    channel: Telegram
    taken: Taken = field(default_factory=Taken)


async def _both(double: Double) -> AsyncIterator[Both]:
    reach = Reach()
    channel = make(msgspec.convert(double.settings(), Settings), reach)
    assert isinstance(channel, Telegram)
    yield Both(double, channel)
    await channel.close()
    await reach.close()


@pytest.fixture
async def bot() -> AsyncIterator[Both]:
    async with Double.started() as double:
        async for both in _both(double):
            yield both


@pytest.fixture
async def hooked() -> AsyncIterator[Both]:
    async with Double.started("webhook") as double:
        async for both in _both(double):
            yield both
