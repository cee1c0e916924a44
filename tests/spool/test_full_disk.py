# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that is full or fails: refused and reported, nothing acknowledged is lost, and it recovers by itself."""

import asyncio
import os
import resource
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.spool.inventions import following, key, opening, queued, sealed, settle_all

from safeconduct.spool.contract import Lane, Outcome, Quota, Spool
from safeconduct.spool.errors import SpoolError, SpoolFull, SpoolUnavailable
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.secrets import Sealed

MIB = 1 << 20
EVERYTHING = Quota(1 << 30, headroom_bytes=0)  # the last byte of the disk too, so that it really is full
MOSTLY_FIRST = {Lane.FIRST: 0.9, Lane.KNOWN: 0.05, Lane.REPLY: 0.05}


@asynccontextmanager
async def opened(folder: Path, quota: Quota = EVERYTHING) -> AsyncIterator[SqliteSpool]:
    spool = await SqliteSpool.open(folder / "spool.db", quota=quota)
    try:
        yield spool
    finally:
        await spool.close()


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of 3 MiB where we may mount one. False where not: the quota's ceiling is full in its stead."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


async def fill(spool: Spool) -> list[Sealed]:
    """What was acknowledged until nothing more was."""
    stored: list[Sealed] = []
    for _ in range(10_000):
        acts = [opening(sealed(4_500)) for _ in range(16)]
        results = await asyncio.gather(*map(spool.commit, acts), return_exceptions=True)
        stored += [act.envelopes[0] for act, result in zip(acts, results, strict=True) if result is Outcome.STORED]
        refused = [result for result in results if result is not Outcome.STORED]
        if refused:
            assert {type(result) for result in refused} == {SpoolFull}
        if len(refused) == len(acts):
            return stored
    raise AssertionError("it never filled")


async def soon_stored(spool: Spool) -> Sealed:
    """Recovery needs no restart and no help; only a moment."""
    end = time.monotonic() + 5
    while True:
        act = opening(sealed(4_500))
        try:
            await spool.commit(act)
        except SpoolError:
            assert time.monotonic() < end
            await asyncio.sleep(0.05)
        else:
            return act.envelopes[0]


@pytest.mark.rule("T9", "T14")
async def test_a_full_disk_is_told_and_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as mounted:
        ballast = tmp_path / "disk" / "ballast"
        ballast.write_bytes(bytes(MIB))
        quota = EVERYTHING if mounted else Quota(MIB, MOSTLY_FIRST)
        async with opened(tmp_path / "disk", quota) as spool:
            stored = await fill(spool)
            assert len(stored) > 50
            assert not await spool.accepts(Lane.FIRST)
            assert await queued(spool) == stored
            ballast.unlink()
            if not mounted:
                await settle_all(spool)
                stored.clear()
            stored.append(await soon_stored(spool))
            assert await queued(spool) == stored
            async with asyncio.timeout(30):
                while not await spool.accepts(Lane.FIRST):  # noqa: ASYNC110 - a disk sets no event
                    await asyncio.sleep(0.1)
        async with opened(tmp_path / "disk", quota) as again:
            assert await queued(again) == stored


@pytest.mark.rule("T9", "T14")
async def test_the_last_of_the_disk_is_left_so_that_the_desk_can_collect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "disk"
    with small_disk(folder) as mounted:
        if not mounted:
            monkeypatch.setattr("os.statvfs", lambda _: pretended(folder, 3 * MIB))
        async with opened(folder, Quota(1 << 30, headroom_bytes=2 * MIB)) as spool:
            first = opening(b"to erase")
            await spool.commit(first)
            assert len(await fill(spool)) > 10
            assert not await spool.accepts(Lane.FIRST)
            assert await spool.erase(first.conversation, key=key(), notice=sealed(100)) is Outcome.STORED
            await settle_all(spool)
            stored = await soon_stored(spool)
            assert await queued(spool) == [stored]


def pretended(folder: Path, size: int) -> SimpleNamespace:
    used = sum(path.stat().st_size for path in folder.iterdir())
    return SimpleNamespace(f_bavail=size - used, f_frsize=1)


@pytest.mark.rule("R48", "T14")
async def test_what_frees_room_is_taken_when_the_file_has_reached_its_ceiling(tmp_path: Path) -> None:
    quota = Quota(MIB, MOSTLY_FIRST)
    async with opened(tmp_path / "spool", quota) as spool:
        first = opening(b"to erase")
        await spool.commit(first)
        stored = await fill(spool)
        assert (tmp_path / "spool" / "spool.db").stat().st_size <= MIB
        assert await spool.erase(first.conversation, key=key(), notice=sealed(100)) is Outcome.STORED
        await settle_all(spool)
        assert len(await fill(spool)) >= len(stored) // 2


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """Every write beyond it fails with EFBIG, which SQLite takes for a failing disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.rule("T9")
async def test_a_failing_disk_is_told_and_loses_nothing_and_goes_on_when_it_works_again(tmp_path: Path) -> None:
    async with opened(tmp_path / "spool") as spool:
        first = opening(b"0")
        await spool.commit(first)
        store = spool._writer._store
        connection = store._database
        journal = (tmp_path / "spool" / "spool.db-wal").stat().st_size
        with no_file_grows_beyond(journal + 20_000):
            refused = await asyncio.gather(
                *(spool.commit(following(first, sealed(9_000))) for _ in range(30)), return_exceptions=True
            )
            assert SpoolUnavailable in {type(result) for result in refused}
            assert not await spool.accepts(Lane.KNOWN)
        stored = refused.count(Outcome.STORED)
        await spool.commit(following(first, b"after"))
        assert len(await queued(spool)) == stored + 2
        assert (await queued(spool))[-1] == b"after"
        assert store._database is not connection  # what it remembered of the file may have been wrong
