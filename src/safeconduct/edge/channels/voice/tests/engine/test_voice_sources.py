# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever floods the line is known by the true source of its datagrams, whatever it says of itself, by IPv4 and by IPv6."""

import asyncio
import logging
import os
import socket

import pytest

from safeconduct.edge.channels.voice import sources
from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.floods import CROWD, Floods
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab, until

LIES = "Via: SIP/2.0/UDP 198.51.{one}.{other}:5060;branch=z9hG4bK{id};rport"
INVITE = (
    "INVITE sip:4711@x SIP/2.0\r\n{via}\r\nFrom: <sip:{id}@x>;tag=a{id}\r\nTo: <sip:4711@x>\r\nCall-ID: {id}@x\r\n"
    "CSeq: 1 INVITE\r\nContact: <sip:x@x>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: {size}\r\n\r\n{sdp}"
)
SDP = "v=0\r\no=u 1 1 IN {kind} {host}\r\ns=-\r\nc=IN {kind} {host}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"


def invite(name: int, host: str) -> bytes:
    sdp = SDP.format(kind="IP6" if ":" in host else "IP4", host=host)
    via = LIES.format(one=name // 250, other=name % 250, id=name)
    return INVITE.format(via=via, id=name, size=len(sdp), sdp=sdp).encode()


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


async def test_a_call_is_counted_where_it_came_from_and_its_source_is_forgotten(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[str] = []
    engine = await lab.engine(wait)

    def admit(place: str, _number: str | None) -> bool:
        places.append(place)
        return False

    monkeypatch.setattr(engine._floods, "admit", admit)
    with sender("127.44.0.1") as one:
        one.settimeout(20)
        for name in range(20):  # what it says of itself is believed only where the trace was not read in time
            one.sendto(invite(name, "127.44.0.1"), ("127.0.0.1", lab.port))
            while not (await asyncio.to_thread(one.recv, 4096)).startswith(b"SIP/2.0 486"):
                pass
            if places[-1] == "127.44.0.1":
                break
    assert places[-1] == "127.44.0.1"
    assert not engine._sources.of(f"{len(places) - 1}@x")


async def test_what_was_traced_and_never_offered_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_KEPT", 3)
    found = sources.Sources(Floods(), lambda _: None)
    found.begin()
    for name in range(20):
        text = f"RX TCP [2001:db8::{name}]:5060 -> [2001:db8::ff]:5060\n{invite(name, '::1').decode()}"
        logging.getLogger("baresip.native.sip").debug("%s", text)
    assert [found.of(f"{name}@x") for name in (16, 17, 19, 19, None)] == [
        None,
        "2001:db8::17",
        "2001:db8::19",
        None,
        None,
    ]
    found.end()
    assert not found._of


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
