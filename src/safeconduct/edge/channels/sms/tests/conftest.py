# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.errors import ChannelDown, NotStored
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.sms.channel import Settings, SmsChannel, make
from safeconduct.edge.channels.sms.tests.double import Double

HEADER = struct.Struct("!IIII")  # of a PDU: length, command, status, sequence


@dataclass
class Taken:
    """Our side: what was made durable. `refusals` says how often it cannot be."""

    messages: list[Inbound] = field(default_factory=list)
    refusals: int = 0
    pause: float = 0.0

    async def __call__(self, messages: Sequence[Inbound]) -> None:
        await asyncio.sleep(self.pause)
        if self.refusals:
            self.refusals -= 1
            raise NotStored("full")
        self.messages.extend(messages)

    @property
    def texts(self) -> list[str | None]:
        return [message.text for message in self.messages]

    @property
    def ids(self) -> list[str]:
        return [message.message_id for message in self.messages]


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another program
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def open_channel(double: Double, **settings: Any) -> AsyncIterator[SmsChannel]:
    channel = make(msgspec.convert(double.settings() | settings, Settings), Reach())
    try:
        yield channel
    finally:
        await channel.close()


@contextlib.asynccontextmanager
async def listening(channel: SmsChannel, taken: Taken) -> AsyncIterator[None]:
    """As the crew does it: called again whenever the session is lost, only faster."""

    async def run() -> None:
        while True:
            with contextlib.suppress(ChannelDown):
                await channel.receive(taken)
            await asyncio.sleep(0.01)

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def scripted(*answers: bytes) -> AsyncIterator[int]:
    """An SMSC that answers what it hears with these octets, one after the other, and then with nothing."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for octets in answers:
            await reader.read(4096)
            writer.write(octets)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.fixture
async def double() -> AsyncIterator[Double]:
    async with Double.started() as started:
        yield started


@pytest.fixture
def taken() -> Taken:
    return Taken()
