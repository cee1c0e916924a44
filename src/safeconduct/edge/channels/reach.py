# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way out to a provider over HTTP: bounded in time and size, never into our own network, silent about whom.

No error says an address, a token, a URL or a body: `redacted` takes every spelling of them out of what may be logged.
"""

import asyncio
import base64
import ipaddress
import logging
import socket
import urllib.parse
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass

import httpx2 as httpx

from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain

TIMEOUT_SECONDS = 20.0
BODY_MAX = 8 << 20  # of an answer that is read whole
_REDIRECTS = 0  # a provider's API has no business sending us elsewhere

for _talkative in ("httpx2", "httpcore2"):  # they log every URL, and in a URL stands a token, a file, a number
    logging.getLogger(_talkative).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """A provider's answer, whatever its status."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes


class Reach:
    """Made once for each process. `trusted` are hosts that the administrator's own settings name: they may be private."""

    def __init__(self, *, trusted: Collection[str] = ()) -> None:
        self._trusted = frozenset(trusted)
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT_SECONDS, follow_redirects=False, limits=limits, trust_env=False
        )

    def trusting(self, url: str) -> "Reach":
        """Let this host be reached even if it is private: for an address out of the settings, never out of a message."""
        self._trusted |= {urllib.parse.urlsplit(url).hostname or ""}
        return self

    async def call(  # noqa: PLR0913 - what an HTTP call is
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT_SECONDS,  # noqa: ASYNC109 - httpx's own, for each step of the call
        may_repeat: bool = False,
    ) -> Answer:
        """Ask once. Raises `SendLater` when nothing left us, `SendRefused` for an address that we may not reach.

        `SendUncertain` when the request had left and no whole answer came; `SendLater` instead where `may_repeat` says
        that asking twice does no harm.
        """
        await self._check(url)
        try:
            async with self._client.stream(method, url, content=content, headers=headers, timeout=timeout) as response:
                body = await _bounded(response)
                return Answer(response.status_code, dict(response.headers), body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SendLater(type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            name = type(error).__name__
            raise (SendLater(name) if may_repeat else SendUncertain(name)) from None

    async def stream(self, url: str, *, headers: Mapping[str, str] | None = None) -> AsyncIterator[bytes]:
        """A file in pieces. Raises `SendLater` or `SendRefused`."""
        await self._check(url)
        try:
            async with self._client.stream("GET", url, headers=headers) as response:
                if response.status_code != httpx.codes.OK:
                    raise (
                        SendLater(f"status {response.status_code}")
                        if response.is_server_error
                        else SendRefused(f"status {response.status_code}")
                    )
                async for piece in response.aiter_bytes(65_536):
                    yield piece
        except httpx.HTTPError as error:
            raise SendLater(type(error).__name__) from None
        except httpx.InvalidURL as error:
            raise SendRefused(type(error).__name__) from None

    async def close(self) -> None:
        await self._client.aclose()

    async def _check(self, url: str) -> None:
        try:
            parts = urllib.parse.urlsplit(url)
        except ValueError:
            raise SendRefused("not an address on the web") from None
        host = parts.hostname or ""
        if parts.scheme not in {"https", "http"} or not host:
            raise SendRefused("not an address on the web")
        if host in self._trusted:
            return
        if parts.scheme != "https":
            raise SendRefused("not encrypted")
        for address in await _addresses(host):
            if not ipaddress.ip_address(address).is_global:
                raise SendRefused("a private address")


async def _addresses(host: str) -> set[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        raise SendLater("the name is not known") from None
    return {str(entry[4][0]).partition("%")[0] for entry in found}


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > BODY_MAX:
            raise httpx.RemoteProtocolError("too long an answer")
    return bytes(body)


def redacted(text: str, *secrets: str) -> str:
    """`text` without any of the secrets, in any spelling in which they travel: plain, quoted, base64, hex, reversed case."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for spelling in _spellings(secret):
            text = text.replace(spelling, "…")
    return text


def _spellings(secret: str) -> set[str]:
    raw = secret.encode()
    bare = secret.lstrip("+")
    return {
        secret,
        bare,
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
        raw.hex().upper(),
    } - {""}
