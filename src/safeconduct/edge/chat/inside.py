# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a channel that speaks for itself may ask of its line."""

from collections.abc import Sequence

from safeconduct.edge.channels.contract import Address
from safeconduct.edge.chat.line import Line
from safeconduct.spool.errors import SpoolError


class LineInside:
    """`edge/channels/inside.py` says what is promised."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def languages(self) -> Sequence[str] | None:
        return await self._line.languages()

    async def conversation(self, address: Address) -> str | None:
        try:
            state = await self._line.state_at(self._line.place(address))
        except SpoolError:
            return None
        return None if state is None else state.conversation_id.hex()
