# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending an answer: the same headers for all, sizes in steps, nothing that stays in a cache."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import Scope, Send

from safeconduct.edge.web.bodies import Part, gzipped, identity
from safeconduct.edge.web.negotiation import reads_gzip

Header = tuple[bytes, bytes]


def headers_for(style: str) -> tuple[Header, ...]:
    """The headers of every page. The one inline style is allowed by its hash, and nothing else is."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store"),  # every page betrays that its reader was here (T1)
        (b"content-security-policy", policy.encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        (b"vary", b"accept-encoding, accept-language"),
    )


@dataclass(frozen=True, slots=True)
class _Ready:
    status: int
    headers: tuple[Header, ...]
    body: bytes

    async def send(self, scope: Scope, send: Send, extra: Sequence[Header] = ()) -> None:
        headers = [*self.headers, *extra]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else self.body})


class Page:
    """An answer in both encodings, made once, sent often."""

    def __init__(self, status: int, parts: Sequence[Part], headers: Sequence[Header]) -> None:
        self._packed = _ready(status, headers, gzipped(parts), packed=True)
        self._plain = _ready(status, headers, identity(parts), packed=False)

    async def send(self, scope: Scope, send: Send, *, extra: Sequence[Header] = ()) -> None:
        await (self._packed if _wants_gzip(scope) else self._plain).send(scope, send, extra)


async def send_once(scope: Scope, send: Send, status: int, parts: Sequence[Part], headers: Sequence[Header]) -> None:
    """An answer for one person, in one encoding."""
    packed = _wants_gzip(scope)
    body = gzipped(parts) if packed else identity(parts)
    await _ready(status, headers, body, packed=packed).send(scope, send)


async def send_text(scope: Scope, send: Send, status: int, text: bytes) -> None:
    """An answer for a machine."""
    headers = ((b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"))
    await _ready(status, headers, text, packed=False).send(scope, send)


def _ready(status: int, headers: Sequence[Header], body: bytes, *, packed: bool) -> _Ready:
    encoding: tuple[Header, ...] = ((b"content-encoding", b"gzip"),) if packed else ()
    length = (b"content-length", str(len(body)).encode())
    return _Ready(status, (*headers, *encoding, length), body)


def _wants_gzip(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            return reads_gzip(value)
    return False
