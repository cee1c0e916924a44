# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one process cannot know of another, and what an hour changes."""

import gc
from types import SimpleNamespace
from typing import Any

import pytest

from safeconduct.edge.channels.sms.heard import Entry, Heard, answered
from safeconduct.edge.channels.sms.payloads import Pdu
from safeconduct.edge.channels.sms.session import Arrival

DIGEST = b"the same words"


def session(bound_at: float) -> Any:
    return SimpleNamespace(bound_at=bound_at, name=object())


def hear(heard: Heard, where: Any, sequence: int, at: float) -> Entry:
    return heard.heard(DIGEST, Arrival(Pdu(5, 0, sequence), where, at))


def place(entry: Entry) -> tuple[int, int]:
    return entry.slot, entry.ordinal


def test_a_new_process_gives_a_repeat_the_same_place_within_ten_minutes() -> None:
    before, after, late = (Heard(lambda now=now: now) for now in (6000.0, 6599.0, 6600.0))  # type: ignore[misc]
    places = [place(hear(heard, session(0), 1, 0)) for heard in (before, after, late)]
    assert places[0] == places[1] != places[2]


def test_a_second_one_after_a_restart_gets_through_at_the_next_try() -> None:
    before, after = Heard(lambda: 6000.0), Heard(lambda: 6060.0)
    heard_before = place(hear(before, session(0), 1, 0))
    now = session(0)
    tries = [place(hear(after, now, sequence, sequence)) for sequence in (1, 2)]
    assert tries[0] == heard_before  # taken for a repeat: the price
    assert tries[1] != heard_before


def test_what_was_never_proved_is_a_repeat_for_an_hour_of_the_next_session() -> None:
    heard, first = Heard(lambda: 6000.0), session(0)
    entry = hear(heard, first, 1, 10)
    answered(entry, is_stored=True)
    entry.is_doubtful = False
    again = session(90_000)
    assert heard.repeated(DIGEST, Arrival(Pdu(5, 0, 1), again, 93_599)) is entry
    assert heard.repeated(DIGEST, Arrival(Pdu(5, 0, 1), again, 93_601)) is None


def test_the_memory_is_bounded() -> None:
    heard = Heard(lambda: 6000.0)
    for number in range(20_100):
        heard.heard(number.to_bytes(4, "big"), Arrival(Pdu(5, 0, number), session(0), 0))
    assert len(heard._entries) == 20_000


@pytest.mark.rule("T3")
def test_nothing_of_a_message_is_remembered() -> None:
    heard, where = Heard(lambda: 6000.0), session(0)
    arrival = Arrival(Pdu(5, 0, 1, b"+15550100 wants to live"), where, 0)
    kept = heard.heard(DIGEST, arrival)
    seen = gc.get_referents(kept, *gc.get_referents(kept))
    assert arrival.pdu not in seen
    assert where not in seen
