# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connections to providers: a name is resolved once, every address of it is checked, and one of these is connected to.

Whoever holds a name could otherwise answer the check with an address of their own, and the connection a moment later with
one of ours. TLS is asked for the name as ever: what is connected to must prove that it is it.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Collection, Iterable
from typing import Any

import httpcore2 as httpcore
import httpx2 as httpx

from safeconduct.edge.channels.errors import SendLater, SendRefused

RESOLVE_SECONDS = 10.0
CONNECT_SECONDS = 5.0  # for each of a name's addresses: one that is silent must not keep us from the next
_MOST_ADDRESSES = 4
_CONNECTIONS, _KEPT = 64, 32
# "Global" to Python, and yet a way into a network that is not: translated, tunnelled and old forms of IPv4 addresses.
_DETOURS = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10", "::/96"))
)

Trusted = Collection[tuple[str, int]]


class Transport(httpx.AsyncHTTPTransport):
    """httpx's own, whose connections begin with `Dialler`. `trusted` may grow later."""

    def __init__(self, trusted: Trusted) -> None:
        tls = httpx.create_ssl_context(trust_env=False)
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_KEPT,
            keepalive_expiry=5.0,
            network_backend=Dialler(trusted),
        )


class Dialler(httpcore.AsyncNetworkBackend):
    """Never into our own network, but for hosts and ports that are trusted."""

    def __init__(self, trusted: Trusted) -> None:
        self._trusted = trusted
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises `SendRefused` for a private address, and what the base class raises."""

        async def reach(address: str, seconds: float | None) -> httpcore.AsyncNetworkStream:
            return await self._tcp.connect_tcp(address, port, seconds, local_address, socket_options)

        if (host, port) in self._trusted:
            return await reach(host, timeout)
        failure: Exception = httpcore.ConnectError("no address")
        for address in await checked_addresses(host):
            try:
                return await reach(address, CONNECT_SECONDS)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def checked_addresses(host: str) -> list[str]:
    """Raises `SendRefused` when any is not everybody's: a name with such an address is a trap."""
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise SendLater("the name is not known") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(map(is_public, addresses)):
        raise SendRefused("a private address")
    return addresses[:_MOST_ADDRESSES]


def is_public(address: str) -> bool:
    """Whether everybody reaches the same machine by it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # with a zone, for instance: only ever of this machine's own links
        return False
    if parsed.version == 6 and (parsed.ipv4_mapped or any(parsed in detour for detour in _DETOURS)):  # noqa: PLR2004
        return False
    return parsed.is_global and not parsed.is_multicast
