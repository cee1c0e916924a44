# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever floods the line is known by the true source of its datagrams, whatever it says of itself, by IPv4 and by IPv6."""

import asyncio
import ipaddress
import logging
import os
import socket
from collections.abc import AsyncIterator

import pytest

from safeconduct.edge.channels.voice import sources
from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.floods import CROWD, PLACE, Floods
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab, until

LIES = "Via: SIP/2.0/UDP 198.51.{one}.{other}:5060;branch=z9hG4bK{id};rport"
INVITE = (
    "INVITE sip:4711@x SIP/2.0\r\n{via}\r\nFrom: <sip:{id}@x>;tag=a{id}\r\nTo: <sip:4711@x>\r\n{name}\r\n"
    "CSeq: 1 INVITE\r\nContact: <sip:x@x>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: {size}\r\n\r\n{sdp}"
)
SDP = "v=0\r\no=u 1 1 IN {kind} {host}\r\ns=-\r\nc=IN {kind} {host}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"


NAMES = (
    "Call-ID: {id}@x",
    "Call-ID: {id}" + "l" * 300,
    "Call-ID: {id}" + "l" * 3000,
    "Call-ID:\r\n {id}@x",
    "Call-ID: {id}\r\n\t x",
    "i: other\r\nCall-ID: {id}@x",
    "Call-ID: other\r\ni: {id}@x",
)


def invite(name: int, host: str, call_id: str = NAMES[0]) -> bytes:
    sdp = SDP.format(kind="IP6" if ":" in host else "IP4", host=host)
    via = LIES.format(one=name // 250, other=name % 250, id=name)
    return INVITE.format(via=via, id=name, name=call_id.format(id=name), size=len(sdp), sdp=sdp).encode()


async def wait(call: Call) -> None:
    await call.ended.wait()


def sender(host: str) -> socket.socket:
    one = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((host, 0))
    return one


@pytest.mark.rule("T7")
@pytest.mark.parametrize(("line", "flood"), [("127.0.0.1", "127.44.0.1"), ("::1", "::1")])
async def test_a_flood_that_names_others_as_its_source_is_shut_out_by_its_own(lab: Lab, line: str, flood: str) -> None:
    engine = await lab.engine(wait, address=line)
    with sender(flood) as one:
        for name in range(2 * CROWD.at_once):
            one.sendto(invite(name, flood), (line, lab.port))
            await asyncio.sleep(0.001)
        await until(lambda: engine._gate._shut)
        await engine._unwanted.join()
    assert [str(network) for network in engine._gate._shut] == [
        flood.replace("127.44.0.1", "127.44.0.0").replace("::1", "::")
    ]


@pytest.mark.rule("T7")
@pytest.mark.parametrize("call_id", NAMES)
async def test_every_call_is_counted_where_it_came_from_and_its_source_is_forgotten(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, call_id: str
) -> None:
    monkeypatch.setattr(sources, "_TRIES", 1000)  # a machine that does much else
    places: list[str] = []
    engine = await lab.engine(wait)

    def admit(place: str, _number: str | None) -> bool:
        places.append(place)
        return False

    monkeypatch.setattr(engine._floods, "admit", admit)
    with sender("127.44.0.1") as one:
        one.settimeout(20)
        for name in range(20):
            one.sendto(invite(name, "127.44.0.1", call_id), ("127.0.0.1", lab.port))
            while not (await asyncio.to_thread(one.recv, 8192)).startswith(b"SIP/2.0 486"):
                pass
    assert set(places) == {"127.44.0.1"}
    assert not engine._sources._of


@pytest.mark.rule("T7")
async def test_a_call_whose_source_nobody_tells_counts_at_a_place_of_its_own_and_never_where_it_says(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[str] = []
    trunk = ipaddress.ip_network("198.51.0.0/24")  # the one that it names
    engine = await lab.engine(wait, trunks=(trunk,))
    engine._sources.end()

    def admit(place: str, _number: str | None) -> bool:
        places.append(place)
        return False

    monkeypatch.setattr(engine._floods, "admit", admit)
    with sender("127.44.0.1") as one:
        one.sendto(invite(1, "127.44.0.1"), ("127.0.0.1", lab.port))
        await until(lambda: places)
    assert places == [sources.NOWHERE]
    floods = Floods((trunk,))
    assert [floods.admit(sources.NOWHERE, None) for _ in range(PLACE.at_once + 1)].count(True) == PLACE.at_once


class Traced:
    """A library that traces messages, and a clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.shut: list[str] = []
        self.sources = sources.Sources(Floods(clock=lambda: self.now), self.shut.append, clock=lambda: self.now)
        self.sources.begin()

    def trace(self, name: int, source: str = "2001:db8::7", branch: str = "") -> None:
        text = f"RX TCP [{source}]:5060 -> [2001:db8::ff]:5060\n{invite(name, '::1').decode()}".replace(
            ";rport", branch
        )
        logging.getLogger("baresip.native.sip").debug("%s", text)


@pytest.fixture
async def traced(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Traced]:
    monkeypatch.setattr(sources, "_TRIES", 1)
    found = Traced()
    yield found
    found.sources.end()


async def test_what_was_traced_and_never_offered_does_not_stay(traced: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_KEPT", 3)
    for name in range(20):
        traced.trace(name, f"2001:db8::{name}")
    found = [await traced.sources.of(name) for name in ("16@x", "17@x", "19@x", "19@x", None)]
    assert found == ["?", "2001:db8::17", "2001:db8::19", "?", "?"]
    traced.sources.end()
    assert not traced.sources._of
    assert not traced.sources._sent


@pytest.mark.rule("T14")
async def test_a_source_is_forgotten_after_seconds_and_what_is_kept_of_a_call_tells_no_name(traced: Traced) -> None:
    traced.trace(1)
    assert await traced.sources.of("1@x") == "2001:db8::7"
    traced.trace(1)  # sent again, for nobody answered yet
    assert not traced.sources._of
    traced.trace(2)
    traced.now += 6.0
    traced.sources._sweep()  # nobody else calls
    assert not traced.sources._of
    assert not traced.sources._sent
    traced.trace(3)
    assert "3@x" not in repr(vars(traced.sources))


@pytest.mark.rule("T7")
async def test_a_call_that_is_sent_again_is_one_call_and_one_name_for_many_calls_hides_no_flood(traced: Traced) -> None:
    for name in range(CROWD.at_once):
        for _ in range(5):
            traced.trace(name)
    await asyncio.sleep(0)
    assert not traced.shut
    for branch in range(2 * CROWD.at_once):
        traced.trace(0, "2001:db8:1::7", branch=str(branch))
    await asyncio.sleep(0)
    assert set(traced.shut) == {"2001:db8:1::7"}


@pytest.mark.rule("T8")
async def test_the_library_prints_nothing_past_the_log_and_python_still_does(
    lab: Lab, capfd: pytest.CaptureFixture[str]
) -> None:
    engine = await lab.engine(wait)
    with sender("127.0.0.1") as one:
        one.sendto(b"garbage\r\n\r\n", ("127.0.0.1", lab.port))
        one.sendto(invite(1, "127.0.0.1"), ("127.0.0.1", lab.port))
        await until(lambda: engine._calls)  # it has read both
    os.write(2, b"a traceback")
    assert capfd.readouterr().err == "a traceback"
