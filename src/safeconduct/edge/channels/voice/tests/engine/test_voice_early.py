# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import socket
import threading
import time

import pytest

from safeconduct.edge.channels.voice.engine import Call, NotReached
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab

BUSY_SECONDS = 0.3


async def _nobody(_call: Call) -> None:
    raise AssertionError("no call was wanted")


def _decline(telephone: socket.socket) -> None:
    data, address = telephone.recvfrom(4096)
    echoed = [line for line in data.split(b"\r\n") if line.startswith((b"Via:", b"From:", b"Call-ID:", b"CSeq:"))]
    to = b"To: <sip:operator@127.0.0.1>;tag=t"
    telephone.sendto(b"\r\n".join([b"SIP/2.0 603 Decline", *echoed, to, b"Content-Length: 0", b"", b""]), address)


async def test_a_telephone_that_declines_while_the_loop_is_busy_has_declined(lab: Lab) -> None:
    engine = await lab.engine(_nobody)
    with socket.socket(type=socket.SOCK_DGRAM) as telephone:
        telephone.bind(("127.0.0.1", 0))
        threading.Thread(target=_decline, args=(telephone,), daemon=True).start()
        dialling = asyncio.create_task(engine.dial(f"sip:operator@127.0.0.1:{telephone.getsockname()[1]}", seconds=5))
        for _ in range(3):
            await asyncio.sleep(0)
        time.sleep(BUSY_SECONDS)  # noqa: ASYNC251 - nothing is looked at meanwhile: that is what the test is about
        with pytest.raises(NotReached) as raised:
            await dialling
    assert raised.value.kind == "declined"
