# SPDX-License-Identifier: AGPL-3.0-or-later
"""The session: TLS, refusals, silence, garbage."""

import asyncio
import contextlib
import datetime as dt
import logging
import ssl
import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmpplib import BindTransceiver, BindTransceiverResp, SmppCommandStatus
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from safeconduct.edge.channels.contract import Address, Outgoing
from safeconduct.edge.channels.errors import ChannelDown, SendUncertain, SettingsRefused
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.sms.channel import Settings, make
from safeconduct.edge.channels.sms.session import Session
from safeconduct.edge.channels.sms.tests.conftest import HEADER, Taken, listening, open_channel, scripted, until
from safeconduct.edge.channels.sms.tests.double import Double


@pytest.mark.parametrize(
    "answer",
    [
        BindTransceiverResp(1, SmppCommandStatus.ESME_RINVPASWD).pdu(),
        BindTransceiverResp(1, SmppCommandStatus.ESME_RALYBND, system_id="x").pdu(),
        HEADER.pack(16, 0x80000009, 0x04FF, 1),  # a status that only this SMSC knows
        HEADER.pack(16, 0x80000000, 3, 1),
        HEADER.pack(0xFFFFFFFF, 0x80000009, 0, 1),
        HEADER.pack(3, 0x80000009, 0, 1),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x00",
    ],
)
async def test_a_bind_that_is_refused_or_not_understood_is_a_channel_that_is_down(
    double: Double, taken: Taken, answer: bytes
) -> None:
    async with scripted(answer) as port, open_channel(double, port=port, response_seconds=0.3) as channel:
        with pytest.raises(ChannelDown) as down:
            await channel.receive(taken)
        assert down.value.retry_after > 0


async def test_the_back_off_grows_and_is_bounded(double: Double, taken: Taken) -> None:
    async with open_channel(double, port=1) as channel:
        waits = []
        for _ in range(12):
            with pytest.raises(ChannelDown) as down:
                await channel.receive(taken)
            waits.append(down.value.retry_after)
        assert waits[0] <= 5 < waits[-1] <= 60


