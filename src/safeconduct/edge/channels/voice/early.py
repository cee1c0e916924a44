# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of a call of ours before the library has handed it over.

It makes the object of a call only once Python has heard that the INVITE left. A telephone that answers, or declines, without
being touched is faster than that; the library then tells nobody, and the call would be waited for until it is given up.
"""

import contextlib
from collections.abc import Iterator

from baresip import Call as Native
from baresip import CallState, StackEvent


class Early:
    def __init__(self) -> None:
        self._heard: dict[int, list[StackEvent]] = {}
        self._dialling = 0

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """While an INVITE is on its way."""
        self._dialling += 1
        try:
            yield
        finally:
            self._dialling -= 1
            if not self._dialling:
                self._heard.clear()

    def hear(self, event: StackEvent) -> None:
        if self._dialling and event.call:
            self._heard.setdefault(event.call, []).append(event)

    def tell(self, native: Native) -> None:
        """Let a new call know what it missed. Within `kept`."""
        for event in self._heard.pop(native.handle, ()):
            if native.state is not CallState.CLOSED:
                native._on_stack_event(event)  # noqa: SLF001 - nothing public tells it
