# SPDX-License-Identifier: AGPL-3.0-or-later
"""For a channel that rings operators: whose phones may ring now. Whoever runs the channel sets `duty`; others have none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, repr=False)
class Phone:
    """One operator's phone: a SIP URI that may be dialled as it is. It shows itself in no repr, and so in no log.

    `extension` is what a colleague types to reach the operator; empty when the desk told none.
    """

    uri: str
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    extension: str = ""


class OnDuty(Protocol):
    """Who is on duty. Silence means nobody."""

    async def phones(self, language: str) -> Sequence[Phone]:
        """Those who speak this language, in an order that is fair to them; at most seconds old. Never raises."""


class NobodyOnDuty:
    """What a channel has until it is told better."""

    async def phones(self, language: str) -> Sequence[Phone]:
        del language
        return ()


@runtime_checkable
class WantsDuty(Protocol):
    """A channel with this attribute gets the line's own before it is run. It begins with `NobodyOnDuty()`."""

    duty: OnDuty
