# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: ASYNC240 - these tests look at small files while nothing else runs
"""The file of the embedded spool: who may read it, how it is written, what is refused."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.spool.inventions import ROOMY, MakeSpool, opening, queued

from safeconduct.spool.errors import SpoolUnavailable, SpoolUnreadable
from safeconduct.spool.opening import connect
from safeconduct.spool.sqlite import SqliteSpool


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.rule("T3")
async def test_nobody_else_may_read_the_files_whatever_the_umask(
    open_umask: None, make_spool: MakeSpool, folder: Path
) -> None:
    spool = await make_spool()
    await spool.commit(opening())
    await spool.waiting(1)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"spool.db": 0o600, "spool.db-wal": 0o600, "spool.db-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_file_that_was_readable_is_closed(make_spool: MakeSpool, folder: Path) -> None:
    await (await make_spool()).close()
    (folder / "spool.db").chmod(0o644)
    folder.chmod(0o755)
    await make_spool()
    assert stat.S_IMODE((folder / "spool.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.rule("T9")
async def test_every_connection_is_durable_and_overwrites_what_it_deletes(make_spool: MakeSpool, folder: Path) -> None:
    await make_spool()
    connection = connect(folder / "spool.db")
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "temp_store": 2}
    assert {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted
    connection.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all, but a letter\n" * 400], ids=["empty", "a letter"])
async def test_only_an_empty_file_is_made_into_a_spool(content: bytes, folder: Path) -> None:
    folder.mkdir()
    path = folder / "spool.db"
    path.write_bytes(content)
    if not content:
        await (await SqliteSpool.open(path, quota=ROOMY)).close()
        return
    with pytest.raises(SpoolUnreadable, match="restore it from a backup, or move it away"):
        await SqliteSpool.open(path, quota=ROOMY)
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused_and_left_as_it_is(folder: Path) -> None:
    folder.mkdir()
    path = folder / "spool.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (a)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(SpoolUnreadable, match="this is not a spool"):
        await SqliteSpool.open(path, quota=ROOMY)
    assert path.read_bytes() == before


async def test_the_file_of_a_newer_release_is_refused(make_spool: MakeSpool, folder: Path) -> None:
    await (await make_spool()).close()
    database = sqlite3.connect(folder / "spool.db")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(SpoolUnreadable, match="newer release \\(version 99\\)"):
        await make_spool()


async def test_a_damaged_file_is_refused(make_spool: MakeSpool, folder: Path) -> None:
    spool = await make_spool()
    for _ in range(20):
        await spool.commit(opening(b"x" * 5_000))
    await spool.close()
    with (folder / "spool.db").open("r+b") as file:
        file.seek(5 * 8_192)
        file.write(b"\xff" * 40_000)
    with pytest.raises(SpoolUnreadable, match=r"damaged|malformed"):
        await make_spool()


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be")
    with pytest.raises(SpoolUnavailable, match="blocked"):
        await SqliteSpool.open(tmp_path / "blocked" / "spool.db", quota=ROOMY)


@pytest.mark.rule("T9")
async def test_nothing_is_acknowledged_into_a_file_that_was_moved_away(make_spool: MakeSpool, folder: Path) -> None:
    spool = await make_spool()
    await spool.commit(opening(b"one"))
    (folder / "spool.db").rename(folder / "elsewhere.db")
    with pytest.raises(SpoolUnavailable, match="put it back"):
        await spool.commit(opening(b"lost"))
    (folder / "elsewhere.db").rename(folder / "spool.db")
    await spool.commit(opening(b"two"))
    assert await queued(spool) == [b"one", b"two"]
