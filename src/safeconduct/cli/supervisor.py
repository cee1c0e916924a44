# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the parts of a one-machine line running and merges what they print into one log. Production uses systemd."""

import asyncio
import contextlib
import ctypes
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

FIRST_WAIT_S = 0.5  # before the first restart; doubled each time
LONGEST_WAIT_S = 10.0
STEADY_S = 30.0  # a part that lived this long starts again with the first wait
STOP_S = 10.0  # how long a part may take to stop before it is killed


@dataclass(frozen=True, slots=True)
class Part:
    """One process: the name it has in the log, and how it is started."""

    name: str
    command: Sequence[str]


def _die_with_parent() -> None:
    # Without this a killed supervisor would leave doors open that nobody watches (Linux; elsewhere a no-op).
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Supervisor:
    """Starts parts, restarts what dies, stops all of them in order.

    `say(part, line)` gets every line a part prints; parts never print personal data (R49).
    """

    def __init__(self, parts: Sequence[Part], environment: Mapping[str, str], say: Callable[[str, str], None]) -> None:
        self._parts = parts
        self._environment = dict(environment)
        self._say = say
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask everything to end; `run` returns when it has."""
        self._stopping.set()

    async def run(self) -> None:
        """Runs until `stop` is called."""
        await asyncio.gather(*(self._keep(part) for part in self._parts))

    async def _keep(self, part: Part) -> None:
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            started = time.monotonic()
            status = await self._live(part)
            if self._stopping.is_set():
                return
            wait = FIRST_WAIT_S if time.monotonic() - started > STEADY_S else min(wait * 2, LONGEST_WAIT_S)
            self._say(part.name, f"ended with status {status}; starting again in {wait:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)

    async def _live(self, part: Part) -> int:
        process = await asyncio.create_subprocess_exec(
            *part.command,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the parts in good order
            preexec_fn=_die_with_parent,
        )
        reader = asyncio.create_task(self._read(part.name, process))
        stopper = asyncio.create_task(self._stopping.wait())
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({stopper, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await self._end(process)
        stopper.cancel()
        await reader
        return await ended

    async def _read(self, name: str, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while line := await process.stdout.readline():
            self._say(name, line.decode("utf-8", "replace").rstrip())

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            process.kill()
