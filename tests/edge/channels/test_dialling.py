# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is connected to is what was checked: never our own network, whatever a name says the second time."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safeconduct.edge.channels import dialling
from safeconduct.edge.channels.dialling import Dialler, is_public
from safeconduct.edge.channels.errors import SendLater, SendRefused
from safeconduct.edge.channels.reach import Origin, Reach
from safeconduct.edge.channels.sms.tests.test_sms_session import _certificate

Names = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Says what a name resolves to, one answer after the other; returns what was asked for."""

    def says(*answers: list[str] | Exception) -> list[str]:
        asked: list[str] = []
        left = list(answers)

        async def resolve(host: str, *_: object, **__: object) -> list[Any]:
            asked.append(host)
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in answer]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve, raising=False)
        return asked

    return says


PRIVATE = [
    "127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.0.1",  # noqa: S104
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "",
]  # fmt: skip


@pytest.mark.rule("T8")
@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_may_lead_into_our_own_network_is_private(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["149.154.167.220", "2606:4700::1111"])
def test_an_address_of_everybodys_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.rule("T8")
@pytest.mark.parametrize("found", [["10.0.0.1"], ["149.154.167.220", "10.0.0.1"], ["::ffff:10.0.0.1"]])
async def test_a_name_that_leads_into_our_own_network_is_not_asked(names: Names, found: list[str]) -> None:
    names(found)
    reach = Reach()
    with pytest.raises(SendRefused, match="private"):
        await anext(reach.stream("https://files.example/a"))
    await reach.close()


@pytest.mark.rule("T8")
@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "0"])
async def test_other_spellings_of_our_own_addresses_are_known(host: str) -> None:
    reach = Reach()
    with pytest.raises(SendRefused, match="private"):
        await reach.call("GET", f"https://{host}/")
    await reach.close()


@pytest.mark.rule("T8")
async def test_a_name_is_resolved_once_and_what_was_checked_is_connected_to(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialling, "is_public", lambda _: True)  # the loopback plays everybody's address
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        asked = names(["127.0.0.1"], ["::1"])  # what the name's owner would say to whoever asks again
        stream = await Dialler(()).connect_tcp("files.example", port, 5)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        assert asked == ["files.example"]
        await stream.aclose()


async def test_an_address_at_which_nobody_is_does_not_keep_us_from_the_next(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialling, "is_public", lambda _: True)
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as server:
        names(["::1", "127.0.0.1"])
        stream = await Dialler(()).connect_tcp("files.example", server.sockets[0].getsockname()[1], 5)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        await stream.aclose()


@pytest.mark.parametrize("fault", [OSError(), UnicodeError(), TimeoutError()])
async def test_a_name_that_nobody_knows_now_may_be_known_later(names: Names, fault: Exception) -> None:
    names(fault)
    reach = Reach()
    with pytest.raises(SendLater):
        await reach.call("POST", "https://files.example/")
    await reach.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://127.0.0.1/"])
async def test_trust_is_for_one_port(url: str) -> None:
    reach = Reach().trusting("http://127.0.0.1:8")
    with pytest.raises(SendRefused):
        await reach.call("GET", url)
    await reach.close()


@pytest.mark.parametrize(
    "url",
    [
        r"https://evil.example\.fbsbx.com/", r"https://fbsbx.com\@evil.example/", "https://evil.example%2f.fbsbx.com/",
        "https://a@fbsbx.com/", "https://evil.example\t.fbsbx.com/", "https://fbsbx.com:443:80/", "https://ｅ.com/",
        "https://evil.example;.fbsbx.com/", "https://evil.example#.fbsbx.com", "https:///x", "https:x", "https://a b/",
        "gopher://a.com/", "https://a.com/\n", "https://a.com/\x00", "https://a.com/é", "HTTPS//a.com", "",
    ],
)  # fmt: skip
def test_an_address_that_two_readers_could_read_differently_is_refused(url: str) -> None:
    with pytest.raises(SendRefused):
        Origin.of(url)


@pytest.mark.parametrize("url", ["https://A.com", "https://a.com/", "https://a.com:443/x?y=/@b.com", "https://a.com?b"])
def test_an_origin_is_the_same_however_it_is_written(url: str) -> None:
    assert Origin.of(url) == Origin("https", "a.com", 443)


@pytest.mark.rule("T8")
async def test_who_is_connected_to_must_prove_the_name_that_was_asked_for(
    names: Names, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, pem = _certificate(tmp_path)  # says that it is localhost
    asked: list[str] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    monkeypatch.setattr(dialling, "is_public", lambda _: True)
    monkeypatch.setattr("httpx2.create_ssl_context", lambda **_: ssl.create_default_context(cafile=pem))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        names(["127.0.0.1"], ["127.0.0.1"])
        reach = Reach()
        assert (await reach.call("GET", f"https://localhost:{port}/")).status == 204
        with pytest.raises(SendLater):
            await reach.call("GET", f"https://files.example:{port}/")
        await reach.close()
    assert asked == ["localhost", "files.example"]
