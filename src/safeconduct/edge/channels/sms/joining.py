# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of long messages, until they are all there. None of them is acknowledged meanwhile: what is lost comes again.

An SMSC that sends nothing more before its last message is acknowledged would wait for us as we wait for it. So a part waits
a few seconds at most; then what is there goes on as a message of its own, and later parts of it at once.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from safeconduct.edge.channels.sms.payloads import Delivery, Part
from safeconduct.edge.channels.sms.session import Arrival

_GIVEN_UP_MAX = 1000
_HELD_MAX = 8 << 20  # octets of parts; then the oldest message goes on as it is
_Key = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True, repr=False)
class Received:
    """A delivery and what is to be answered to."""

    arrival: Arrival
    delivery: Delivery


@dataclass(slots=True, repr=False)
class _Open:
    until: float
    parts: dict[int, Received] = field(default_factory=dict)
    repeats: list[Received] = field(default_factory=list)


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """Parts in their order, or one message alone. `repeats` are to be answered with them."""

    parts: tuple[Received, ...]
    repeats: tuple[Received, ...] = ()


class Joining:
    """For one session: what it holds is not acknowledged, so it may be forgotten with it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._open: OrderedDict[_Key, _Open] = OrderedDict()
        self._octets = 0  # of all that is held
        self._given_up: OrderedDict[_Key, None] = OrderedDict()

    def add(self, received: Received) -> list[Group]:
        """What is whole now."""
        part = received.delivery.part
        if part is None:
            return [Group((received,))]
        key = _key(received.delivery, part)
        if key in self._given_up or not self._seconds:
            return [Group((received,))]
        found = []
        held = self._open.get(key)
        if held and (there := held.parts.get(part.index)):
            if there.delivery == received.delivery:
                held.repeats.append(received)
                self._octets += _size(received)
                return self._too_many()
            found.append(self._closed(key))  # the sender's numbers have come round: another message
            held = None
        if held is None:
            held = self._open[key] = _Open(time.monotonic() + self._seconds)
        held.parts[part.index] = received
        self._octets += _size(received)
        return [*found, self._closed(key)] if len(held.parts) == part.total else [*found, *self._too_many()]

    def overdue(self) -> list[Group]:
        """What has waited long enough."""
        now = time.monotonic()
        late = [key for key, held in self._open.items() if held.until <= now]
        return [self._given_up_on(key) for key in late]

    def patience(self) -> float | None:
        """Seconds until something is overdue."""
        held = next(iter(self._open.values()), None)
        return None if held is None else max(0.0, held.until - time.monotonic())

    def held(self) -> list[Received]:
        return [one for held in self._open.values() for one in (*held.parts.values(), *held.repeats)]

    def _too_many(self) -> list[Group]:
        """An SMSC may send faster than parts become overdue."""
        found = []
        while self._octets > _HELD_MAX:
            found.append(self._given_up_on(next(iter(self._open))))
        return found

    def _given_up_on(self, key: _Key) -> Group:
        self._given_up[key] = None
        if len(self._given_up) > _GIVEN_UP_MAX:
            self._given_up.popitem(last=False)
        return self._closed(key)

    def _closed(self, key: _Key) -> Group:
        held = self._open.pop(key)
        self._octets -= sum(map(_size, (*held.parts.values(), *held.repeats)))
        return Group(tuple(held.parts[index] for index in sorted(held.parts)), tuple(held.repeats))


def _size(received: Received) -> int:
    return len(received.arrival.pdu.body)


def _key(delivery: Delivery, part: Part) -> _Key:
    return delivery.source, delivery.destination, part.reference, part.total
