# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: ASYNC240 - these tests look at small files while nothing else runs
"""A spool of an older release is brought up to date where it lies, with all that is in it."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.spool.inventions import DAY, NOON, NOTICE, Clock, MakeSpool, errand, following, key, opening, queued, ready

from safeconduct.spool.contract import Found, Kept, Lane, Posted, Spool
from safeconduct.spool.schema import VERSION
from safeconduct.vocabulary.identifiers import ConversationId, LookupId

CONVERSATION = ConversationId(b"conversation one")
OLD = replace(opening(), conversation=CONVERSATION, opens=None)


@pytest.fixture
def old_file(folder: Path) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "spool.db")) as database:
        database.executescript((Path(__file__).parent / "version_1.sql").read_text())
    return folder / "spool.db"


async def check_rows(spool: Spool) -> None:
    assert await queued(spool) == [b"facts", b"text", b"notice"]
    found = Found(CONVERSATION, b"a half of thirty-two known bytes", b"mark")
    assert await spool.find(LookupId(b"look-up id of it")) == found
    assert await spool.replies(CONVERSATION) == [b"reply", b"answer"]
    assert await spool.kept("position", b"chat") == b"here"
    assert await spool.published("line") == Posted(3, b"document", b"content")


async def test_all_rows_of_an_older_file_are_kept_and_it_takes_errands(old_file: Path, make_spool: MakeSpool) -> None:
    spool = await make_spool()
    await check_rows(spool)
    await spool.commit(following(OLD, envelopes=(), errands=(errand(),)))
    assert await ready(spool) == [b"hello"]
    assert await spool.lease("channel/telegram", b"one", 30) is not None
    await check_rows(await make_spool())  # the second opening finds nothing to do
    with closing(sqlite3.connect(old_file)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (VERSION,)


async def test_an_upgraded_file_has_the_tables_of_a_new_one(
    old_file: Path, make_spool: MakeSpool, tmp_path: Path
) -> None:
    def tables(path: Path) -> set[tuple[str, str]]:
        with closing(sqlite3.connect(path)) as database:
            return set(database.execute("SELECT name, sql FROM sqlite_schema").fetchall())

    await make_spool()
    old = tables(old_file)
    old_file.unlink()
    for side in ("-wal", "-shm"):
        old_file.with_name(old_file.name + side).unlink(missing_ok=True)
    await make_spool()
    assert tables(old_file) == old


async def test_a_file_of_the_second_version_gives_back_what_is_kept_anew(make_spool: MakeSpool, folder: Path) -> None:
    await make_spool()
    with closing(sqlite3.connect(folder / "spool.db")) as database:
        database.execute("DROP TRIGGER kept_gives_back_anew")
        database.execute("PRAGMA user_version = 2")
    spool = await make_spool()
    for value in (b"a long position, which is written over", b"short"):
        await spool.keep(Kept("position", b"chat", value, int(NOON) + DAY), lane=Lane.KNOWN)
    await spool.forget("position", b"chat")
    with closing(sqlite3.connect(folder / "spool.db")) as database:
        assert database.execute("SELECT sum(used) FROM room").fetchall() == [(0,)]


@pytest.mark.rule("R48")
async def test_an_upgraded_file_gives_all_its_room_back(old_file: Path, make_spool: MakeSpool, clock: Clock) -> None:
    spool = await make_spool()
    marks = [following(OLD, envelopes=(), errands=(errand(),), duress=mark) for mark in (b"", b"a longer mark")]
    await asyncio.gather(*map(spool.commit, marks))
    (due,) = await spool.errands("telegram", NOON, 10)
    await spool.commit(following(OLD, envelopes=(), finishes=(due.number,)))
    await spool.erase(CONVERSATION, key=key(), notice=NOTICE)
    await spool.settle([waiting.seq for waiting in await spool.waiting(10)])
    clock.move(20 * DAY)
    await spool.sweep(clock.now)
    assert await ready(spool, NOON) == []
    with closing(sqlite3.connect(old_file)) as database:
        assert database.execute("SELECT lane, used FROM room").fetchall() == [("first", 0), ("known", 0), ("reply", 0)]
