# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hours of telephone calls: ten at a time, one after the other, through the voice channel's own process with a real spool behind it.

`SAFECONDUCT_SOAK_CALLS_HOURS` says for how long (24), `SAFECONDUCT_SOAK_CALLS_AT_ONCE` how many at a time. Callers listen, type words, leave messages and talk to a person; the desk
takes what arrived. What the process holds is looked at every minute. It ends with 1 when it holds more and more, and when too few calls did what they are
for, or too few were made, to tell.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.edge.chat.calls_child import ELSE, STORED
from tests.edge.chat.test_chat_crash import prepared

from bench.callers import Caller, Callers, voice_of
from safeconduct.spool.contract import Quota
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.sqlite import SqliteSpool

HOURS = float(os.environ.get("SAFECONDUCT_SOAK_CALLS_HOURS", "24"))
AT_ONCE = int(os.environ.get("SAFECONDUCT_SOAK_CALLS_AT_ONCE", "10"))
CALL_SECONDS = 4.0
BUSY_MOST = 20
LOOK_SECONDS = 60.0
WARM_CALLS = 1000  # until everything has been used once; these do not count
MB_OF_A_THOUSAND = 5.0  # as in bench/voice.py: the library keeps about 4 by itself
MB_AT_MOST = (
    120.0  # more than after warming up; in 24 hours there are 200,000 calls, forty times as many as on a real day
)
MORE_AT_MOST = (
    20  # threads or files than after warming up: ten calls are at different points of their ways at each look
)
DID_LEAST = 0.1  # of all calls leave a message, and talk to a person; a fifth tries to
WARM_LOOKS = 8  # two for each quarter that is compared
_VOICE = voice_of(7)
# What callers press, and how many seconds after the first word.
_WAYS: tuple[tuple[tuple[float, str], ...], ...] = (
    (),
    ((0.2, "1"), (1.5, "3")),
    ((0.2, "3"), (2.5, "#")),
    ((0.2, "*4711#"), (2.5, "5")),
    ((0.2, "2"),),
)


@dataclass(slots=True)
class Going:
    """One call that goes on."""

    number: int
    caller: Caller
    due: list[tuple[float, str]]
    answered: float | None = None


@dataclass(slots=True)
class Look:
    """What the process held at one moment."""

    calls: int
    megabytes: float
    threads: int
    files: int


@dataclass(slots=True)
class Soak:
    callers: Callers
    process: int
    begun: int = 0
    unheard: int = 0
    stored: int = 0
    talked: int = 0
    going: list[Going] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            while len(self.going) < AT_ONCE:
                self._begin()
            self.callers.run(0.1)
            for one in tuple(self.going):
                self._go_on(one)

    def _begin(self) -> None:
        caller, way = self.callers.begin(_VOICE), _WAYS[self.begun % len(_WAYS)]
        self.begun += 1
        self.going.append(Going(max(self.callers.calls), caller, list(way)))

    def _go_on(self, one: Going) -> None:
        now = time.perf_counter()
        if one.answered is None and one.caller.voices[ELSE]:
            one.answered = now
        since = 0.0 if one.answered is None else now - one.answered
        while one.answered is not None and one.due and since >= one.due[0][0]:
            one.caller.press(one.due.pop(0)[1])
        # Whoever calls at another moment each time meets the line at another moment each time.
        if since > CALL_SECONDS * (0.75 + one.number % 11 / 20) or now - one.caller.asked > 3 * CALL_SECONDS:
            self._end(one)

    def _end(self, one: Going) -> None:
        self.unheard += one.answered is None
        self.stored += bool(one.caller.voices[STORED])
        self.callers.end(one.number)
        self.going.remove(one)
        gone = [name for name, call in self.callers.answered.items() if call.is_over]
        self.talked += sum(bool(self.callers.answered.pop(name).voices) for name in gone)

    def look(self) -> Look:
        folder = Path(f"/proc/{self.process}")
        pages = int((folder / "statm").read_text(encoding="ascii").split()[1])
        found = Look(
            self.begun, pages * os.sysconf("SC_PAGE_SIZE") / 2**20, len(list((folder / "task").iterdir())),
            len(list((folder / "fd").iterdir())),
        )  # fmt: skip
        self.looks.append(found)
        return found