@pytest.mark.parametrize(
    "garbage",
    [
        HEADER.pack(0xFFFFFFFF, 5, 0, 7),
        HEADER.pack(70_001, 5, 0, 7),
        HEADER.pack(15, 5, 0, 7),
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
async def test_after_an_impossible_length_the_session_is_renewed_at_once(
    double: Double, taken: Taken, garbage: bytes
) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        double.line.inject(garbage)
        await until(lambda: double.line.connections == 2)
        name = await double.say_until_acknowledged("1")
        assert set(taken.texts) == {"1"}
        assert double.acknowledged == [name]


async def test_a_message_that_stops_half_way_ends_the_session_and_nothing_is_lost(double: Double, taken: Taken) -> None:
    async with open_channel(double, enquire_seconds=0.1, response_seconds=0.3) as channel, listening(channel, taken):
        await double.bound()
        double.line.is_silent = True
        double.line.inject(HEADER.pack(64, 5, 0, 7) + b"half")
        await until(lambda: double.line.connections == 2)
        double.line.is_silent = False
        await double.say_until_acknowledged("1")
        assert set(taken.texts) == {"1"}


@pytest.mark.parametrize(("command", "has_answer"), [(0x103, True), (0x0102, False), (0x0B, True), (0x7777, True)])
async def test_a_command_that_we_do_not_speak_is_declined_and_the_session_goes_on(
    double: Double, taken: Taken, command: int, *, has_answer: bool
) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        double.line.inject(HEADER.pack(20, command, 0, 4711) + b"body")
        await until(lambda: channel.unknown == 1)
        await double.say("1")
        assert (HEADER.pack(16, 0x80000000, 3, 4711) in double.line.heard) is has_answer
        assert double.line.connections == 1


async def test_an_answer_that_nobody_asked_for_is_ignored(double: Double, taken: Taken) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        double.line.inject(HEADER.pack(16, 0x80000004, 0, 999) + HEADER.pack(16, 0x80000000, 3, 0))
        await double.say("1")
        assert double.line.connections == 1


async def test_an_enquiry_is_answered_while_a_message_is_being_stored(double: Double, taken: Taken) -> None:
    taken.pause = 0.5
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        saying = asyncio.create_task(double.say("1"))
        await asyncio.sleep(0.1)
        double.line.inject(HEADER.pack(16, 0x15, 0, 4711))
        await until(lambda: HEADER.pack(16, 0x80000015, 0, 4711) in double.line.heard)
        assert taken.texts == []
        await saying


async def test_an_smsc_that_falls_silent_is_left_and_called_again(double: Double, taken: Taken) -> None:
    async with open_channel(double, enquire_seconds=0.1, response_seconds=0.2) as channel, listening(channel, taken):
        await double.bound()
        double.line.is_silent = True
        await until(lambda: double.line.connections == 2)
        double.line.is_silent = False
        await double.say_until_acknowledged("1")
        assert set(taken.texts) == {"1"}


@pytest.mark.rule("T14")
async def test_an_smsc_that_asks_and_does_not_read_is_left() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            bind = HEADER.unpack(await reader.readexactly(16))
            writer.write(HEADER.pack(16, 0x80000009, 0, bind[3]))
            while True:
                writer.write(HEADER.pack(16, 0x15, 0, 1) * 1000)
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(flood, "127.0.0.1", 0, limit=16) as server:
        port = server.sockets[0].getsockname()[1]
        wanted = BindTransceiver(system_id="line", password="secret")
        session = await Session.opened("127.0.0.1", port, None, wanted, enquire=600, patience=0.3)
        async with asyncio.timeout(10):
            while session.ended is None:
                await asyncio.sleep(0.01)
                assert session._writer.transport.get_write_buffer_size() < 1 << 20
        assert "does not read" in session.ended
        await session.close()


async def test_unbind_is_answered_and_the_session_renewed(double: Double, taken: Taken) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        double.line.inject(HEADER.pack(16, 6, 0, 4711))
        await until(lambda: double.line.connections == 2)
        assert HEADER.pack(16, 0x80000006, 0, 4711) in double.line.heard


async def test_closing_unbinds(double: Double, taken: Taken) -> None:
    async with open_channel(double) as channel:
        await channel.send(Address(Double.address), Outgoing("1"))
    assert struct.pack("!II", 16, 6) in double.line.heard


@pytest.mark.rule("T3")
async def test_no_log_error_or_repr_shows_a_number_a_text_or_the_password(
    double: Double, taken: Taken, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    async with open_channel(double) as channel, listening(channel, taken):
        taken.refusals = 1
        await double.say("I want to live")
        await double.deliver(b"\x20\x00 want to live", esm_class=0x40)
        double.break_next()
        with pytest.raises(SendUncertain) as error:
            await channel.send(Address(Double.address), Outgoing("Come unarmed"))
        said += [caplog.text, repr(error.value), repr(channel), repr(vars(channel)), repr(channel._settings)]
    assert "not stored" in caplog.text
    for secret in ("380671234567", "want to live", "unarmed", "secret"):
        assert not any(secret in text for text in said)


async def test_tls_is_the_default_and_checks_who_answers(tmp_path: Path, taken: Taken) -> None:
    context, ca_file = _certificate(tmp_path)
    async with Double.started(context) as double:
        secured = {"tls": True, "host": "localhost"}
        async with open_channel(double, ca_file=str(ca_file), **secured) as channel, listening(channel, taken):
            await double.say("1")
            assert taken.texts == ["1"]
        async with open_channel(double, **secured) as stranger:
            with pytest.raises(ChannelDown, match="SSLCertVerificationError"):
                await stranger.receive(taken)
        async with open_channel(double, ca_file=str(ca_file), tls=True, host="127.0.0.1") as misnamed:
            with pytest.raises(ChannelDown, match="SSLCertVerificationError"):
                await misnamed.receive(taken)
    assert Settings(host="x", system_id="x", source="123").tls


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": None},
        {"password_file": "/nowhere"},
        {"password": None, "password_file": "/nowhere"},
        {"password": "nine signs"},
        {"password": "пароль"},
        {"tls": True, "ca_file": "/nowhere"},
    ],
)
def test_settings_that_cannot_be_used_are_refused_at_the_start(wrong: dict[str, Any]) -> None:
    right = {"host": "localhost", "system_id": "line", "source": "12345", "password": "secret", "tls": False}
    make(msgspec.convert(right, Settings), Reach())
    with pytest.raises(SettingsRefused):
        make(msgspec.convert(right | wrong, Settings), Reach())


def test_the_password_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("secret\n", encoding="ascii")
    path.chmod(0o600)
    make(
        msgspec.convert({"host": "x", "system_id": "x", "source": "123", "password_file": str(path)}, Settings), Reach()
    )


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = folder / "key.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_file.write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_file)
    return context, pem
