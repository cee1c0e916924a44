# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where each room says what it destroys when two people destroy the keys (R51), and how much of it there is.

Content is destroyed by destroying what opens it. Each destroys its own, whatever becomes of the others, and may be asked
again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Destroyer:
    """`count` says how many keys there are, and raises `OSError` when they could not be destroyed now; `destroy` does it."""

    code: str
    sentence: str | Promise
    count: Callable[[], int]
    destroy: Callable[[], int]


_known: dict[str, Destroyer] = {}


def register(destroyers: Iterable[Destroyer]) -> None:
    """Called once per room from its `AppConfig.ready`."""
    _known.update({one.code: one for one in destroyers})


def all_of_them() -> tuple[Destroyer, ...]:
    return tuple(_known.values())
