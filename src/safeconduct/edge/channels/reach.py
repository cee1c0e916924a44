# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way out to a provider over HTTP: bounded in time and size, never into our own network, silent about whom.

No error says an address, a token, a URL or a body: `redacted` takes every spelling of them out of what may be logged.
"""

import asyncio
import base64
import http.cookiejar
import logging
import re
import urllib.parse
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx2 as httpx

from safeconduct.edge.channels.dialling import Transport
from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain

TIMEOUT_SECONDS = 20.0  # for each step of a call; all of it may take twice as long
FILE_SECONDS = 60.0  # for all of a file: a provider that drips holds up whoever waits behind it
BODY_MAX = 8 << 20  # of an answer that is read whole
_PORTS = {"https": 443, "http": 80}
# Only what every reader of addresses reads alike: no user, no escapes, no backslash, no letters beyond ASCII in a host.
_URL = re.compile(
    r"(https?)://([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?(?:[/?][!-~]*)?", re.ASCII | re.IGNORECASE
)
_HEADERS = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "safeconduct"}  # nothing to unpack

for _talkative in ("httpx2", "httpcore2"):  # they log every URL, and in a URL stands a token, a file, a number
    logging.getLogger(_talkative).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """A provider's answer, whatever its status."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom a URL asks."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin":
        """Raises `SendRefused` for what is no address on the web, or one that two readers could read differently."""
        found = _URL.fullmatch(url)
        if found is None:
            raise SendRefused("not an address on the web")
        scheme = found[1].lower()
        return cls(scheme, found[2].lower().strip("[]"), int(found[3] or _PORTS[scheme]))


class Reach:
    """Made once for each process."""

    def __init__(self) -> None:
        self._trusted: set[Origin] = set()
        self._dialled: set[tuple[str, int]] = set()
        self._client = httpx.AsyncClient(
            transport=Transport(self._dialled),
            headers=_HEADERS,
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,  # a provider's API has no business sending us elsewhere
            trust_env=False,
            cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),  # none is kept
        )

    def trusting(self, url: str) -> "Reach":
        """Let this origin be reached even if it is private: for one out of the settings, never out of a message."""
        origin = Origin.of(url)
        self._trusted.add(origin)
        self._dialled.add((origin.host, origin.port))
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
        self._check(url)
        try:
            async with (
                asyncio.timeout(2 * timeout),
                self._client.stream(method, url, content=content, headers=headers, timeout=timeout) as response,
            ):
                body = await _bounded(response)
                return Answer(response.status_code, dict(response.headers), body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SendLater(type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            name = type(error).__name__
            raise (SendLater(name) if may_repeat else SendUncertain(name)) from None

    async def stream(self, url: str, *, headers: Mapping[str, str] | None = None) -> AsyncIterator[bytes]:
        """A file in pieces. Raises `SendLater` or `SendRefused`."""
        self._check(url)
        until = asyncio.get_running_loop().time() + FILE_SECONDS
        try:
            async with self._client.stream("GET", url, headers=headers) as response:
                _judge(response)
                pieces = aiter(response.aiter_bytes())
                while True:
                    async with asyncio.timeout_at(until):
                        piece = await anext(pieces, None)
                    if piece is None:
                        return
                    yield piece
        except (httpx.HTTPError, TimeoutError) as error:
            raise SendLater(type(error).__name__) from None
        except httpx.InvalidURL as error:
            raise SendRefused(type(error).__name__) from None

    async def close(self) -> None:
        await self._client.aclose()

    def _check(self, url: str) -> None:
        origin = Origin.of(url)
        if origin.scheme != "https" and origin not in self._trusted:
            raise SendRefused("not encrypted")


def _judge(response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        reason = f"status {response.status_code}"
        raise SendLater(reason) if response.is_server_error else SendRefused(reason)


async def _bounded(response: httpx.Response) -> bytes:
    """Counted as it is unpacked: what is small on its way may be large."""
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
