# SPDX-License-Identifier: AGPL-3.0-or-later
"""The person types lines and reads what the line answers. Everything else is as in a messenger."""

import itertools
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

from safeconduct.dialogue.speaking import split
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Inbound, Outgoing, Take
from safeconduct.edge.channels.errors import SendRefused

CODE: Final = "terminal"
FACTS: Final = Facts(code=CODE, provider="knows", text_limit=4000)


class Terminal:
    """`read` gives the next line, or None at the end; `show` gets each message."""

    def __init__(self, read: Callable[[], Awaitable[str | None]], show: Callable[[Outgoing], None]) -> None:
        self._read = read
        self._show = show
        self._address = Address(secrets.token_hex(8))
        self._numbers = itertools.count(1)
        # The chat begins as a messenger's does, with its start button.
        self._unstored: Inbound | None = self._inbound("/start")

    def parts(self, text: str) -> list[str]:
        return split(text, FACTS.text_limit)

    async def receive(self, take: Take) -> None:
        """Ends with the input. What could not be stored is handed over again when the worker begins again."""
        while True:
            if self._unstored is not None:
                await take([self._unstored])
            line = await self._read()
            if line is None:
                raise EOFError
            self._unstored = self._inbound(line) if line.strip() else None

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        if address != self._address:
            raise SendRefused("that terminal was closed")
        self._show(message)
        return ()

    async def delete(self, _address: Address, _ids: Sequence[str]) -> None:
        raise SendRefused("a terminal forgets nothing that it has shown")

    async def fetch(self, _file: FileRef) -> AsyncIterator[bytes]:
        raise SendRefused("a terminal carries no files")
        yield b""

    async def close(self) -> None:
        """Nothing is open."""

    def _inbound(self, text: str) -> Inbound:
        return Inbound(self._address, f"{self._address}:{next(self._numbers)}", text=text)
