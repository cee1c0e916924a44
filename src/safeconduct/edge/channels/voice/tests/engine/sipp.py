# SPDX-License-Identifier: AGPL-3.0-or-later
"""sipp as many callers that are not ours. Its scenarios are put together from the few requests that they need."""

import asyncio
import contextlib
from pathlib import Path

SECONDS = 60.0

_HEAD = """\
From: <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]-[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>{to_tag}
Call-ID: [call_id]
CSeq: {cseq}
Contact: <sip:x@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
{more}"""

SDP = """\
v=0
o=u 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 96
a=rtpmap:8 PCMA/8000
a=rtpmap:96 telephone-event/8000
"""
CALLER = "+49301[call_number]000"


def request(method: str, *, number: int = 1, sdp: str = "", more: str = "", caller: str = CALLER) -> str:
    to_tag = "" if method == "INVITE" else "[peer_tag_param]"
    body = f"Content-Type: application/sdp\nContent-Length: [len]\n\n{sdp}" if sdp else "Content-Length: 0\n\n"
    head = _HEAD.format(to_tag=to_tag, cseq=f"{number} {method}", more=more, caller=caller)
    via = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]"
    text = f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0\n{via}\n{head}{body}"
    again = "" if method == "ACK" else ' retrans="500"'
    return f"<send{again}><![CDATA[\n{text}\n]]></send>\n"


def call(*between: str, sdp: str = SDP, more: str = "", caller: str = CALLER) -> str:
    """Begin, do what is between, end."""
    return "".join(
        [request("INVITE", sdp=sdp, more=more, caller=caller), *TRYING, receive(200), request("ACK"), *between, bye()]
    )


def refused(status: int, sdp: str = SDP, caller: str = CALLER) -> str:
    return "".join([request("INVITE", sdp=sdp, caller=caller), *TRYING, receive(status), request("ACK")])


def bye() -> str:
    return request("BYE", number=2) + receive(200)


def receive(status: int, *, optional: bool = False) -> str:
    may = ' optional="true"' if optional else ' rrs="true"'
    return f'<recv response="{status}"{may}/>\n'


def pause(seconds: float) -> str:
    return f'<pause milliseconds="{int(seconds * 1000)}"/>\n'


def press(keys: str) -> str:
    return f'<nop><action><exec play_dtmf="{keys}"/></action></nop>\n'


TRYING = (receive(100, optional=True), receive(180, optional=True))
ENDED_BY_US = '<recv request="BYE"/>\n<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>\n'


def answering(status: int) -> str:
    """The other side of `engine.dial`, which says no."""
    reply = (
        "[last_Via:]\n[last_From:]\n[last_To:];tag=t[call_number]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n"
    )
    return (
        f'<recv request="INVITE"/>\n<send><![CDATA[\nSIP/2.0 180 Ringing\n{reply}\n]]></send>\n'
        f'<send retrans="500"><![CDATA[\nSIP/2.0 {status} No\n{reply}\n]]></send>\n<recv request="ACK"/>\n'
    )


async def start(
    scenario: str, folder: Path, *, to: int | None, port: int, media: int, calls: int = 1, at_once: int = 100,
    a_second: int = 50, address: str = "127.0.0.1", called: str = "4711", transport: str = "u1",
) -> asyncio.subprocess.Process:  # fmt: skip
    """`to`: the port that is called, or None to be called."""
    path = _write(scenario, folder, port)
    target = [] if to is None else [f"127.0.0.1:{to}"]
    return await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(path), *target, "-i", address, "-p", str(port), "-mp", str(media), "-m", str(calls),
        "-l", str(at_once), "-r", str(a_second), "-s", called, "-t", transport, "-nostdin", "-timeout", "50",
        "-timeout_error", cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def _write(scenario: str, folder: Path, port: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{port}.xml"
    path.write_text(f'<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="x">\n{scenario}</scenario>\n')
    return path


async def ends(process: asyncio.subprocess.Process, seconds: float = SECONDS) -> int:
    """0 when every call went as the scenario says."""
    try:
        async with asyncio.timeout(seconds):
            return await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
