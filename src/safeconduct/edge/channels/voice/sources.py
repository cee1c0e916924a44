# SPDX-License-Identifier: AGPL-3.0-or-later
"""From where an INVITE truly came: not what it says of itself, but whom the kernel had it from (T7).

The library tells that in one place only, the trace of all SIP messages. It is read here in memory, message by message, on the
library's own thread, and goes no further. Of each call only the source is kept, until the call is offered.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Callable

from safeconduct.edge.channels.voice.floods import Floods

_TRACE = "baresip.native.sip"
_INVITE = re.compile(r"RX \w+ (?:\[([0-9A-Fa-f:.]+)(?:%\w+)?\]|([0-9.]+)):\d+ -> \S+\s+INVITE ")
_CALL_ID = re.compile(r"^(?:Call-ID|i)[ \t]*:[ \t]*(\S{1,256})", re.IGNORECASE | re.MULTILINE)
_KEPT = 4096  # calls; what was traced and never offered goes with the next ones


class Sources:
    """`shut` is called on the loop, with a source from which more INVITEs come than a crowd brings."""

    def __init__(self, floods: Floods, shut: Callable[[str], None]) -> None:
        self._floods = floods
        self._shut = shut
        self._of: OrderedDict[str, str] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> None:
        """Before the library starts, on its loop."""
        self._loop = asyncio.get_running_loop()
        logger = logging.getLogger(_TRACE)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.filters.insert(0, self._read)  # before the one that lets nothing through

    def end(self) -> None:
        logging.getLogger(_TRACE).removeFilter(self._read)
        self._of.clear()

    def of(self, call_id: str | None) -> str | None:
        """The source of a call that is offered now, once. None when the trace was not read in time."""
        return None if call_id is None else self._of.pop(call_id, None)

    def _read(self, record: logging.LogRecord) -> bool:
        text = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if isinstance(text, str) and (found := _INVITE.match(text)) is not None:
            self._count(found[1] or found[2], text)
        return False

    def _count(self, source: str, text: str) -> None:
        if (name := _CALL_ID.search(text)) is not None:
            self._of[name[1]] = source
            while len(self._of) > _KEPT:
                self._of.popitem(last=False)
        if self._floods.is_flood(source) and self._loop is not None:
            self._loop.call_soon_threadsafe(self._shut, source)
