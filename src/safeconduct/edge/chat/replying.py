# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator's reply on its way into a chat: only when its person may be written to (R4), and never twice.

The text itself goes to a person who is there. Who is not gets, in the hours that they named, one neutral line that
something waits; the text follows when they write a word.
"""

import logging

from safeconduct.dialogue.scripts import sentences
from safeconduct.dialogue.texts import texts
from safeconduct.edge.chat.answering import cut, sending
from safeconduct.edge.chat.contacting import permission
from safeconduct.edge.chat.errands import REPLY_PRIORITY, ToSend
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.state import ChatState
from safeconduct.edge.replies import read_reply
from safeconduct.spool.contract import Commit, Due, Errand, Kept, Lane
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import DeliveryOutcome, DeliveryReport
from safeconduct.vocabulary.secrets import Sealed

LOOK_AGAIN_SECONDS = 3600  # for a reply that waits until its person writes a word: that hastens it
KNOCK_SECONDS = 20 * 3600  # not twice in one day's hours
_KNOCK_STALE_SECONDS = 600
_KNOCKED = "knocked"
_log = logging.getLogger(__name__)


class Replying:
    """What the worker does with a reply of the desk."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def do(self, due: Due, state: ChatState | None) -> None:
        """Send it on its way, knock, or wait."""
        line = self._line
        read = read_reply(due.body, due.conversation, line.secrets.delivery, line.secrets.door.believed)
        if read is None:  # not the desk's, or not for this channel: it is believed by nobody (T13)
            _log.warning("a reply was not the desk's and is dropped")
            await self._commit(due, b"drop", finishes=(due.number,))
            return
        envelope, reply = read
        name = envelope.header.envelope
        if state is None:  # the chat leads elsewhere by now: the reply waits in the mailbox, for its code
            await self._commit(due, b"drop", finishes=(due.number,))
            return
        may = permission(state, line.facts.code, line.clock())
        if may.text:
            await self._send(due, state, name, reply.text)
        elif may.knock and await line.spool.kept(_KNOCKED, due.conversation) is None:
            await self._knock(due, state, name)
        else:
            await self._wait(due, may.again)

    async def reports_of(self, due: Due, part: ToSend | None, outcome: DeliveryOutcome) -> tuple[Sealed, ...]:
        """What the desk hears of a message that ended so: only of replies, and of each once; of a knock, that it was heard."""
        if part is None or part.reply is None or not (part.is_last or outcome != "delivered"):
            return ()
        if part.about == "knock":  # the reply itself goes on waiting, whatever became of this
            return (await self._report(due, part.reply, "waiting"),) if outcome == "delivered" else ()
        return (await self._report(due, part.reply, outcome),)

    async def _send(self, due: Due, state: ChatState, reply: bytes, text: str) -> None:
        now = int(self._line.clock())
        errands = tuple(
            sending(self._line, due.conversation, part, due=now, priority=REPLY_PRIORITY)
            for part in cut(self._line, text, tag=state.language, about="reply", reply=reply)
        )
        await self._commit(due, b"send", errands=errands, finishes=(due.number,))

    async def _knock(self, due: Due, state: ChatState, reply: bytes) -> None:
        now = int(self._line.clock())
        tag = await self._line.voice(state.language)
        if tag is None:  # in no language may anything be said (R12): the reply waits for its person
            await self._wait(due, 0)
            return
        parts = cut(
            self._line,
            texts(tag).say(sentences()["knock"]),
            tag=tag,
            about="knock",
            reply=reply,
            stale_at=now + _KNOCK_STALE_SECONDS,
        )
        await self._commit(
            due,
            b"knock%d" % now,
            errands=tuple(sending(self._line, due.conversation, part, due=now) for part in parts),
            keeps=(Kept(_KNOCKED, due.conversation, b"", now + KNOCK_SECONDS),),
        )
        await self._wait(due, 0)

    async def _wait(self, due: Due, again: int) -> None:
        at = again or int(self._line.clock()) + LOOK_AGAIN_SECONDS
        await self._line.spool.put_off(due.number, at, fence=self._line.fence)

    async def _report(self, due: Due, reply: bytes, outcome: DeliveryOutcome) -> Sealed:
        state = await self._line.state_of(due.conversation)
        kind = Kind.TROUBLE if outcome in {"refused", "uncertain"} else Kind.REPORT
        language, urgency = ("und", Urgency.SOON) if state is None else (state.language, state.urgency)
        label = Label(self._line.facts.code, language, kind, urgency)
        team = self._line.board.last_intake or await self._line.intake()  # no words in it: no need to wait for a date
        if state is not None:
            team, _ = await self._line.recipient(state, team)
        sealer = self._line.sealer(due.conversation, team)
        return sealer.seal(DeliveryReport(reply, outcome), label)

    async def _commit(
        self,
        due: Due,
        act: bytes,
        *,
        errands: tuple[Errand, ...] = (),
        finishes: tuple[int, ...] = (),
        keeps: tuple[Kept, ...] = (),
    ) -> None:
        key = self._line.secrets.act(act, due.conversation, due.number.to_bytes(8))
        await self._line.spool.commit(
            Commit(key, Lane.REPLY, due.conversation, (), None, keeps, (), errands, finishes, fence=self._line.fence)
        )