def warm(looks: list[Look]) -> list[Look]:
    return [look for look in looks if look.calls >= WARM_CALLS]


def growth(looks: list[Look], of: Callable[[Look], float]) -> float:
    """How much more there was at the end than after warming up. Least squares would trust one odd minute."""
    counted = warm(looks) or looks[-1:]
    quarter = max(1, len(counted) // 4)
    return _middle([of(look) for look in counted[-quarter:]]) - _middle([of(look) for look in counted[:quarter]])


def faults(soak: Soak) -> list[str]:
    """Why this run shows nothing good."""
    looks, counted = soak.looks, warm(soak.looks)
    calls, megabytes = growth(looks, lambda look: look.calls), growth(looks, lambda look: look.megabytes)
    found = {
        "too few calls to tell anything": len(counted) < WARM_LOOKS
        or counted[-1].calls - counted[0].calls < WARM_CALLS,
        "calls were not answered": soak.unheard > soak.begun / 1000,
        "too few messages were stored": soak.stored < soak.begun * DID_LEAST,
        "too few talked to a person": soak.talked < soak.begun * DID_LEAST,
        "memory grows": megabytes > MB_AT_MOST or megabytes * 1000 > MB_OF_A_THOUSAND * max(calls, 1.0),
        "threads grow": growth(looks, lambda look: look.threads) > MORE_AT_MOST,
        "files grow": growth(looks, lambda look: look.files) > MORE_AT_MOST,
    }
    return [what for what, is_so in found.items() if is_so]


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


@contextlib.contextmanager
def _process(folder: Path, port: int, operators: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.edge.chat.calls_child", str(folder), str(port), "21000", str(operators)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


async def _opened(path: Path) -> SqliteSpool:
    """A spool that is busy is asked again: what is looked at is the other process."""
    for _ in range(BUSY_MOST):
        with contextlib.suppress(SpoolUnavailable):
            return await SqliteSpool.open(path, quota=Quota(1 << 30))
    return await SqliteSpool.open(path, quota=Quota(1 << 30))


async def _settle(folder: Path) -> None:
    """The desk takes all that waits."""
    spool = await _opened(folder / "spool.db")
    while found := await spool.waiting(1000):
        await spool.settle([one.seq for one in found])
    await spool.close()
    for file in (folder / "files").iterdir():
        if not file.suffix:
            file.unlink()


def main() -> int:
    with tempfile.TemporaryDirectory(dir="var") as name:
        folder, port = Path(name), 45_000 + os.getpid() % 5000 * 2
        asyncio.run(prepared(folder))
        callers = Callers(port)
        with _process(folder, port, callers.port_of_ours) as process:
            soak = Soak(callers, process)
            end = time.monotonic() + HOURS * 3600
            while (left := end - time.monotonic()) > 0:
                soak.run(min(LOOK_SECONDS, left))
                asyncio.run(_settle(folder))
                look = soak.look()
                print(
                    f"{look.calls} calls, {soak.unheard} not answered, {soak.stored} messages, {soak.talked} talks: "
                    f"{look.megabytes:.1f} MB, {look.threads} threads, {look.files} files",
                    flush=True,
                )
    more, calls = growth(soak.looks, lambda look: look.megabytes), growth(soak.looks, lambda look: look.calls)
    print(f"{more:.1f} MB more after warming up, {more * 1000 / max(calls, 1.0):.2f} of a thousand calls")
    wrong = faults(soak)
    print("failed: " + "; ".join(wrong) if wrong else "held")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
