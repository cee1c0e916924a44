# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import socket
import threading
import time
from collections.abc import Callable

import pytest

from safeconduct.edge.channels.voice.baresip_engine import BaresipEngine
from safeconduct.edge.channels.voice.engine import Call, NotReached
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab

BUSY_SECONDS = 0.3
TO = b"To: <sip:operator@127.0.0.1>;tag=t"
SDP = b"v=0\r\no=u 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
HUNG_UP = threading.Event()


async def _nobody(_call: Call) -> None:
    raise AssertionError("no call was wanted")


def _headers(data: bytes, *names: bytes) -> list[bytes]:
    return [line for line in data.split(b"\r\n") if line.startswith(names)]


def _respond(telephone: socket.socket, status: bytes, sdp: bytes = b"") -> tuple[bytes, tuple[str, int]]:
    data, address = telephone.recvfrom(4096)
    echoed = _headers(data, b"Via:", b"From:", b"Call-ID:", b"CSeq:")
    contact = b"Contact: <sip:operator@127.0.0.1:%d>" % telephone.getsockname()[1]
    length = b"Content-Type: application/sdp\r\nContent-Length: %d" % len(sdp)
    telephone.sendto(b"\r\n".join([b"SIP/2.0 " + status, *echoed, TO, contact, length, b"", sdp]), address)
    return data, address


def _decline(telephone: socket.socket) -> None:
    _respond(telephone, b"603 Decline")


def _answer_and_hang_up(telephone: socket.socket) -> None:
    invite, address = _respond(telephone, b"200 OK", SDP)
    while not telephone.recvfrom(4096)[0].startswith(b"ACK "):
        pass
    contact = _headers(invite, b"Contact:")[0].split(b"<")[1].split(b">")[0]
    ours, name = _headers(invite, b"From:")[0].removeprefix(b"From:"), _headers(invite, b"Call-ID:")[0]
    via = b"Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKbye" % telephone.getsockname()[1]
    bye = [b"BYE " + contact + b" SIP/2.0", via, TO.replace(b"To:", b"From:"), b"To:" + ours, name, b"CSeq: 1 BYE"]
    telephone.sendto(b"\r\n".join([*bye, b"Max-Forwards: 70", b"Content-Length: 0", b"", b""]), address)
    while not telephone.recvfrom(4096)[0].startswith(b"SIP/2.0 200"):
        pass
    HUNG_UP.set()


async def _dialled(engine: BaresipEngine, telephone: socket.socket, does: Callable[[socket.socket], None]) -> Call:
    """All that the telephone does it does while the loop is busy."""
    telephone.bind(("127.0.0.1", 0))
    telephone.settimeout(20)
    doing = threading.Thread(target=does, args=(telephone,), daemon=True)
    doing.start()
    dialling = asyncio.create_task(engine.dial(f"sip:operator@127.0.0.1:{telephone.getsockname()[1]}", seconds=5))
    for _ in range(3):
        await asyncio.sleep(0)
    doing.join(20)
    time.sleep(BUSY_SECONDS)  # noqa: ASYNC251 - nothing is looked at meanwhile: that is what the test is about
    return await dialling


async def test_a_telephone_that_declines_while_the_loop_is_busy_has_declined(lab: Lab) -> None:
    engine = await lab.engine(_nobody)
    with socket.socket(type=socket.SOCK_DGRAM) as telephone, pytest.raises(NotReached) as raised:
        await _dialled(engine, telephone, _decline)
    assert raised.value.kind == "declined"


async def test_a_call_that_was_answered_and_ended_while_the_loop_was_busy_is_over(lab: Lab) -> None:
    engine = await lab.engine(_nobody)
    HUNG_UP.clear()
    with socket.socket(type=socket.SOCK_DGRAM) as telephone, pytest.raises(NotReached):
        await _dialled(engine, telephone, _answer_and_hang_up)
    assert HUNG_UP.is_set()
    assert engine._calls == {}
