# SPDX-License-Identifier: AGPL-3.0-or-later
"""What anybody who can reach a channel's door may use of it: few connections, a short time, little memory.

A request is known to be the provider's only when all of it is there. Until then it is a stranger's.
"""

import asyncio
from typing import Any

from starlette.requests import ClientDisconnect, Request
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS_MOST = 256
REQUEST_SECONDS = 20.0  # for all of a request to arrive
HEAD_MAX = 32 << 10
BODY_MAX = 3 << 20  # the largest that a provider documents (WhatsApp) is 3 MB
SMALL = 64 << 10  # a body up to this always finds room: all that are usual do
LARGE_MAX = 24 << 20  # of all larger bodies together
_LOOK_SECONDS = 2.0
# These quote what they could not parse, or what they were about to do with it, and the addresses of who sent it.
QUOTING = ("asyncio", "uvicorn.error", "uvicorn.asgi", "uvicorn.access")


class Stranger(H11Protocol):
    """One connection. Who does not come to the point is let go, first of all when others want to come in."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self.since = self.loop.time()
        self._watching = self.loop.call_later(_LOOK_SECONDS, self._watch)
        if len(self.connections) > CONNECTIONS_MOST:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._watching.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self.since = self.loop.time()
        super().on_response_complete()

    @property
    def is_waiting(self) -> bool:
        """Whether it is their turn."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _watch(self) -> None:
        if self.is_waiting and self.loop.time() - self.since > REQUEST_SECONDS:
            self.transport.abort()
        else:
            self._watching = self.loop.call_later(_LOOK_SECONDS, self._watch)

    def _make_room(self) -> None:
        others: list[Any] = [one for one in self.connections if one is not self]
        waiting = [one for one in others if one.is_waiting and not one.transport.is_closing()]
        min(waiting, key=lambda one: one.since, default=self).transport.abort()


class Bodies:
    """What is arriving, counted over all connections."""

    def __init__(self) -> None:
        self._large = 0

    async def read(self, request: Request) -> bytes | int:
        """The whole body, or the status to answer with."""
        body = bytearray()
        counted = 0
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > BODY_MAX:
                    return 413
                if len(body) > SMALL:
                    self._large += len(body) - counted
                    counted = len(body)
                    if self._large > LARGE_MAX:
                        return 503
        except ClientDisconnect:
            return 400
        finally:
            self._large -= counted
        return bytes(body)
