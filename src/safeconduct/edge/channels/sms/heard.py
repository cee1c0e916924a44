# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is this the SMSC's repeat, or has the person written the same again? SMPP does not say; this is what can be known.

A message comes again only if its acknowledgement did not arrive. Acknowledgements travel in order on one connection, so
the answer to an enquire_link that was sent after one proves that it arrived. Hence, while this process lives:

- equal, on the same connection, after it was acknowledged in time: the person wrote it again;
- equal, on the next connection, and its acknowledgement was never proved: the SMSC's repeat;
- equal, after it could not be stored or was acknowledged late: the SMSC's repeat.

A new process knows nothing of this. An id is therefore made of what the message is, of ten minutes of the clock, and of
which of equal ones it is: a repeat soon after a crash has the same id again. The price is said in README.md.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from safeconduct.edge.channels.sms.session import Arrival

LATE_SECONDS = 10.0  # an SMSC that has waited longer for an answer may send again
_REPEATS_SECONDS = 3600.0
_SLOT_SECONDS = 600
_MAX = 20_000
_EQUAL_MAX = 20


@dataclass(slots=True, repr=False)
class Entry:
    """Of the message itself nothing is remembered."""

    slot: int
    ordinal: int
    session: object  # a name, no session
    sequence: int
    at: float
    is_stored: bool = False
    is_doubtful: bool = False  # not stored, or acknowledged late
    is_proved: bool = False  # the SMSC has read the acknowledgement


class Heard:
    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._entries: OrderedDict[bytes, list[Entry]] = OrderedDict()

    def repeated(self, digest: bytes, arrival: Arrival) -> Entry | None:
        """What was heard before, when this is its repeat."""
        return next((entry for entry in self._entries.get(digest, ()) if _comes_again(entry, arrival)), None)

    def heard(self, digest: bytes, arrival: Arrival) -> Entry:
        """Its entry: that of the message which it repeats, or a new one."""
        entry = self.repeated(digest, arrival)
        if entry is None:
            entry = self._new(digest, arrival)
        entry.session, entry.sequence, entry.at = arrival.session.name, arrival.pdu.sequence, arrival.at
        entry.is_doubtful, entry.is_proved = False, False
        return entry

    def _new(self, digest: bytes, arrival: Arrival) -> Entry:
        before = self._entries.pop(digest, [])
        slot = int(self._clock() // _SLOT_SECONDS)
        ordinal = before[-1].ordinal + 1 if before and before[-1].slot == slot else 0
        entry = Entry(slot, ordinal, arrival.session.name, arrival.pdu.sequence, arrival.at)
        self._entries[digest] = [*[one for one in before if not one.is_proved][-_EQUAL_MAX:], entry]
        if len(self._entries) > _MAX:
            self._entries.popitem(last=False)
        return entry


def answered(entry: Entry, *, is_stored: bool) -> None:
    """The answer to it is written."""
    entry.is_stored = entry.is_stored or is_stored
    entry.is_doubtful = not is_stored or time.monotonic() - entry.at > LATE_SECONDS


def _comes_again(entry: Entry, arrival: Arrival) -> bool:
    since = entry.at
    if entry.session is arrival.session.name:
        is_repeat = entry.is_doubtful or entry.sequence == arrival.pdu.sequence
    else:
        is_repeat = entry.is_doubtful or not entry.is_proved
        since = max(since, arrival.session.bound_at)
    return is_repeat and arrival.at - since < _REPEATS_SECONDS
