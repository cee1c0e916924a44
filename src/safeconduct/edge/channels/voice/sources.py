# SPDX-License-Identifier: AGPL-3.0-or-later
"""From where an INVITE truly came: not what it says of itself, but whom the kernel had it from (T7).

The library tells that in one place only, the trace of all SIP messages. It is read here in memory, message by message, on the
library's own thread, and goes no further. Of each call only the source is kept, under a keyed hash of the call's name, until
the call is offered, and for a few seconds at most.
"""

import asyncio
import hashlib
import logging
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from safeconduct.edge.channels.voice.floods import Floods

NOWHERE = "?"  # one place for all whose source is not known: no trunk, and nobody else's share

_TRACE = "baresip.native.sip"
_INVITE = re.compile(r"RX \w+ (?:\[([0-9A-Fa-f:.]+)(?:%\w+)?\]|([0-9.]+)):\d+ -> \S+\s+INVITE ")
_HEADERS_END = re.compile(r"\n\r?\n")
# As the library reads it: folded lines belong to it.
_CALL_ID = re.compile(r"^(?:Call-ID|i)[ \t]*:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE | re.ASCII)
_CALL_ID_MOST = 256  # characters: the library hands out 1024 bytes
_KEPT = 4096  # calls
_KEPT_SECONDS = 5.0
_TRIES, _TRY_SECONDS = 5, 0.01  # the trace is read on a thread of its own, which may lag
_SENT_MOST = 7  # so often a caller sends one INVITE (RFC 3261, 17.1.1.2)

T = TypeVar("T")


class Sources:
    """`shut` is called on the loop, with a source from which more INVITEs come than a crowd brings."""

    def __init__(
        self, floods: Floods, shut: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._floods = floods
        self._shut = shut
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._lock = threading.Lock()  # what is kept is written on the library's thread, and read on the loop
        self._of: OrderedDict[bytes, tuple[float, str]] = OrderedDict()  # by the name of the call
        self._sent: OrderedDict[bytes, tuple[float, int]] = OrderedDict()  # by the message; how often
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sweeping: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Before the library starts, on its loop."""
        self._loop = asyncio.get_running_loop()
        logger = logging.getLogger(_TRACE)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.filters.insert(0, self._read)  # before the one that lets nothing through
        self._sweep()

    def end(self) -> None:
        logging.getLogger(_TRACE).removeFilter(self._read)
        if self._sweeping is not None:
            self._sweeping.cancel()
        with self._lock:
            self._of.clear()
            self._sent.clear()

    async def of(self, call_id: str | None) -> str:
        """The source of a call that is offered now, once. `NOWHERE` when the trace does not tell it in a moment."""
        if call_id is None:
            return NOWHERE
        name = self._name(call_id)
        for _ in range(_TRIES):
            if (found := self._take(name)) is not None:
                return found
            await asyncio.sleep(_TRY_SECONDS)
        return self._take(name) or NOWHERE

    def _take(self, name: bytes) -> str | None:
        with self._lock:
            self._drop_old()
            _, found = self._of.pop(name, (0.0, None))
        return found

    def _read(self, record: logging.LogRecord) -> bool:
        text = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if isinstance(text, str) and (found := _INVITE.match(text)) is not None:
            self._count(found[1] or found[2], text, _HEADERS_END.split(text[found.end() :], 1)[0])
        return False

    def _count(self, source: str, text: str, headers: str) -> None:
        with self._lock:
            self._drop_old()
            is_again = self._is_sent_again(text)
            if not is_again and (names := _CALL_ID.findall(headers)):
                _put(self._of, self._name(names[-1]), (self._clock(), source))
        if not is_again and self._floods.is_flood(source) and self._loop is not None:
            self._loop.call_soon_threadsafe(self._shut, source)

    def _is_sent_again(self, text: str) -> bool:
        """Whether it is the same call, and not one more: the very same message, as often as a caller sends it who gets no answer."""
        message = self._hash(text)
        began, times = self._sent.get(message, (self._clock(), 0))
        if not times:
            _put(self._sent, message, (began, 1))
        else:
            self._sent[message] = (began, times + 1)
        return 0 < times < _SENT_MOST

    def _name(self, call_id: str) -> bytes:
        return self._hash(" ".join(call_id.strip()[:_CALL_ID_MOST].split()))

    def _hash(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def _sweep(self) -> None:
        with self._lock:
            self._drop_old()
        if self._loop is not None:
            self._sweeping = self._loop.call_later(_KEPT_SECONDS, self._sweep)

    def _drop_old(self) -> None:
        """What was traced and never offered, or offered before it was traced."""
        before = self._clock() - _KEPT_SECONDS
        _drop(self._of, before)
        _drop(self._sent, before)


def _drop(kept: OrderedDict[bytes, tuple[float, T]], before: float) -> None:
    while kept and next(iter(kept.values()))[0] <= before:
        kept.popitem(last=False)


def _put(kept: OrderedDict[bytes, tuple[float, T]], key: bytes, value: tuple[float, T]) -> None:
    """The newest stands last."""
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > _KEPT:
        kept.popitem(last=False)
