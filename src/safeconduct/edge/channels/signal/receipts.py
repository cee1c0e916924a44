# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Read»: the only word to a person's phone that a message is safe, and not merely on its way."""

import asyncio
import contextlib
from collections import deque

from safeconduct.edge.channels.contract import Address
from safeconduct.edge.channels.signal.rpc import Broken, Connection, Unreachable

_WAITING_MOST = 1000


class Receipts:
    """Sent after the message was stored, in order, beside all else. One that cannot be sent is left out."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._waiting: deque[tuple[Address, int]] = deque(maxlen=_WAITING_MOST)
        self._wakes = asyncio.Event()

    def add(self, address: Address, timestamp: int) -> None:
        self._waiting.append((address, timestamp))
        self._wakes.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._wakes.wait()
            self._wakes.clear()
            while self._waiting:
                address, timestamp = self._waiting.popleft()
                params = {"recipient": str(address), "targetTimestamp": [timestamp], "type": "read"}
                with contextlib.suppress(Unreachable, Broken):
                    await self.connection.call("sendReceipt", params)
