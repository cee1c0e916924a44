# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is between us and the other side: transports, keys, and calls that we begin."""

import asyncio
import ssl
from pathlib import Path

import pytest
from tests.ports import free_port

from safeconduct.edge.channels.voice.engine import Call, EngineDown, NotReached
from safeconduct.edge.channels.voice.tests.engine import sipp
from safeconduct.edge.channels.voice.tests.engine.conftest import PORTS, Lab
from safeconduct.edge.channels.voice.tests.engine.tones import HIGH, LOW, order, tone


async def talk(call: Call) -> None:
    """Say one tone, hear another."""
    await call.answer()
    heard = bytearray()
    call.listen(heard.extend)
    call.play(tone(HIGH, 0.8))
    await call.played()
    await asyncio.sleep(0.4)
    assert order(bytes(heard)) == [LOW]


async def nobody(_call: Call) -> None:
    raise AssertionError("no call was wanted")


@pytest.mark.parametrize(
    ("transport", "account"),
    [("udp", ""), ("tcp", ""), ("tls", ""), ("udp", "mediaenc=srtp-mand"), ("tls", "mediaenc=srtp-mand")],
)
async def test_both_hear_each_other_over(lab: Lab, certificate: Path, transport: str, account: str) -> None:
    ended = asyncio.Event()

    async def on_call(call: Call) -> None:
        await talk(call)
        ended.set()

    await lab.engine(on_call, transports=("udp", "tcp", "tls"), certificate=certificate, authorities=certificate)
    phone = await lab.phone(
        transport=transport, account=account, says=tone(LOW, 20.0), certificate=certificate, codec="pcmu"
    )
    port = lab.port + (transport == "tls")
    await phone.dial(f"sip:4711@127.0.0.1:{port};transport={transport}")
    await phone.until("CALL_CLOSED")
    assert ended.is_set()
    assert order(*phone.heard()) == [HIGH]


@pytest.mark.rule("T3")
async def test_where_sound_must_be_sealed_an_open_call_is_refused_and_a_sealed_one_is_not(lab: Lab) -> None:
    calls: list[Call] = []

    async def on_call(call: Call) -> None:
        calls.append(call)
        await talk(call)

    await lab.engine(on_call, srtp="required")
    assert await sipp.ends(await lab.callers(sipp.refused(488))) == 0
    assert not calls
    phone = await lab.phone(account="mediaenc=srtp-mand", says=tone(LOW, 20.0))
    await phone.dial(lab.uri())
    await phone.until("CALL_CLOSED")
    assert order(*phone.heard()) == [HIGH]


@pytest.mark.rule("T3")
async def test_tls_is_no_older_than_1_3(lab: Lab, certificate: Path) -> None:
    await lab.engine(nobody, transports=("tls",), certificate=certificate)
    old, new = ssl.create_default_context(cafile=certificate), ssl.create_default_context(cafile=certificate)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        await asyncio.open_connection("127.0.0.1", lab.port + 1, ssl=old)
    _, writer = await asyncio.open_connection("127.0.0.1", lab.port + 1, ssl=new)
    assert writer.get_extra_info("ssl_object").version() == "TLSv1.3"
    writer.transport.abort()


async def test_a_call_of_ours_is_heard_by_whoever_answers_it(lab: Lab) -> None:
    engine = await lab.engine(nobody)
    phone = await lab.phone(account="answermode=auto", says=tone(LOW, 20.0))
    call = await engine.dial(phone.uri, seconds=15, headers={"X-Conversation": "ab12"})
    heard = bytearray()
    call.listen(heard.extend)
    call.play(tone(HIGH, 0.8))
    await call.played()
    await asyncio.sleep(0.4)
    await call.hang_up()
    await phone.until("CALL_CLOSED")
    await asyncio.wait_for(call.ended.wait(), 10)
    assert order(bytes(heard)) == [LOW]
    assert order(*phone.heard()) == [HIGH]


@pytest.mark.parametrize(
    ("status", "kind"), [(486, "busy"), (600, "busy"), (603, "declined"), (480, "silent"), (404, "unreachable")]
)
async def test_it_is_said_why_nobody_was_reached(lab: Lab, status: int, kind: str) -> None:
    engine = await lab.engine(nobody)
    other = free_port(PORTS)
    process = await lab.callers(sipp.answering(status), to=None, port=other)
    with pytest.raises(NotReached) as raised:
        await engine.dial(f"sip:operator@127.0.0.1:{other}", seconds=10)
    assert raised.value.kind == kind
    assert await sipp.ends(process) == 0


async def test_who_rings_and_does_not_answer_is_silent_and_who_does_not_ring_is_not_reached(lab: Lab) -> None:
    engine = await lab.engine(nobody)
    phone = await lab.phone(account="answermode=manual")
    nobody_there = f"sip:a@127.0.0.1:{free_port()}"
    for uri, seconds, kind in ((phone.uri, 2.5, "silent"), (nobody_there, 0.7, "unreachable")):
        with pytest.raises(NotReached) as raised:
            await engine.dial(uri, seconds=seconds)
        assert raised.value.kind == kind
    for uri in ("tel:+49301234567", "sip:a@b\r\nX: y", "sip:a@b>", "", "sip:"):
        with pytest.raises(NotReached):
            await engine.dial(uri, seconds=0.7)


async def test_a_call_that_is_given_up_while_its_invite_is_on_the_way_rings_for_nobody(lab: Lab) -> None:
    engine = await lab.engine(nobody)
    phone = await lab.phone(account="answermode=manual")
    dialling = asyncio.create_task(engine.dial(phone.uri, seconds=15))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    dialling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialling
    await phone.until("CALL_INCOMING")
    await phone.until("CALL_CLOSED")


async def test_what_cannot_listen_says_so(lab: Lab) -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", lab.port)
    with pytest.raises(EngineDown):
        await lab.engine(nobody)
    taken.close()
    await taken.wait_closed()
