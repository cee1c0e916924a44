# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the long run of telephone calls takes for a success."""

from unittest.mock import create_autospec

import pytest
from bench.callers import Callers
from bench.soak_calls import Look, Soak, faults


def ran(minutes: int = 30, *, megabytes: float = 0.0, threads: int = 0, files: int = 0, **done: int) -> Soak:
    """A run of 150 calls a minute that grew by so much at each look."""
    soak = Soak(create_autospec(Callers), 1, begun=150 * minutes, stored=30 * minutes, talked=30 * minutes)
    for name, value in done.items():
        setattr(soak, name, value)
    for at in range(1, minutes + 1):
        soak.looks.append(Look(150 * at, 90 + megabytes * at, 20 + threads * at, 60 + files * at))
    return soak


def test_a_run_that_did_what_it_claims_and_grew_by_nothing_holds() -> None:
    assert faults(ran()) == []


@pytest.mark.parametrize(
    ("soak", "fault"),
    [
        (ran(10), "too few calls to tell anything"),
        (ran(unheard=6), "calls were not answered"),
        (ran(stored=440), "too few messages were stored"),
        (ran(talked=440), "too few talked to a person"),
        (ran(megabytes=1.0), "memory grows"),
        (ran(threads=2), "threads grow"),
        (ran(files=2), "files grow"),
    ],
)
def test_a_run_that_shows_less_than_it_claims_fails_and_says_why(soak: Soak, fault: str) -> None:
    assert faults(soak) == [fault]
