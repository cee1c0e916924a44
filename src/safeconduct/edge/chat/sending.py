# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is due goes out: each message once, in order, and no second time when nobody knows whether it arrived."""

import asyncio
import contextlib
import dataclasses
import logging
import math
from collections.abc import Sequence

from safeconduct.edge.channels.errors import NotStored, SendError, SendLater, SendRefused, SendUncertain
from safeconduct.edge.chat.answering import wiped_after, wiping
from safeconduct.edge.chat.contacting import may_leave
from safeconduct.edge.chat.errands import SEND, ToSend, ToWipe, open_errand
from safeconduct.edge.chat.errors import where
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.replying import Replying
from safeconduct.edge.chat.state import ChatState
from safeconduct.spool.contract import Commit, Due, Errand, Lane
from safeconduct.spool.errors import ConversationUnknown, FencedOff, SpoolError, SpoolFull
from safeconduct.vocabulary.records import DeliveryOutcome

AT_ONCE = 16  # people who are sent something at the same time
ATTEMPTS_MOST = 40  # with pauses of up to five minutes: three hours of a provider that does not answer
SEND_SECONDS = 120  # a channel has limits of its own; this one keeps a fault of it from holding a place for good
_PAUSE_MOST = 300
_IDLE_SECONDS = 1.0  # the desk lays a reply out in another process: so long it may lie unseen
_log = logging.getLogger(__name__)


