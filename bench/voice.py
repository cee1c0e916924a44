# SPDX-License-Identifier: AGPL-3.0-or-later
"""`voice`: menu calls that one core carries without a gap, the first prompt, bridged calls and memory; each against the SIP library
alone, which is fed in the simplest way: everything that its buffer takes, once a second.

Run as `python -m bench.voice line|bare menu|bridge PORT` it is what is called, on one processor.
"""

import asyncio
import ipaddress
import math
import os
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from baresip import Account, BaresipError, Config, Runtime, UserAgent
from baresip import Call as Native

from bench.callers import PIECE, Callers
from bench.table import Figure
from safeconduct.edge.channels.voice.baresip_engine import BaresipEngine
from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.muting import mute
from safeconduct.edge.channels.voice.sip_settings import SipSettings

GAP_SECONDS = 0.06
STEPS = (50, 100, 150, 200, 250)
BRIDGED = 25
SHORT_CALLS = 600
_KEPT_SECONDS = 36.0  # the library remembers what it has answered for 32 seconds (RFC 3261, timer H and J)
FIRST_PROMPT_MS = 500.0
CALLS_ASKED = 100.0
MB_OF_A_THOUSAND = 5.0  # the library keeps about 4 by itself
_MOST = 400
_SECONDS_OF_TONE = 4
TONE = array("h", [int(9000 * math.sin(one * 0.35)) for one in range(8000 * _SECONDS_OF_TONE)]).tobytes()


def measure(_folder: Path, seconds: float) -> list[Figure]:
    """Each load lasts `seconds` or less."""
    ours, first = _most(("line", "menu"), seconds)
    bare, _ = _most(("bare", "menu"), seconds)
    bridged, alone = (_bridged((kind, "bridge"), seconds) for kind in ("line", "bare"))
    return [
        Figure("voice calls", ours, "menu calls, a core, no gap above 60 ms", CALLS_ASKED),
        Figure("voice calls, the library", ours, "menu calls", bare),
        Figure(
            "voice first prompt",
            first,
            f"ms, the slowest of {CALLS_ASKED:.0f} or more",
            FIRST_PROMPT_MS,
            is_ceiling=True,
        ),
        Figure("voice bridged", bridged, f"% of a core, {BRIDGED} bridges", alone),
        Figure(
            "voice memory", _growth(("line", "menu")), "MB more after 1,000 calls", MB_OF_A_THOUSAND, is_ceiling=True
        ),
    ]


def _most(line: tuple[str, str], seconds: float) -> tuple[float, float]:
    """The most calls at once of which none had a gap; the slowest first prompt (ms) with as many calls as are asked for."""
    most = first = 0.0
    with _started(*line) as (port, process):
        callers = Callers(port)
        for step in STEPS:
            callers.run(0.5 + (step - len(callers.calls)) / 25, a_second=25)
            while len(callers.calls) < step:
                callers.begin()
            callers.run(1.0)
            callers.forget()
            used, worst, unheard = _watched(callers, process, seconds)
            calls = callers.calls.values()
            print(
                f"  {' '.join(line)} {len(calls)}: {used:.0%} of a core, worst gap {worst * 1000:.0f} ms, {unheard} unheard"
            )
            if unheard or worst > GAP_SECONDS:
                break
            most = float(len(calls))
            if not first and most >= CALLS_ASKED:
                first = max((call.first or 0.0) - call.asked for call in calls) * 1000
        for number in tuple(callers.calls):
            callers.end(number)
    return most, first


def _bridged(line: tuple[str, str], seconds: float) -> float:
    with _started(*line) as (port, process):
        callers = Callers(port)
        callers.run(1.9, a_second=25)
        while len(callers.calls) < 2 * BRIDGED:
            callers.begin()
        callers.run(1.0)
        callers.forget()
        used, worst, unheard = _watched(callers, process, seconds)
        print(f"  {' '.join(line)}: worst gap {worst * 1000:.0f} ms, {unheard} unheard")
    return used * 100


