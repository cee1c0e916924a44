# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What the spool refuses, and why. No text carries content, an address or a key."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.spool.contract import Fence, Lane


class SpoolError(Exception):
    """Any refusal of the spool.

    SpoolError
    ├── SpoolUnavailable      not stored, try again: closed, busy for too long, or the disk answers with errors
    ├── SpoolFull             not stored: this lane's share, or the disk, has no room (`lane`)
    ├── SpoolUnreadable       refused at start: not a spool, damaged, or of a newer release (`path`)
    ├── ConversationUnknown   never opened here, erased or expired; deliberately not told apart
    ├── ConversationTaken     opened before, or its look-up id is in use
    ├── FencedOff             another holds the lease by now, or nobody does (`fence`)
    └── OlderVersion          the board already shows a newer version (`shown`)
    """


class SpoolUnavailable(SpoolError):
    """Nothing was acknowledged. The same act may be repeated with the same key."""


class SpoolFull(SpoolError):
    """Nothing was stored. `lane` has no room; None for an act of no lane (the desk's collecting, the board)."""

    def __init__(self, lane: "Lane | None") -> None:
        super().__init__(f"no room in the lane {lane.value!r}" if lane else "no room")
        self.lane = lane


class SpoolUnreadable(SpoolError):
    """The file is left untouched."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


class ConversationUnknown(SpoolError):
    """There is no such conversation (any more). Nothing was stored."""


class ConversationTaken(SpoolError):
    """A conversation is opened once. Nothing was stored."""


class FencedOff(SpoolError):
    """Nothing was stored or begun. Whoever gets this stops its work: somebody else may be doing it."""

    def __init__(self, fence: "Fence") -> None:
        super().__init__(f"the lease {fence.name!r} is no longer held under number {fence.number}")
        self.fence = fence


class OlderVersion(SpoolError):
    """What is shown stays."""

    def __init__(self, name: str, shown: int) -> None:
        super().__init__(f"{name!r} is already shown in version {shown}")
        self.shown = shown
