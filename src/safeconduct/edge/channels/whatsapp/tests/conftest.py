# SPDX-License-Identifier: AGPL-3.0-or-later
"""The number on loopback and the channel that speaks for it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.errors import NotStored
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.whatsapp.channel import Settings, WhatsAppChannel, make
from safeconduct.edge.channels.whatsapp.tests.double import Double


@dataclass
class Line:
    """What the line behind the channel took; `fails` times it cannot."""

    double: Double
    channel: WhatsAppChannel
    taken: list[Inbound] = field(default_factory=list)
    fails: int = 0

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        if self.fails:
            self.fails -= 1
            raise NotStored("the disk is full")
        self.taken += inbounds


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    reach = Reach()
    async with Double.started() as double:
        yield Line(double, make(msgspec.convert(double.settings(), Settings), reach))
        await reach.close()


@pytest.fixture(scope="session")
def no_reach() -> Reach:
    """Making one reads all certificates: once is enough for tests that call nobody."""
    return Reach()


@pytest.fixture
def alone(no_reach: Reach) -> WhatsAppChannel:
    """A channel that reaches nobody."""
    return make(
        msgspec.convert({**Double().settings(), "graph_url": "https://graph.facebook.com/v24.0"}, Settings), no_reach
    )
