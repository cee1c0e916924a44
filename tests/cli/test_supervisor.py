# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import os
import sys
from pathlib import Path

import pytest

from safeconduct.cli import supervisor
from safeconduct.cli.supervisor import Part, Supervisor


def _part(name: str, code: str) -> Part:
    return Part(name, (sys.executable, "-u", "-c", code))


async def _until(said: list[tuple[str, str]], enough: int) -> None:
    while len(said) < enough:  # noqa: ASYNC110 - the lines arrive by a plain call
        await asyncio.sleep(0.02)


@pytest.mark.rule("T9")
async def test_a_part_that_dies_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT_S", 0.01)
    said: list[tuple[str, str]] = []
    parts = [_part("short", "print('here'); raise SystemExit(3)")]
    running = Supervisor(parts, os.environ, lambda name, line: said.append((name, line)))
    task = asyncio.create_task(running.run())
    await asyncio.wait_for(_until(said, 4), 20)
    running.stop()
    await asyncio.wait_for(task, 20)
    assert [line for _, line in said].count("here") >= 2
    assert any("ended with status 3" in line for _, line in said)


async def test_stopping_ends_every_part_and_lets_it_finish(tmp_path: Path) -> None:
    mark = tmp_path / "ended"
    code = f"""
import signal, sys, time
def end(*_): open({str(mark)!r}, 'w').close(); sys.exit(0)
signal.signal(signal.SIGTERM, end)
print('ready')
while True: time.sleep(0.05)
"""
    said: list[tuple[str, str]] = []
    running = Supervisor([_part("a", code)], os.environ, lambda name, line: said.append((name, line)))
    task = asyncio.create_task(running.run())
    await asyncio.wait_for(_until(said, 1), 20)
    running.stop()
    await asyncio.wait_for(task, 20)
    assert mark.exists()


async def test_a_part_that_ignores_the_wish_to_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_S", 0.2)
    said: list[tuple[str, str]] = []
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready'); time.sleep(60)"
    running = Supervisor([_part("deaf", code)], os.environ, lambda name, line: said.append((name, line)))
    task = asyncio.create_task(running.run())
    await asyncio.wait_for(_until(said, 1), 20)
    running.stop()
    await asyncio.wait_for(task, 20)
    assert said == [("deaf", "ready")]
