# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts that never become whole."""

from types import SimpleNamespace
from typing import Any

import pytest

from safeconduct.edge.channels.sms.joining import Group, Joining, Received
from safeconduct.edge.channels.sms.payloads import Delivery, Part, Pdu
from safeconduct.edge.channels.sms.session import Arrival

NOBODY: Any = SimpleNamespace(name=object())


def part(reference: int, index: int, *, size: int = 60_000) -> Received:
    found = Delivery("1", "2", True, 0, b"a", part=Part(reference, 255, index))
    return Received(Arrival(Pdu(5, 0, 1, bytes(size)), NOBODY, 0), found)


@pytest.mark.rule("T14")
@pytest.mark.parametrize("is_repeated", [False, True])
def test_what_waits_for_more_has_a_bound_and_the_oldest_goes_on_as_it_is(*, is_repeated: bool) -> None:
    joining = Joining(60)
    groups: list[Group] = []
    for number in range(1000):
        groups += joining.add(part(0, 1) if is_repeated else part(number, 1))
        assert sum(len(one.arrival.pdu.body) for one in joining.held()) <= 8 << 20
    if not is_repeated:
        assert [group.parts[0].delivery.part for group in groups] == [Part(n, 255, 1) for n in range(len(groups))]
    left = joining.held()
    assert len(left) + sum(len(group.parts) + len(group.repeats) for group in groups) == 1000  # each is answered once
