# SPDX-License-Identifier: AGPL-3.0-or-later
"""IPv6: a whole call, with sound both ways."""

import asyncio
import re
import socket
import struct
from array import array

from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab, until
from safeconduct.edge.channels.voice.tests.engine.tones import HIGH, tone

HEAD = (
    "{method} sip:4711@[::1]:{port} SIP/2.0\r\nVia: SIP/2.0/UDP [::1]:{own};branch=z9hG4bK{method};rport\r\n"
    "From: <sip:+4930123456@[::1]>;tag=a\r\nTo: {to}\r\nCall-ID: wide@x\r\nCSeq: 1 {method}\r\nContact: <sip:x@[::1]:{own}>\r\n"
    "Max-Forwards: 70\r\n{kind}Content-Length: {size}\r\n\r\n{sdp}"
)
SDP = "v=0\r\no=u 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8\r\n"
PCMA = 8
LOUD = bytes([0x28] * 8 + [0xA8] * 8) * 10


def _own() -> socket.socket:
    one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    one.bind(("::1", 0))
    one.settimeout(10)
    return one


def _talk(port: int) -> int:
    """Call, speak for half a second, and hang up by vanishing. How many pieces that are not silent were heard."""
    with _own() as sip, _own() as sound:
        own, sdp = sip.getsockname()[1], SDP.format(port=sound.getsockname()[1])
        kind = "Content-Type: application/sdp\r\n"
        given = {"port": port, "own": own}
        asked = HEAD.format(method="INVITE", to="<sip:4711@[::1]>", kind=kind, size=len(sdp), sdp=sdp, **given)
        sip.sendto(asked.encode(), ("::1", port))
        while not (answer := sip.recv(4096)).startswith(b"SIP/2.0 200"):
            pass
        to, there = re.search(rb"To: ([^\r]+)", answer), re.search(rb"m=audio (\d+)", answer)
        assert to is not None
        assert there is not None
        sip.sendto(
            HEAD.format(method="ACK", to=to[1].decode(), kind="", size=0, sdp="", **given).encode(), ("::1", port)
        )
        heard = 0
        for number in range(40):
            sound.sendto(struct.pack("!BBHII", 0x80, PCMA, number, 160 * number, 7) + LOUD, ("::1", int(there[1])))
            heard += len(set(sound.recv(2048)[12:])) > 2
        return heard


async def test_a_call_by_ipv6_is_heard_on_both_sides(lab: Lab) -> None:
    heard = array("h")

    async def on_call(call: Call) -> None:
        assert call.number == "+4930123456"
        await call.answer()
        call.listen(heard.frombytes)
        call.play(tone(HIGH, 3.0))
        await call.played()

    await lab.engine(on_call, address="::1")
    assert await asyncio.to_thread(_talk, lab.port) > 10
    await until(lambda: max(map(abs, heard), default=0) > 5000)
