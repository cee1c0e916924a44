# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hostile majority at a real door, half of it behind the honest ones' own address (T7, T14).

What is promised while the desk collects more slowly than the crowd sends: whoever's network has had its share is stored
within a minute, as is a visitor of the onion service; everybody else, and who writes from an inbox, within 15 seconds.
`SAFECONDUCT_SOAK_FLOOD` says for how many seconds.

What no desk collects is the row by which a receipt leads to its conversation, 530 bytes for 180 days: so the spool of a
long run is larger.
"""

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from tests.edge.flood import Crowd
from tests.edge.person import Page, Person
from tests.ports import free_port
from tests.stored import stored_under

from safeconduct.edge.web.networks import network_of
from safeconduct.spool.contract import Lane, Quota
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.sqlite import SqliteSpool

SECONDS = float(os.environ.get("SAFECONDUCT_SOAK_FLOOD", "1"))  # at least one round
SPOOL_BYTES = int((64 << 20) * max(1.0, SECONDS / 200))
AFTER_A_WAIT = 60.0
AT_ONCE = 15.0
LEFT = 0.05  # of the room: it is there for networks that have not had their share
COLLECTED = 100  # envelopes a second

CAMP = "2001:db8:7f31:42aa::5"  # the crowd's half has other addresses in its /56
ELSEWHERE = "198.51.100.%d"

_log = logging.getLogger(__name__)
pytestmark = [pytest.mark.slow, pytest.mark.alone]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def port(home: Path) -> Iterator[int]:
    """A real door with a small spool, behind a proxy that is played by whoever connects."""
    port = free_port()
    environment = {
        **os.environ,
        "SAFECONDUCT_HOME": str(home),
        "SAFECONDUCT_CREDENTIALS": str(home.parent / "credentials"),
        "SAFECONDUCT_EDGE_PORT": str(port),
        "SAFECONDUCT_EDGE_PROXY": "127.0.0.1",
        "SAFECONDUCT_SPOOL_BYTES": str(SPOOL_BYTES),
        "SAFECONDUCT_DEMONSTRATION": "yes",
    }
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], check=True, env=environment)
    home.joinpath("said").touch()
    with home.joinpath("said").open("wb") as said:
        command = [sys.executable, "-m", "safeconduct.cli", "edge"]
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield port
        finally:
            process.terminate()
            process.wait(60)


@contextlib.asynccontextmanager
async def at_door(port: int, address: str | None) -> AsyncIterator[Person]:
    headers = {} if address is None else {"x-forwarded-for": address}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/healthz")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
        yield Person(client)


async def until_stored(person: Person) -> Page:
    """As a patient person does: reads, adds, presses the button, tries again when told so."""
    page = await person.apply(text="honest words")
    while not page.has("receipt"):
        assert page.status in {200, 503}
        fields = page.hidden
        if page.has("sum-2"):
            first, second = (page.all("legend")[0][0].text or "").removesuffix(" = ?").split(" + ")
            fields["sum"] = str(int(first) + int(second))
        elif page.status == 503:
            await asyncio.sleep(5)
        page = await person.post("apply", fields)
    return page


async def timed(act: asyncio.Future[Page] | asyncio.Task[Page]) -> float:
    began = time.monotonic()
    assert (await act).status == 200
    return time.monotonic() - began


async def collect(spool: SqliteSpool) -> None:
    """The desk, slower than the crowd."""
    while True:
        await asyncio.sleep(1)
        with contextlib.suppress(SpoolUnavailable):  # the door holds the file
            await spool.settle([each.seq for each in await spool.waiting(COLLECTED)])


@contextlib.asynccontextmanager
async def besieged(port: int, home: Path) -> AsyncIterator[Crowd]:
    """From the moment on at which the crowd is asked as well."""
    crowd = Crowd(port)
    spool = await SqliteSpool.open(home / "spool" / "spool.db", quota=Quota(SPOOL_BYTES))
    tasks = [
        asyncio.create_task(collect(spool)),
        asyncio.create_task(crowd.flood((f"2001:db8:7f31:4200::{n:x}" for n in range(25)), clever=False)),
        asyncio.create_task(crowd.flood((f"2001:db8:7f31:4201::{n:x}" for n in range(25)), clever=True)),
        asyncio.create_task(crowd.flood((f"192.0.2.{n}" for n in range(25)), clever=False)),
        asyncio.create_task(crowd.flood((f"10.{n}.0.1" for n in range(25)), clever=True)),
    ]
    try:
        async with asyncio.timeout(240):
            while crowd.met["asked"] < 500:  # noqa: ASYNC110 - it counts, and sets no event
                await asyncio.sleep(0.1)
        yield crowd
        assert not [task for task in tasks if task.done()]
        assert await spool.fullness(Lane.FIRST) < 1 - LEFT
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await spool.close()


@pytest.mark.rule("T7", "T14")
@pytest.mark.timeout(0 if SECONDS > 60 else 300)
async def test_the_honest_minority_gets_in(port: int, home: Path) -> None:
    async with at_door(port, CAMP) as camp, at_door(port, None) as onion:
        known = await camp.open((await camp.apply()).receipt)
        ends = time.monotonic() + SECONDS
        async with besieged(port, home) as crowd:
            number = 0
            while number == 0 or time.monotonic() < ends:
                number += 1
                async with at_door(port, ELSEWHERE % (number % 250)) as elsewhere:
                    waits = await asyncio.gather(
                        timed(asyncio.ensure_future(until_stored(camp))),
                        timed(asyncio.ensure_future(until_stored(onion))),
                        timed(asyncio.ensure_future(until_stored(elsewhere))),
                        timed(asyncio.ensure_future(camp.write(known, f"known words {number}"))),
                    )
                    _log.info("%d %s %s", number, [round(wait, 1) for wait in waits], dict(crowd.met))
                    known = await camp.act(known, "look")
                    assert max(waits[:2]) < AFTER_A_WAIT
                    assert max(waits[2:]) < AT_ONCE
    assert crowd.met["asked"] > 500


@pytest.mark.rule("T3", "R10")
async def test_no_address_is_in_any_file_or_word_of_the_door(port: int, home: Path) -> None:
    async with at_door(port, CAMP) as camp, at_door(port, "bad address 203.0.113.77"):
        async with besieged(port, home):
            await camp.apply()
        await camp.post("apply", {"text": "\x00" * 300_000})
    found = network_of({"client": (CAMP, 1), "headers": []}, {b""})
    assert found is not None
    needles = [
        CAMP.encode(),
        CAMP.encode("utf-16-le"),
        b"7f31:42",
        b"203.0.113.77",
        b"198.51.100.",
        found.near,
        found.near.hex().encode(),
    ]
    files = stored_under(home)
    assert {path.name for path in files} >= {"spool.db", "said"}
    assert [path.name for path, held in files.items() for needle in needles if needle in held] == []
