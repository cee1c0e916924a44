# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many calls the library has lost.

An INVITE that it can read but not accept (no Contact, no tag in From) is answered with 500, and yet it stays a call to the
library, with two ports, until the process ends; to hang it up, or to close the library, ends the process with a fault
(baresip-python 0.5.2a3). So they are counted, and a process that has lost too many makes way for a new one. It must do so
early: with 255 calls, lost ones and others, the library answers 500 to everybody, and tells nobody that it does.
"""

from baresip import Event, StackEvent

WORN = 100  # when nobody is on the telephone, a new process begins
WORN_OUT = 220  # of them and of calls together, in any case: nobody else could call


class Wear:
    def __init__(self) -> None:
        self.lost = 0
        self._known: set[int] = set()
        self._offered = 0  # the call of the last event, when that was an offer and nothing else

    def hear(self, event: StackEvent) -> None:
        if not event.call:
            return
        if self._offered and event.call != self._offered:
            self.lost += 1
        self._offered = 0
        if event.event is Event.CALL_CLOSED:
            self._known.discard(event.call)
        elif event.event is Event.CALL_REMOTE_SDP and event.call not in self._known:
            self._offered = event.call  # what is accepted comes in with the very next event
        else:
            self._known.add(event.call)

    def is_worn(self, calls: int) -> bool:
        """Whether a new process should begin, with so many calls going on."""
        return self.lost >= WORN and (not calls or self.lost + calls >= WORN_OUT)

    def may_close(self) -> bool:
        return not self.lost and not self._offered
