# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every implementation of the contract, and a clock that a test moves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.spool.inventions import ROOMY, Clock, MakeSpool

from safeconduct.spool.contract import Quota, Spool
from safeconduct.spool.sqlite import SqliteSpool


async def open_sqlite(folder: Path, quota: Quota, clock: Clock) -> Spool:
    return await SqliteSpool.open(folder / "spool.db", quota=quota, clock=clock)


IMPLEMENTATIONS: list[Callable[[Path, Quota, Clock], Awaitable[Spool]]] = [open_sqlite]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda implementation: implementation.__name__)
async def make_spool(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> AsyncIterator[MakeSpool]:
    """Opens the same store as often as it is called, as several processes do."""
    opened: list[Spool] = []

    async def make(quota: Quota = ROOMY) -> Spool:
        opened.append(await request.param(folder, quota, clock))
        return opened[-1]

    yield make
    for spool in opened:
        await spool.close()


@pytest.fixture
async def spool(make_spool: MakeSpool) -> Spool:
    return await make_spool()
