# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waiting for what other tasks do."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], object]) -> None:
    """Raises `TimeoutError` when it does not come true."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what it waits for is another object's, and has no event
            await asyncio.sleep(0.01)
