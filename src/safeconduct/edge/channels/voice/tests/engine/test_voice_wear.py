# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the library loses for good must not silence the line: a process makes way while it can still say so."""

import asyncio
import contextlib
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE

import pytest

from safeconduct.edge.channels.voice.tests.engine.conftest import Lab
from safeconduct.edge.channels.voice.tests.engine.test_voice_bad_input import INVITE, SDP

PROGRAM = """
import asyncio, os
from safeconduct.edge.channels.voice.baresip_engine import BaresipEngine
from safeconduct.edge.channels.voice.sip_settings import SipSettings
async def main():
    engine = BaresipEngine(SipSettings(port={port}, calls=250))
    await engine.start(lambda call: call.answer())
    print("ready", flush=True)
    await engine.down.wait()
    print("down", flush=True)
    os._exit(0)
asyncio.run(main())
"""


@pytest.mark.rule("T7")
async def test_invites_that_the_library_loses_end_the_process_before_nobody_can_call(lab: Lab) -> None:
    program = PROGRAM.format(port=lab.port)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=PIPE, stderr=DEVNULL)
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for name in range(400):  # more than the library carries
                invite = INVITE.format(port=9, id=name, size=len(SDP), sdp=SDP)
                sender.sendto(invite.replace("Contact: <sip:x@127.0.0.1:9>\r\n", "").encode(), ("127.0.0.1", lab.port))
                await asyncio.sleep(0.005)
        assert await asyncio.wait_for(process.stdout.readline(), 20) == b"down\n"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
