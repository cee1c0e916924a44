# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom somebody is given first, by what they are trained for. Pure: it knows neither a case nor a key.

The promise wins over every need: whose promise is about to break goes to anyone, and so does whom nobody on duty could
answer better.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NOT_KNOWN = ("und", "")  # whoever writes in a language that nobody knows yet is everybody's


@dataclass(frozen=True, slots=True)
class Wait:
    """One who waits, in a language of the operator's."""

    pk: int
    urgency: int
    language: str
    needs: frozenset[str] = frozenset()
    is_pressing: bool = False  # the promise is about to break, or broken


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else on duty who could take one more."""

    languages: frozenset[str]
    skills: frozenset[str]


def can(colleague: Colleague, wait: Wait) -> bool:
    """Whether they understand them and have all that it needs."""
    return (wait.language in colleague.languages or wait.language in NOT_KNOWN) and wait.needs <= colleague.skills


def in_order(waits: Iterable[Wait], skills: frozenset[str], colleagues: Sequence[Colleague]) -> list[Wait]:
    """Whom to give to somebody with these skills, out of a queue in its order; who is left to a colleague is not in it.

    Urgency first, as everywhere. At one step of it: whose promise presses, then who needs what this person is trained
    for, then all others, each as long as they have waited.
    """
    ours = [wait for wait in waits if not _is_left(wait, skills, colleagues)]
    return sorted(ours, key=lambda wait: (-wait.urgency, _turn(wait, skills)))


def _is_left(wait: Wait, skills: frozenset[str], colleagues: Sequence[Colleague]) -> bool:
    if wait.is_pressing or wait.needs <= skills:
        return False
    return any(can(colleague, wait) for colleague in colleagues)


def _turn(wait: Wait, skills: frozenset[str]) -> int:
    if wait.is_pressing:
        return 0
    return 1 if wait.needs and wait.needs <= skills else 2
