# SPDX-License-Identifier: AGPL-3.0-or-later
"""One file, several processes and several loops."""

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.spool.inventions import ROOMY, Clock, MakeSpool, following, opening, queued

from safeconduct.spool.contract import Outcome
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.opening import connect, prepare
from safeconduct.spool.sqlite import SqliteSpool

ROOT = Path(__file__).parents[2]
COMMITS_300 = """
import asyncio, sys
from pathlib import Path
from tests.spool.inventions import ROOMY, opening
from safeconduct.spool.sqlite import SqliteSpool

async def main() -> None:
    spool = await SqliteSpool.open(Path(sys.argv[1]), quota=ROOMY)
    for part in range(30):
        acts = [opening(f"{sys.argv[2]} {part * 10 + n}".encode()) for n in range(10)]
        await asyncio.gather(*map(spool.commit, acts))
    await spool.close()

asyncio.run(main())
"""


@pytest.mark.rule("T9")
async def test_processes_that_write_at_once_lose_and_double_nothing(make_spool: MakeSpool, folder: Path) -> None:
    command = [sys.executable, "-c", COMMITS_300, str(folder / "spool.db")]
    # No file yet: they also race to make it.
    processes = [await asyncio.create_subprocess_exec(*command, str(name), cwd=ROOT) for name in range(3)]
    assert await asyncio.gather(*(process.wait() for process in processes)) == [0, 0, 0]
    stored = await queued(await make_spool())
    for name in range(3):
        own = [envelope for envelope in stored if envelope.startswith(b"%d " % name)]
        assert own == [b"%d %d" % (name, n) for n in range(300)]


@pytest.mark.rule("T9")
def test_doors_that_start_together_on_a_new_machine_all_open_the_spool(tmp_path: Path) -> None:
    def start(number: int) -> None:
        prepare(tmp_path / str(number // 8) / "spool.db", ROOMY).close()

    with ThreadPoolExecutor(8) as doors:  # SQLite refuses a journal mode that another is just setting, without waiting
        assert list(doors.map(start, range(400))) == [None] * 400
    assert {path.name.split("-")[0] for path in tmp_path.glob("*/*")} == {"spool.db"}  # nothing is left beside it


async def test_two_loops_share_one_spool(make_spool: MakeSpool) -> None:
    spool = await make_spool()
    first = opening(b"0")
    await spool.commit(first)

    async def work() -> list[Outcome]:
        return await asyncio.gather(*(spool.commit(following(first)) for _ in range(200)))

    outcomes: list[Outcome] = []
    other = threading.Thread(target=lambda: outcomes.extend(asyncio.run(work())))
    other.start()
    outcomes += await work()
    await asyncio.to_thread(other.join)
    assert outcomes == [Outcome.STORED] * 400
    assert len(await queued(spool)) == 401


async def test_a_loop_that_ended_does_not_stop_the_writer(make_spool: MakeSpool) -> None:
    spool = await make_spool()

    async def ask_and_leave() -> None:
        asking = asyncio.ensure_future(spool.commit(opening(b"left")))
        await asyncio.sleep(0)
        asking.cancel()

    await asyncio.to_thread(asyncio.run, ask_and_leave())
    await spool.commit(opening(b"stayed"))
    assert await queued(spool) == [b"left", b"stayed"]


async def test_a_process_that_holds_the_file_too_long_costs_a_refusal_and_no_more(
    make_spool: MakeSpool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = await make_spool()
    monkeypatch.setattr("safeconduct.spool.store.BUSY_SECONDS", 0.2)
    other = connect(folder / "spool.db")
    other.execute("BEGIN IMMEDIATE")
    refused = await asyncio.gather(*(spool.commit(opening()) for _ in range(20)), return_exceptions=True)
    assert {type(result) for result in refused} == {SpoolUnavailable}
    assert await queued(spool) == []  # and readers do not wait at all
    other.close()
    assert await spool.commit(opening()) is Outcome.STORED


async def test_a_busy_writer_leaves_the_loop_free(make_spool: MakeSpool) -> None:
    spool = await make_spool()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(spool.commit(opening(b"x" * 3_000)) for _ in range(3_000)))
    ticking.cancel()
    assert ticks > 20


async def test_a_slow_sweep_lets_an_intake_through(folder: Path, clock: Clock) -> None:
    spool = await SqliteSpool.open(folder / "spool.db", quota=ROOMY, clock=clock)
    await asyncio.gather(*(spool.commit(opening(days=1)) for _ in range(3_000)))
    await spool.settle([each.seq for each in await spool.waiting(10_000)])
    clock.move(3 * 86_400)
    sweeping = asyncio.create_task(spool.sweep(clock.now))
    await asyncio.sleep(0)
    await spool.commit(opening(days=100))
    assert not sweeping.done()
    assert await sweeping == 3_000
    await spool.close()
