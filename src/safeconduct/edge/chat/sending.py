# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is due goes out: each message once, in order, and no second time when nobody knows whether it arrived."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain
from safeconduct.edge.chat.answering import WIPE_SECONDS, wiping
from safeconduct.edge.chat.errands import ToSend, ToWipe, open_errand
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.replying import Replying
from safeconduct.edge.chat.state import ChatState
from safeconduct.spool.contract import Commit, Due, Lane
from safeconduct.spool.errors import ConversationUnknown, FencedOff, SpoolError
from safeconduct.vocabulary.records import DeliveryOutcome

AT_ONCE = 16  # people who are sent something at the same time
ATTEMPTS_MOST = 40  # with pauses of up to five minutes: three hours of a provider that does not answer
_PAUSE_MOST = 300
_IDLE_SECONDS = 1.0  # the desk lays a reply out in another process: so long it may lie unseen
_log = logging.getLogger(__name__)


class Sending:
    """The outgoing half of a worker."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._replying = Replying(line)
        self._wakes = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)

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
                await self._end(due, errand, "uncertain")

    async def run(self) -> None:
        """Until cancelled. Raises `FencedOff` when another worker owns the channel."""
        spool, code = self._line.spool, self._line.facts.code
        while True:
            self._wakes.clear()
            found = await spool.errands(code, self._line.clock(), 4 * AT_ONCE)
            if found:
                await asyncio.gather(*(self._guarded(due) for due in found))
            else:
                due_next = await spool.next_due(code)
                left = _IDLE_SECONDS if due_next is None else due_next - self._line.clock()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wakes.wait(), max(0.01, min(_IDLE_SECONDS, left)))

    async def _guarded(self, due: Due) -> None:
        async with self._room:
            try:
                await self.do(due)
            except FencedOff:
                raise
            except ConversationUnknown:
                pass  # erased meanwhile, and its errands with it
            except SpoolError as error:
                _log.warning("an errand waits: %s", type(error).__name__)
                await asyncio.sleep(_IDLE_SECONDS)

    async def do(self, due: Due) -> None:
        """One errand, as far as it can be done now."""
        state = await self._line.state_of(due.conversation)
        errand = open_errand(self._line.secrets, due.conversation, due.body)
        if isinstance(errand, ToWipe):
            await self._wipe(due, errand, state)
        elif isinstance(errand, ToSend):
            await self._send(due, errand, state)
        else:
            await self._replying.do(due, state)

    async def _send(self, due: Due, part: ToSend, state: ChatState | None) -> None:
        if state is None or (part.stale_at is not None and self._line.clock() > part.stale_at):
            await self._end(due, part, "refused")
            return
        if not await self._line.spool.begin(due.number, fence=self._line.fence):
            return
        try:
            ids = await self._line.channel.send(state.route, part.outgoing())
        except SendLater as later:
            await self._later(due, part, later.retry_after)
        except SendRefused:
            await self._end(due, part, "refused")
        except SendUncertain:
            await self._end(due, part, "uncertain")
        else:
            await self._end(due, part, "delivered", ids)

    async def _later(self, due: Due, part: ToSend, retry_after: float | None) -> None:
        if due.attempts >= ATTEMPTS_MOST:
            await self._end(due, part, "refused")
            return
        await self._put_off(due, min(_PAUSE_MOST, 2.0 ** min(due.attempts, 10)) if retry_after is None else retry_after)

    async def _wipe(self, due: Due, wipe: ToWipe, state: ChatState | None) -> None:
        if state is not None:
            try:
                await self._line.channel.delete(state.route, wipe.ids)
            except SendLater as later:
                if due.attempts < ATTEMPTS_MOST:
                    await self._put_off(due, later.retry_after or _PAUSE_MOST)
                    return
            except (SendRefused, SendUncertain):
                pass  # too old, or gone: there is nothing more that we can do
        await self._end(due, None, "delivered")

    async def _end(self, due: Due, part: ToSend | None, outcome: DeliveryOutcome, ids: Sequence[str] = ()) -> None:
        """It is over: the desk hears what became of a reply, and what can be deleted will be."""
        reports = await self._replying.reports_of(due, part, outcome)
        can_wipe = bool(ids) and self._line.facts.deletes_own is not None
        at = int(self._line.clock()) + WIPE_SECONDS
        await self._line.spool.commit(
            Commit(
                key=self._line.secrets.act(b"end", due.conversation, due.number.to_bytes(8)),
                lane=Lane.REPLY,
                conversation=due.conversation,
                envelopes=reports,
                errands=(wiping(self._line, due.conversation, tuple(ids), due=at),) if can_wipe else (),
                finishes=(due.number,),
                fence=self._line.fence,
            )
        )

    async def _put_off(self, due: Due, seconds: float) -> None:
        await self._line.spool.put_off(due.number, int(self._line.clock() + seconds), fence=self._line.fence)
