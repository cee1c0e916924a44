# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal stays short while the writer never rests, although it is copied beside it."""

import asyncio
import os
from pathlib import Path

import pytest
from tests.spool.inventions import following, opening, queued

from safeconduct.spool import store
from safeconduct.spool.contract import Quota
from safeconduct.spool.opening import connect
from safeconduct.spool.sqlite import SqliteSpool

ACTS = 60
MIB = 1 << 20


async def write_without_rest(spool: SqliteSpool, rounds: int) -> None:
    first = opening()
    await spool.commit(first)
    for _ in range(rounds):
        await asyncio.gather(*(spool.commit(following(first, os.urandom(6_000))) for _ in range(ACTS // 2)))


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_ACTS_PER_CHECKPOINT", ACTS)


@pytest.mark.usefixtures("often")
@pytest.mark.rule("T14")
async def test_the_journal_begins_anew_again_and_again_under_load(tmp_path: Path) -> None:
    spool = await SqliteSpool.open(tmp_path / "spool.db", quota=Quota(256 * MIB))
    await write_without_rest(spool, 60)
    journal = (tmp_path / "spool.db-wal").stat().st_size
    written = len(await queued(spool)) * 6_000
    await spool.close()
    assert written > 10 * MIB
    assert journal < written / 3


@pytest.mark.usefixtures("often")
@pytest.mark.rule("R48")
async def test_what_is_erased_while_the_journal_is_copied_leaves_it_before_the_answer(tmp_path: Path) -> None:
    spool = await SqliteSpool.open(tmp_path / "spool.db", quota=Quota(256 * MIB))
    first = opening(b"words that nobody else writes")
    await spool.commit(first)
    load = asyncio.create_task(write_without_rest(spool, 10))
    await asyncio.sleep(0.05)
    await spool.erase(first.conversation, key=opening().key, notice=first.envelopes[0])
    assert spool._writer._store._truncate_at is None
    await load
    await spool.close()


@pytest.mark.usefixtures("often")
@pytest.mark.rule("T9")
async def test_a_reader_that_holds_the_journal_stops_no_writer_and_loses_nothing(tmp_path: Path) -> None:
    spool = await SqliteSpool.open(tmp_path / "spool.db", quota=Quota(256 * MIB))
    await spool.commit(opening())
    reader = connect(tmp_path / "spool.db")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM waiting").fetchall()
    await write_without_rest(spool, 6)
    reader.close()
    await write_without_rest(spool, 6)
    assert len(await queued(spool)) == 3 + 12 * (ACTS // 2)
    await spool.close()
