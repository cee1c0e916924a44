# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question in a flood, and the sealed pass that goes with it: for one application, good after half a minute.

The door keeps nothing: moment and answer lie inside the pass. The question is a small sum, because digits are read in
every language and aloud. A program written for this line can answer it; what remains for it is the wait.
"""

import hashlib
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.sealing import tickets
from safeconduct.sealing.errors import TicketRefused

WAIT_SECONDS = 30
GOOD_SECONDS = 30 * 60
SUMS = range(2, 9)  # what two numbers from 1 to 4 make

_PURPOSE = b"admission"
_ADDENDS = range(1, 5)
_INSIDE = struct.Struct(">16sQB")  # of which application, from when on, the answer


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass says. `good_from` in Unix seconds."""

    good_from: int
    answer: int


@dataclass(frozen=True, slots=True)
class Question:
    """A sum, and the pass that knows its answer."""

    first: int
    second: int
    sealed: str


def ask(key: bytes, ticket: bytes, *, now: int, good_from: int | None = None) -> Question:
    """A new question for the application of this ticket. `good_from` is carried over when only the answer was wrong."""
    first, second = secrets.choice(_ADDENDS), secrets.choice(_ADDENDS)
    start = now + WAIT_SECONDS if good_from is None else good_from
    inside = _INSIDE.pack(_mark(ticket), start, first + second)
    return Question(first, second, tickets.issue(key, inside, purpose=_PURPOSE, expires=start + GOOD_SECONDS))


def read(key: bytes, ticket: bytes, form: Mapping[str, str], *, now: int) -> Pass | None:
    """The pass in a form; None without one, and for one that is old, forged or of another application."""
    try:
        inside = tickets.redeem(key, form.get("pass", ""), purpose=_PURPOSE, now=now)
    except TicketRefused:
        return None
    mark, good_from, answer = _INSIDE.unpack(inside)
    return Pass(good_from, answer) if mark == _mark(ticket) else None


def _mark(ticket: bytes) -> bytes:
    return hashlib.sha256(_PURPOSE + ticket).digest()[:16]
