# SPDX-License-Identifier: AGPL-3.0-or-later
"""For a channel that is a conversation of its own and not only a carrier: what it may ask of the line behind it."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from safeconduct.edge.channels.contract import Address


class Inside(Protocol):
    """The line, from inside."""

    async def languages(self) -> Sequence[str] | None:
        """Those that may be spoken now (R12); None when nobody can tell. Never raises."""

    async def conversation(self, address: Address) -> str | None:
        """The conversation of a chat, by the name under which the desk knows it. Never raises."""


class Nowhere:
    """What a channel has until it is told better: nothing may be spoken."""

    async def languages(self) -> Sequence[str] | None:
        return None

    async def conversation(self, address: Address) -> str | None:
        del address
        return None


@runtime_checkable
class WantsInside(Protocol):
    """A channel with this attribute gets its line before it is run. It begins with `Nowhere()`."""

    inside: Inside
