# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one connection to the public pages may use before it has asked for anything: little memory, a short time (T7, T14).

httptools sets no bound of its own: it collects a head for as long as one is sent.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTIONS_MOST = 4096
HEAD_SECONDS = 20.0  # a slow network is the rule; twenty seconds for a few hundred bytes is enough on any
HEAD_MAX = 32 << 10
BESIDE_MAX = 2 << 20  # of a body's framing and trailers, beside the body, which its reader bounds
HEADERS_MOST = 128
_LOOK_SECONDS = 5.0


class Visitor(HttpToolsProtocol):
    """One connection. Who does not come to the point is let go, first of all when others want to come in."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self._is_in_head = True
        self._since = self.loop.time()
        self._head = self._beside = self._body = 0
        self._watching = self.loop.call_later(_LOOK_SECONDS, self._watch)
        if len(self.connections) > CONNECTIONS_MOST:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._watching.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        body = self._body
        super().data_received(data)
        if self._is_in_head:
            self._head += len(data)
        else:
            self._beside += len(data) - (self._body - body)
        if self._head > HEAD_MAX or self._beside > BESIDE_MAX:
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = True
        self._since = self.loop.time()
        self._head = self._beside = self._body = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.headers) > HEADERS_MOST:  # those behind a body count too
            self.transport.abort()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    @property
    def is_late(self) -> bool:
        """Whether nothing has been asked for, for too long."""
        return self._is_in_head and self.loop.time() - self._since > HEAD_SECONDS

    def _watch(self) -> None:
        if self.is_late:
            self.transport.abort()
        else:
            self._watching = self.loop.call_later(_LOOK_SECONDS, self._watch)

    def _make_room(self) -> None:
        others: list[Any] = [one for one in self.connections if one is not self]
        unasked = [one for one in others if one._is_in_head and not one.transport.is_closing()]  # noqa: SLF001 - its own kind
        min(unasked, key=lambda one: one._since, default=self).transport.abort()  # noqa: SLF001