def _watched(callers: Callers, process: int, seconds: float) -> tuple[float, float, int]:
    """Of the next `seconds`: the share of a processor that was used, the worst gap (seconds), and how many heard nothing."""
    before, started = _cpu(process), time.perf_counter()
    callers.run(min(seconds, 5.0))
    used = (_cpu(process) - before) / (time.perf_counter() - started)
    calls = callers.calls.values()
    worst = max(max(call.gap, call.late) for call in calls)
    return used, worst, sum(call.first is None for call in calls)


def _growth(line: tuple[str, str]) -> float:
    """What many short calls leave in memory, once the library has forgotten all of them. As many calls before are not counted."""
    with _started(*line) as (port, process):
        callers = Callers(port)
        _many(callers, SHORT_CALLS)
        before = _resident(process)
        _many(callers, SHORT_CALLS)
        return (_resident(process) - before) * 1000 / SHORT_CALLS


def _many(callers: Callers, calls: int) -> None:
    for _ in range(calls // 20):
        callers.run(0.5, a_second=40)
        for number in tuple(callers.calls):
            callers.end(number)
    time.sleep(_KEPT_SECONDS)


@contextmanager
def _started(*what: str) -> Iterator[tuple[int, int]]:
    """The port and the process. It has the first processor for itself, and the callers the others."""
    port = 40000 + os.getpid() % 9000 * 2
    mine = os.sched_getaffinity(0)
    command = [sys.executable, "-m", "bench.voice", *what, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    os.sched_setaffinity(0, mine - {min(mine)} or mine)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield port, process.pid
    finally:
        process.kill()
        process.communicate()
        os.sched_setaffinity(0, mine)


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _line(what: str, port: int) -> None:
    engine = BaresipEngine(SipSettings(port=port, calls=_MOST, trunks=(ipaddress.ip_network("127.0.0.0/8"),)))
    waiting: list[Call] = []

    async def menu(call: Call) -> None:
        await call.answer()
        for _ in range(30):
            call.play(TONE)  # longer than any load, so that whatever is silent is a gap
        await call.ended.wait()

    async def bridge(call: Call) -> None:
        await call.answer()
        waiting.append(call)
        if len(waiting) == 2:
            room = engine.room()
            room.join(waiting.pop())
            room.join(waiting.pop())
        await call.ended.wait()

    await engine.start(menu if what == "menu" else bridge)
    print("ready", flush=True)
    await asyncio.Event().wait()


async def _bare(what: str, port: int) -> None:
    """The library with as little Python as can be."""
    mute()
    runtime = Runtime(native_log_level="error")
    text = f"sip_listen 127.0.0.1:{port}\ncall_hold_other_calls no\nsip_transports udp\nrtp_ports 20000-29999\n"
    await runtime.start(Config(net_interface="127.0.0.1", max_concurrent_calls=None, extra_config_text=text))
    only = ("catchall=yes", "video_codecs=none")
    account = Account("x", "127.0.0.1", "", reg_interval=0, audio_codecs=("pcma",), extra_params=only)
    agent = await UserAgent.create(runtime, account)
    calls: list[Native] = []
    tasks: set[asyncio.Task[None]] = set()

    async def take(call: Native) -> None:
        await call.answer(video=True)
        await call.wait_established()
        calls.append(call)

    def on_incoming(call: Native) -> None:
        tasks.add(asyncio.create_task(take(call)))

    agent.on_incoming(on_incoming)
    print("ready", flush=True)
    await (_feed(calls) if what == "menu" else _pass_on(calls))


async def _feed(calls: list[Native]) -> None:
    while True:
        for call in calls:
            try:
                call.audio.write(TONE)
            except BaresipError:
                continue
        await asyncio.sleep(1.0)


async def _pass_on(calls: list[Native]) -> None:
    while True:
        for one, other in zip(calls[::2], calls[1::2], strict=False):
            try:
                one.audio.write(other.audio.read(640))
                other.audio.write(one.audio.read(640))
            except BaresipError:
                continue
        await asyncio.sleep(PIECE)


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    asyncio.run({"line": _line, "bare": _bare}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
