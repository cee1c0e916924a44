# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON-RPC with signal-cli's daemon: one line a message, over a socket of this machine."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from safeconduct.edge.channels.signal import payloads
from safeconduct.edge.channels.signal.settings import Settings

LINE_MAX = 256 << 10  # also what may lie here unread, and be lost with us: no more than a message may need


class Unreachable(Exception):  # noqa: N818 - what it is; never leaves this folder
    """Nothing was asked."""


class Broken(Exception):  # noqa: N818 - what it is; never leaves this folder
    """It was asked, and there is no answer."""


class TooLong(Broken):
    """A line was longer than it may be. It is skipped; the next one can be read."""


class Connection:
    """One connection; one request at a time, since signal-cli loses messages of which two are sent at once (its #1783)."""

    def __init__(self, settings: Settings, *, line_max: int = LINE_MAX) -> None:
        self._settings = settings
        self._line_max = line_max
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._number = 0
        self._turn = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        return self._streams is not None

    async def call(
        self, method: str, params: dict[str, Any], *, other: Callable[[bytes], None] | None = None
    ) -> payloads.Response:
        """Ask, and wait for the answer; lines that are none go to `other`. Raises `Unreachable` or `Broken`."""
        async with self._turn:
            reader, writer = await self._opened()
            self._number += 1
            try:
                writer.write(_request(self._number, method, {**params, **self._account()}))
                async with asyncio.timeout(self._settings.patience_seconds):
                    await writer.drain()
                    return await self._answer(reader, self._number, other)
            except BaseException as error:  # also when cancelled: its answer would be taken for the next one's
                self.drop()
                if isinstance(error, OSError | TimeoutError | ValueError | EOFError | payloads.Malformed):
                    raise Broken(type(error).__name__) from None
                raise

    async def line(self) -> bytes:
        """The next line. Raises `Broken`; without waiting in line with `call`: a connection does one or the other."""
        if self._streams is None:
            raise Broken("closed")
        try:
            return await _line(self._streams[0])
        except (OSError, ValueError, EOFError) as error:
            self.drop()
            raise Broken(type(error).__name__) from None

    def drop(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is not None and (self._streams[0].at_eof() or self._streams[1].is_closing()):
            self.drop()  # the daemon was started anew: what was not asked yet can be asked again
        if self._streams is None:
            try:
                async with asyncio.timeout(self._settings.patience_seconds):
                    self._streams = await self._settings.connected(self._line_max)
            except (OSError, TimeoutError) as error:
                raise Unreachable(type(error).__name__) from None
        return self._streams

    async def _answer(
        self, reader: asyncio.StreamReader, number: int, other: Callable[[bytes], None] | None
    ) -> payloads.Response:
        while True:
            try:
                line = await _line(reader)
            except TooLong:
                if other is None:
                    raise
                other(b"")
                continue
            response = payloads.decode(line, payloads.Response)
            if response.id == number:
                return response
            if response.id is None and response.error is not None:  # it could not even read what we asked
                raise payloads.Malformed
            if other is not None:
                other(line)

    def _account(self) -> dict[str, str]:
        return {} if self._settings.account is None else {"account": self._settings.account}


def _request(number: int, method: str, params: dict[str, Any]) -> bytes:
    wanted = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return msgspec.json.encode(wanted) + b"\n"


async def _line(reader: asyncio.StreamReader) -> bytes:
    """Whoever writes a message that makes too long a line must not break the connection: others' words lie behind it."""
    is_skipped = False
    while True:
        try:
            line = await reader.readuntil()
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            is_skipped = True
            continue
        if is_skipped:
            raise TooLong
        return line
