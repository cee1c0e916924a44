# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where rooms above say what they keep sealed to a team, so that a new key of the team can be wrapped to it.

This room knows the keys, and none of what they open. A room that seals anything to a team's key registers a `Rewrapper`;
what none of them reaches is lost when the old key is destroyed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from safeconduct.sealing.keys import PrivateKey, PublicKey


@dataclass(frozen=True, slots=True, repr=False)
class Pass:
    """One way through everything: the team's older keys, its new one, and whether the older wraps are destroyed."""

    team: str
    old: tuple[PrivateKey, ...]
    new: PublicKey
    destroys_old: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What a bounded piece of a pass did. `after` is the last row that was looked at, `closed` did not open."""

    after: int
    looked: int
    closed: int
    is_end: bool


@dataclass(frozen=True, slots=True)
class Rewrapper:
    """One kind of row. Rows are numbered upwards, and `step` looks at no more than `limit` of them behind `after`.

    A step is repeated after an interruption. It never takes an older wrap away from a row that has no newer one.
    """

    code: str
    sentence: str | Promise
    count: Callable[[str], int]  # how many rows a pass of that team has to look at
    step: Callable[[Pass, int, int], Step]


_known: dict[str, Rewrapper] = {}


def register(rewrappers: Iterable[Rewrapper]) -> None:
    """Called once per room from its `AppConfig.ready`."""
    _known.update({one.code: one for one in rewrappers})


def all_of_them() -> tuple[Rewrapper, ...]:
    return tuple(_known.values())


def known(code: str) -> Rewrapper:
    """Raises `KeyError` for one of a release that knew more: then nothing of it may be destroyed."""
    return _known[code]
