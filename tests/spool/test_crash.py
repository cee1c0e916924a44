# SPDX-License-Identifier: AGPL-3.0-or-later
"""kill -9 at random moments: what was acknowledged is there once, in order and whole; nothing is there by half.

`SAFECONDUCT_SOAK_KILLS` says how often.
"""

import asyncio
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.spool.crash_child import (
    CHANNEL,
    FOREVER,
    PARTS,
    WRITERS,
    conversation_of,
    finish_of,
    lookup_of,
    named,
    open_spool,
)
from tests.spool.inventions import MakeSpool, errand, number_of, opening, queued, ready, settle_all

from safeconduct.spool.contract import Spool

KILLS = int(os.environ.get("SAFECONDUCT_SOAK_KILLS", "50"))
ROOT = Path(__file__).parents[2]


@dataclass
class Told:
    """What the two processes said before they died."""

    acts: dict[str, int] = field(default_factory=dict)  # story: the number of its last acknowledged act
    erasing: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    began: set[str] = field(default_factory=set)
    finishing: set[str] = field(default_factory=set)
    finished: set[str] = field(default_factory=set)

    def hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word != "took":
            getattr(self, word).add(rest)
            return
        story, number = rest.split()
        assert int(number) == self.acts.get(story, -1) + 1
        self.acts[story] = int(number)

    def stories(self, seed: str) -> set[str]:
        """Those that were told of, and for each writer the next one, which may have been stored and not told."""
        known = set(self.acts)
        following = {f"{writer}.{int(story) + 1}" for writer, _, story in (name.rpartition(".") for name in known)}
        return known | following | {f"{seed}.{writer}.0" for writer in range(WRITERS)}


class Pair:
    """A door and a desk on one spool, started anew for every kill."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-m", "tests.spool.crash_child", str(path)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._heard = b""

    def run_and_kill(self, seed: str, dice: random.Random) -> Told:
        assert self._process.stdin
        self._process.stdin.write(f"{seed}\n".encode())
        self._process.stdin.flush()
        victims = [int(pid) for pid in re.findall(r"\d+", self._line(30) or "")]
        dice.shuffle(victims)
        told = Told()
        if dice.random() < 0.9:  # else they die while they open the file
            told.hear(self._line(30) or "")
        for victim in victims:
            self._listen(told, dice.uniform(0, 0.12))
            os.kill(victim, signal.SIGKILL)
        while (line := self._line(30)) != "over":
            told.hear(line or "")
        return told

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _listen(self, told: Told, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if (line := self._line(left)) is not None:
                assert line != "over", "they ended before they were killed"
                told.hear(line)

    def _line(self, seconds: float) -> str | None:
        assert self._process.stdout
        end = time.monotonic() + seconds
        while b"\n" not in self._heard:
            left = max(0.0, end - time.monotonic())
            if not select.select([self._process.stdout], [], [], left)[0]:
                return None
            self._heard += os.read(self._process.stdout.fileno(), 1 << 16)
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crash") / "spool.db"


@pytest.fixture(scope="module")
def pair(path: Path) -> Iterator[Pair]:
    pair = Pair(path)
    yield pair
    pair.close()


@pytest.mark.rule("T9")
@pytest.mark.parametrize("kill", range(KILLS))
async def test_what_was_acknowledged_outlives_a_kill_once_and_whole(kill: int, pair: Pair, path: Path) -> None:
    told = pair.run_and_kill(f"k{kill}", random.Random(kill))
    spool = await open_spool(path)
    try:
        waiting = [envelope.rstrip(b".").decode() for envelope in await queued(spool)]
        assert len(waiting) == len(set(waiting)), "doubled"
        assert not told.settled & set(waiting), "settled, and there again"
        begun, errands = await drained(spool)
        under_way = {name for name in told.began - told.finishing if name.split()[0] not in told.erasing}
        assert under_way <= set(begun), "begun, and it does not show"
        for story in told.stories(f"k{kill}"):
            await check(spool, story, told, [name for name in waiting if name.split()[0] == story])
            await check_errands(spool, story, told, errands.get(story, []))
        await settle_all(spool)
    finally:
        await spool.close()


BEGINS_AND_WAITS = """
import asyncio, sys
from pathlib import Path
from safeconduct.spool.sqlite import SqliteSpool
from tests.spool.inventions import ROOMY

async def main() -> None:
    spool = await SqliteSpool.open(Path(sys.argv[1]), quota=ROOMY)
    print(await spool.begin(int(sys.argv[2])), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.rule("T9")
async def test_an_errand_whose_worker_was_killed_is_known_to_have_begun(make_spool: MakeSpool, folder: Path) -> None:
    spool, first = await make_spool(), opening(errands=(errand(b"one"), errand(b"two")))
    await spool.commit(first)
    number = await number_of(spool, b"one")
    command = [sys.executable, "-c", BEGINS_AND_WAITS, str(folder / "spool.db"), str(number)]
    worker = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert worker.stdout
    assert await worker.stdout.readline() == b"True\n"
    worker.kill()
    await worker.communicate()
    assert [due.number for due in await spool.begun("telegram")] == [number]
    assert await ready(spool) == []  # its outcome is unknown, so what comes after it waits


async def drained(spool: Spool) -> tuple[list[str], dict[str, list[str]]]:
    """The errands that had begun; and of each story all that were left, in the order in which its worker gets them."""
    begun, errands = await spool.begun(CHANNEL), defaultdict[str, list[str]](list)
    shown = begun or await spool.errands(CHANNEL, FOREVER, 10_000)
    while shown:
        for due in shown:
            errands[due.body.decode().split()[0]].append(due.body.decode())
        await asyncio.gather(*(spool.commit(finish_of(due)) for due in shown))
        shown = await spool.errands(CHANNEL, FOREVER, 10_000)
    return [due.body.decode() for due in begun], errands


async def check_errands(spool: Spool, story: str, told: Told, left: list[str]) -> None:
    """None of a conversation that is gone; else each of its acts has one, until its worker asked to finish it."""
    if await spool.find(lookup_of(story)) is None:
        assert left == []
        return
    last = int(await spool.kept("position", named(f"chat {story}")) or -1)
    expected = [f"{story} {number}" for number in range(last + 1)]
    assert left == [name for name in expected if name in left], "doubled, out of order, or of no act"
    assert set(expected) <= {*left, *told.finishing}, "lost"
    assert not told.finished & set(left), "finished, and there again"


async def check(spool: Spool, story: str, told: Told, waiting: list[str]) -> None:
    """One conversation is erased, was never stored, or is whole up to its last act."""
    found = await spool.find(lookup_of(story))
    position = await spool.kept("position", named(f"chat {story}"))
    replies = [reply.decode() for reply in await spool.replies(conversation_of(story))]
    if found is None:
        assert (position, replies) == (None, [])
        assert story in told.erasing or story not in told.acts
        notice = [f"{story} erased"] if story in told.erasing else []
        assert waiting == [name for name in notice if name in waiting]
        assert set(notice) <= {*waiting, *told.holds}
        return
    assert story not in told.erased
    last = int(position or -1)
    assert last - told.acts.get(story, -1) in {0, 1}  # one act may have been stored and not told
    expected = [f"{story} {number} {part.decode()}" for number in range(last + 1) for part in PARTS]
    assert waiting == [name for name in expected if name in waiting], "out of order, or of a half-done act"
    assert set(expected) <= {*waiting, *told.holds}, "lost"
    assert [reply for reply in replies if reply.startswith(story)] == [
        f"{story} {number} reply" for number in range(last + 1)
    ]
