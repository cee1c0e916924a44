# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person at a time, many people at once."""

import asyncio
from contextlib import AbstractAsyncContextManager
from weakref import WeakValueDictionary


class Locks:
    """A lock for each chat, as long as somebody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        """How many chats somebody holds or awaits now."""
        return len(self._locks)

    def of(self, place: bytes) -> AbstractAsyncContextManager[None]:
        return self._locks.setdefault(place, asyncio.Lock())