class Sending:
    """The outgoing half of a worker."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._replying = Replying(line)
        self._wakes = asyncio.Event()
        self._under_way: set[int] = set()

    def wake(self) -> None:
        """Something may be due."""
        self._wakes.set()

    async def recover(self) -> None:
        """After a crash: what had begun may have been sent. It is not repeated; of a reply the desk hears that."""
        for due in await self._line.spool.begun(self._line.facts.code):
            errand = open_errand(self._line.secrets, due.conversation, due.body)
            if isinstance(errand, ToWipe):  # deleting twice does no harm
                await self._put_off(due, 0)
            else:
                with contextlib.suppress(ConversationUnknown):
                    await self._end(due, errand, "uncertain")

    async def run(self) -> None:
        """Until cancelled. Raises `FencedOff` when another worker owns the channel. Who is slow holds up nobody else."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._wakes.clear()
                for due in await self._ready():
                    self._under_way.add(due.number)
                    tasks.create_task(self._guarded(due))
                await self._pause()

    async def _ready(self) -> list[Due]:
        """What may begin now, as far as there is room."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return []
        try:
            found = await self._line.spool.errands(self._line.facts.code, self._line.clock(), AT_ONCE)
        except SpoolError as error:
            _log.warning("errands wait: %s", type(error).__name__)
            return []
        return [due for due in found if due.number not in self._under_way][:room]

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(
                await self._idle_seconds()
            ):  # wait_for of Python 3.11 may swallow a cancellation
                await self._wakes.wait()

    async def _idle_seconds(self) -> float:
        if self._under_way:  # the end of each of them wakes
            return _IDLE_SECONDS
        try:
            due_next = await self._line.spool.next_due(self._line.facts.code)
        except SpoolError:
            return _IDLE_SECONDS
        left = _IDLE_SECONDS if due_next is None else due_next - self._line.clock()
        return max(0.01, min(_IDLE_SECONDS, left))

    async def _guarded(self, due: Due) -> None:
        try:
            await self.do(due)
        except FencedOff:
            raise
        except ConversationUnknown:
            pass  # erased meanwhile, and its errands with it
        except (SpoolError, NotStored) as error:
            _log.warning("an errand waits: %s", type(error).__name__)
            await asyncio.sleep(_IDLE_SECONDS)
        except Exception as error:  # noqa: BLE001 - the outermost loop of an errand: the others go on
            _log.error("an errand failed: %s", where(error))
            await self._after_fault(due)
        finally:
            self._under_way.discard(due.number)
            self.wake()

    async def _after_fault(self, due: Due) -> None:
        """Our own fault. What had begun may have been sent; anything else is tried again later."""
        with contextlib.suppress(ConversationUnknown):
            if any(begun.number == due.number for begun in await self._line.spool.begun(self._line.facts.code)):
                errand = open_errand(self._line.secrets, due.conversation, due.body)
                await self._end(due, errand if isinstance(errand, ToSend) else None, "uncertain")
            else:
                await self._put_off(due, _PAUSE_MOST)

    async def do(self, due: Due) -> None:
        """One errand, as far as it can be done now."""
        state = await self._line.state_of(due.conversation)
        errand = open_errand(self._line.secrets, due.conversation, due.body)
        if isinstance(errand, ToWipe):
            await self._wipe(due, errand)
        elif isinstance(errand, ToSend):
            await self._send(due, errand, state)
        else:
            await self._replying.do(due, state)

    async def _send(self, due: Due, part: ToSend, state: ChatState | None) -> None:
        if state is None or not self._is_timely(part, state):
            await self._end(due, part, "refused")
            return
        if not await self._line.spool.begin(due.number, fence=self._line.fence):
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                ids = await self._line.channel.send(state.route, part.outgoing())
        except SendLater as later:
            await self._later(due, part, later.retry_after)
        except SendRefused:
            await self._end(due, part, "refused")
        except (SendUncertain, TimeoutError):
            await self._end(due, part, "uncertain")
        else:
            await self._sent(due, part, state, ids)

    def _is_timely(self, part: ToSend, state: ChatState) -> bool:
        now = self._line.clock()
        is_stale = part.stale_at is not None and now > part.stale_at
        return not is_stale and may_leave(part.about, state, self._line.facts.code, now)

    async def _sent(self, due: Due, part: ToSend, state: ChatState, ids: Sequence[str]) -> None:
        try:
            await self._end(due, part, "delivered", self._wipes(due, state, ids))
        except ConversationUnknown:  # erased while it was on its way: nothing remembers it, so it is deleted now
            if ids and self._line.facts.deletes_own is not None:
                with contextlib.suppress(SendError):
                    await self._line.channel.delete(state.route, ids)

    def _wipes(self, due: Due, state: ChatState, ids: Sequence[str]) -> tuple[Errand, ...]:
        """What can be deleted will be."""
        if not ids or self._line.facts.deletes_own is None:
            return ()
        at = int(self._line.clock()) + wiped_after(self._line.facts)
        return (wiping(self._line, due.conversation, state.address, tuple(ids), due=at),)

    async def _later(self, due: Due, part: ToSend, retry_after: float | None) -> None:
        if due.attempts >= ATTEMPTS_MOST:
            await self._end(due, part, "refused")
            return
        await self._put_off(due, _pause(due, retry_after))

    async def _wipe(self, due: Due, wipe: ToWipe) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._line.channel.delete(wipe.route, wipe.ids)
        except (SendLater, TimeoutError) as later:
            if due.attempts < ATTEMPTS_MOST:
                named = getattr(later, "retry_after", None)
                await self._put_off(due, _PAUSE_MOST if named is None else _pause(due, named))
                return
        except (SendRefused, SendUncertain):
            pass  # too old, or gone: there is nothing more that we can do
        await self._end(due, None, "delivered")

    async def _end(
        self, due: Due, part: ToSend | None, outcome: DeliveryOutcome, errands: tuple[Errand, ...] = ()
    ) -> None:
        """It is over, and with it the rest of a text that can no longer arrive whole; the desk hears what became of a reply.

        It happened, so this is tried until it is stored: nothing else of the conversation may go out before.
        """
        while True:
            try:
                await self._store_end(due, part, outcome, errands)
            except (FencedOff, ConversationUnknown):
                raise
            except SpoolFull as error:  # to end it needs no room; to say so would
                _log.warning("an errand ends without a word: %s", error)
                await self._line.spool.commit(self._ending(due, (due.number,)))
                return
            except (SpoolError, NotStored) as error:
                _log.warning("an errand ends later: %s", type(error).__name__)
                await asyncio.sleep(_IDLE_SECONDS)
            else:
                return

    async def _store_end(
        self, due: Due, part: ToSend | None, outcome: DeliveryOutcome, errands: tuple[Errand, ...]
    ) -> None:
        reports = await self._replying.reports_of(due, part, outcome)
        rest = () if part is None or outcome == "delivered" else await self._rest_of(due, part)
        commit = self._ending(due, (due.number, *rest))
        await self._line.spool.commit(dataclasses.replace(commit, envelopes=reports, errands=errands))

    async def _rest_of(self, due: Due, part: ToSend) -> tuple[int, ...]:
        """The parts that would have followed."""
        found = []
        for later in await self._line.spool.errands_of(due.conversation, SEND):
            errand = open_errand(self._line.secrets, due.conversation, later.body)
            if isinstance(errand, ToSend) and errand.belongs_to(part) and errand.index > part.index:
                found.append(later.number)
        return tuple(found)

    def _ending(self, due: Due, numbers: tuple[int, ...]) -> Commit:
        key = self._line.secrets.act(b"end", due.conversation, due.number.to_bytes(8))
        return Commit(key, Lane.REPLY, due.conversation, (), finishes=numbers, fence=self._line.fence)

    async def _put_off(self, due: Due, seconds: float) -> None:
        until = math.ceil(self._line.clock() + seconds)
        await self._line.spool.put_off(due.number, until, fence=self._line.fence)


def _pause(due: Due, named: float | None) -> float:
    """The provider's own time, and more when it names a short one again and again: the attempts must last for hours."""
    if named is None:
        return min(_PAUSE_MOST, 2.0 ** min(due.attempts, 10))
    return max(named, min(_PAUSE_MOST, 2.0 ** (min(due.attempts, 14) - 4)))
