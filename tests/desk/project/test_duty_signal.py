# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the button at the desk to the phone at the edge: the clock's own act, a real spool, the door's own reader."""

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections
from tests.desk.conftest import SIGNING, House, Person

from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.alerts.clock import late
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import periodic, workers
from safeconduct.edge.duty import REFRESH_SECONDS, DutyReader
from safeconduct.sealing.keys import PrivateKey
from safeconduct.spool.contract import Kept, Lane
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.duty import SIGNAL_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)

VOICE = PrivateKey.generate()
COURIER = Courier(lambda _url, _title, _body: True, lambda _url: True)  # sends nothing here
PHONE = "sip:olena@phones.example.org"


@pytest.fixture
def olena(house: House, tmp_path: Path) -> Person:
    (tmp_path / "delivery.json").write_text(json.dumps({"voice": VOICE.public.raw.hex()}))
    person = house.person(Role.OPERATOR)
    person.sign_in()
    person.browser.post("/duty/card/", {"languages": ["uk"], "hours": "8", "phone": PHONE})
    return person


class Edge:
    """A door whose clock is moved; the desk's stands at the real one."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return datetime.now(UTC).timestamp() + self.ahead


async def rings(steps: Sequence[Callable[[], object]]) -> list[list[str]]:
    """Who would be rung after each step at the desk, then when the desk has been dead for two minutes."""
    spool, edge = await workers.open_spool(), Edge()
    reader = DutyReader(spool, desk=SIGNING.verify_key, delivery=VOICE, clock=edge)
    loop, found = asyncio.get_running_loop(), []
    announce = periodic.runs(spool, Path("unused"), loop=loop, courier=COURIER)["duty.announce"]
    with ThreadPoolExecutor(1) as thread:
        for step in steps:
            await loop.run_in_executor(thread, step)
            await loop.run_in_executor(thread, announce, datetime.now(UTC))
            edge.ahead += REFRESH_SECONDS
            found.append([phone.uri for phone in await reader.phones("uk")])
        await loop.run_in_executor(thread, connections.close_all)
    edge.ahead += SIGNAL_SECONDS
    found.append([phone.uri for phone in await reader.phones("uk")])
    await spool.close()
    return found


def test_a_button_at_the_desk_lets_a_phone_ring_and_another_silences_it(olena: Person) -> None:
    post = olena.browser.post
    steps = [lambda: None, lambda: post("/duty/begin/"), lambda: post("/duty/end/"), lambda: post("/duty/begin/")]
    assert asyncio.run(rings(steps)) == [[], [PHONE], [], [PHONE], []]


@pytest.mark.rule("T14")
def test_the_signal_takes_no_room_of_first_contacts(house: House) -> None:
    lanes: list[Lane] = []

    class Spool(SqliteSpool):
        async def keep(self, kept: Kept, *, lane: Lane = Lane.FIRST) -> None:
            lanes.append(lane)
            await super().keep(kept, lane=lane)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "SqliteSpool", Spool)
        asyncio.run(rings([lambda: None]))
    assert lanes == [Lane.REPLY]


def test_health_says_when_nobody_is_told_any_more() -> None:
    assert "duty.announce" in {one.act.name for one in late(periodic.TABLE, datetime.now(UTC))}
