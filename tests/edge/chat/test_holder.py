# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who follows a dead worker on the same machine begins at once; who only waits beside a living one does not."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.edge.chat.conftest import Chat
from tests.edge.chat.waiting import until

from safeconduct.edge.chat import holder as holders
from safeconduct.edge.chat.holder import Holder
from safeconduct.edge.chat.worker import LEASE_SECONDS, Worker

LIVES = """
import sys, time
from pathlib import Path
from safeconduct.edge.chat.holder import Holder
holder = Holder(Path(sys.argv[1]))
print(holder.name().hex(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "channel-paper.lock"


@pytest.fixture
def other(path: Path) -> Iterator[tuple[subprocess.Popen[bytes], bytes]]:
    """Another process that holds the channel, and its name."""
    process = subprocess.Popen([sys.executable, "-c", LIVES, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    yield process, bytes.fromhex(process.stdout.readline().decode())
    process.kill()
    process.wait()
    process.stdout.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@pytest.mark.rule("T9")
async def test_a_channel_whose_process_was_killed_is_owned_again_at_once(
    chat: Chat, path: Path, other: tuple[subprocess.Popen[bytes], bytes]
) -> None:
    process, name = other
    chat.line.holder = Holder(path)
    lease = f"channel/{chat.line.facts.code}"
    assert await chat.line.spool.lease(lease, name, LEASE_SECONDS) is not None
    worker = Worker(chat.line)
    working = asyncio.create_task(worker.run())
    await asyncio.sleep(0.3)
    assert not worker.owns  # the other lives, and has a lease of half a minute: the test's clock stands
    kill(process)
    await until(lambda: worker.owns)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    chat.line.holder.close()


def test_beside_a_living_process_a_name_is_ones_own(path: Path, other: tuple[subprocess.Popen[bytes], bytes]) -> None:
    process, name = other
    mine = Holder(path)
    before = mine.name()
    assert before not in {name, Holder(path).name()}
    kill(process)
    assert mine.name() == name
    assert Holder(path).name() not in {name, before}
    mine.close()


@pytest.mark.parametrize("said", [b"", b"another start of the machine, or another one" + b"n" * 16, b"\0" * 9])
def test_what_another_start_of_the_machine_or_nobody_wrote_is_not_believed(path: Path, said: bytes) -> None:
    path.write_bytes(said)
    mine = Holder(path)
    assert mine.name() not in {said[-16:], bytes(16)}
    assert path.read_bytes().endswith(mine.name())
    mine.close()


def test_where_the_system_tells_no_start_nobody_follows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holders, "_BOOT", path.parent / "none")
    names = []
    for _ in range(2):
        mine = Holder(path)
        names.append(mine.name())
        mine.close()
    assert len(set(names)) == 2


def test_a_file_that_cannot_be_had_costs_nothing_but_time(path: Path) -> None:
    path.symlink_to(path.parent / "elsewhere")
    assert Holder(path).name() != Holder(path.parent / "no" / "folder").name()
    assert not (path.parent / "elsewhere").exists()
