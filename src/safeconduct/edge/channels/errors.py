# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with a channel.

ChannelError
├── NotStored       what was received is not durable: do not acknowledge it
│   └── NoRoom        of all of it only first words of strangers, whose room is full; the rest is durable (`left`)
├── ChannelDown     the provider cannot be reached now
├── ChannelSpent    this process cannot carry the channel any longer: it ends, and another is started
├── SettingsRefused the settings of a channel cannot be used (said at start, with the mend)
└── SendError
    ├── SendLater     nothing was sent; try again after `retry_after` seconds
    ├── SendRefused   nothing was sent, and never will be: blocked, unknown, not allowed
    └── SendUncertain nobody knows whether it was sent: never repeated, shown to the operator

No text of these holds an address, a message or a provider's id.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.edge.channels.contract import Inbound

DOWN_SECONDS_MOST = 300.0  # nobody's word keeps a channel deaf for longer
LATER_SECONDS_MOST = 24 * 3600.0


class ChannelError(Exception):
    """Every error of a channel."""


class NotStored(ChannelError):  # noqa: N818 - a fact about the message, said to the channel
    """What was received could not be made durable."""


class NoRoom(NotStored):
    """First contacts have a share of the room that is theirs alone, and it is full: nobody else has to wait for them.

    `left` are those messages, with what their writers said after them; all else that was handed over is durable.
    """

    def __init__(self, left: Iterable["Inbound"]) -> None:
        super().__init__("no room for first contacts")
        self.left = tuple(left)
        self._names = frozenset((one.address, one.message_id) for one in self.left)

    def holds(self, one: "Inbound") -> bool:
        """Whether this message is one of them."""
        return (one.address, one.message_id) in self._names


class ChannelDown(ChannelError):  # noqa: N818 - a state
    """The provider cannot be reached; ask again after `retry_after` seconds."""

    def __init__(self, reason: str, *, retry_after: float = 5.0) -> None:
        super().__init__(reason)
        self.retry_after = _bounded(retry_after, DOWN_SECONDS_MOST)


class ChannelSpent(ChannelError):  # noqa: N818 - a state
    """Only a new process helps. The worker ends; whoever started it (systemd, `safeconduct up`) starts another."""


class SettingsRefused(ChannelError):  # noqa: N818 - as in edge/errors.py
    """A channel's settings cannot be used."""


class SendError(ChannelError):
    """Something was not sent, or perhaps not."""

    permanent = False


class SendLater(SendError):  # noqa: N818 - what to do
    """Nothing was sent. `retry_after` is the provider's own, in seconds, when it named one."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = None if retry_after is None else _bounded(retry_after, LATER_SECONDS_MOST)


class SendRefused(SendError):  # noqa: N818 - what happened
    """Nothing was sent, and trying again will not help."""

    permanent = True


class SendUncertain(SendError):  # noqa: N818 - what is known
    """The connection broke after the message had left: it may have arrived."""

    permanent = True


def _bounded(seconds: float, most: float) -> float:
    """What a provider wrote may be anything."""
    return min(seconds, most) if seconds > 0 else 0.0
