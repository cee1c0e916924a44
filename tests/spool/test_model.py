# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any order of acts gives what a few dictionaries would give (Hypothesis), in two processes' hands at once."""

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.spool.inventions import DAY, NOON, NOTICE, ROOMY, Clock, following, key, lookup_of, opening, texts

from safeconduct.spool.contract import Commit, Kept, Outcome, end_of
from safeconduct.spool.errors import ConversationUnknown
from safeconduct.spool.sqlite import SqliteSpool

Result = TypeVar("Result")
CHATS = st.sampled_from([b"chat a", b"chat b"])


@dataclass
class Conversation:
    """What a conversation should hold."""

    first: Commit
    ends: float
    replies: list[bytes] = field(default_factory=list)
    erased: bool = False
    days: int = 0

    def renew(self, now: float) -> None:
        """Either side has written."""
        self.ends = max(self.ends, (int(now) // DAY + self.days + 1) * DAY)


@dataclass
class Value:
    """A kept value, and whose it is."""

    value: bytes
    ends: float
    owner: Conversation | None


class Model(RuleBasedStateMachine):
    """Two spools on one file, and the dictionaries."""

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        path = Path(self.folder.name) / "spool" / "spool.db"
        self.spools = [self.run(SqliteSpool.open(path, quota=ROOMY, clock=self.clock)) for _ in range(2)]
        self.turn = 0
        self.conversations: list[Conversation] = []
        self.waiting: list[tuple[bytes, Conversation | None]] = []
        self.kept: dict[bytes, Value] = {}

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    @property
    def spool(self) -> SqliteSpool:
        """The door and the desk take turns."""
        self.turn += 1
        return self.spools[self.turn % 2]

    def pick(self, data: st.DataObject) -> Conversation:
        return data.draw(st.sampled_from(self.conversations))

    def is_open(self, one: Conversation) -> bool:
        return not one.erased and self.clock.now < one.ends

    @rule(days=st.integers(1, 6), chat=CHATS, mark=st.none() | st.binary(max_size=20))
    def opens(self, days: int, chat: bytes, mark: bytes | None) -> None:
        expires = int(self.clock.now) + days * DAY
        kept = Kept("position", chat, b"%d" % self.turn, int(self.clock.now) + DAY)
        act = opening(b"%d" % self.turn, days=(expires - NOON) / DAY, duress=mark, keeps=(kept,), replies=(b"hello",))
        assert act.opens
        ends = -(-act.opens.expires // DAY) * DAY
        one = Conversation(act, ends, [b"hello"], days=ends // DAY - 1 - int(self.clock.now) // DAY)
        assert self.run(self.spool.commit(act)) is Outcome.STORED
        self.conversations.append(one)
        self.waiting.append((act.envelopes[0], one))
        self.kept[chat] = Value(kept.value, end_of(kept.expires, self.clock.now), one)

    @precondition(lambda self: self.conversations)
    @rule(data=st.data(), chat=CHATS, repeated=st.booleans())
    def follows(self, data: st.DataObject, chat: bytes, *, repeated: bool) -> None:
        one = self.pick(data)
        kept = Kept("position", chat, b"%d" % self.turn, int(self.clock.now) + DAY)
        act = following(one.first, b"%d a" % self.turn, b"%d b" % self.turn, keeps=(kept,), replies=(b"more",))
        if not self.is_open(one):
            self.refused(self.spool.commit(act))
            return
        assert self.run(self.spool.commit(act)) is Outcome.STORED
        if repeated:
            assert self.run(self.spool.commit(act)) is Outcome.REPEATED
        self.waiting += [(envelope, one) for envelope in act.envelopes]
        one.replies.append(b"more")
        one.renew(self.clock.now)
        self.kept[chat] = Value(kept.value, end_of(kept.expires, self.clock.now), one)

    @precondition(lambda self: self.conversations)
    @rule(data=st.data(), count=st.integers(0, 3))
    def delivers(self, data: st.DataObject, count: int) -> None:
        one, answers = self.pick(data), texts(*(b"answer %d" % n for n in range(count)))
        delivering = self.spool.deliver(one.first.conversation, answers, key=key())
        if not self.is_open(one):
            self.refused(delivering)
            return
        assert self.run(delivering) is Outcome.STORED
        one.replies += answers
        one.renew(self.clock.now)

    @precondition(lambda self: self.conversations)
    @rule(data=st.data())
    def erases(self, data: st.DataObject) -> None:
        one = self.pick(data)
        outcome = self.run(self.spool.erase(one.first.conversation, key=key(), notice=NOTICE))
        if outcome is Outcome.REPEATED:
            assert not self.is_open(one)
            return
        one.erased = True
        self.waiting = [each for each in self.waiting if each[1] is not one] + [(NOTICE, None)]
        self.kept = {chat: value for chat, value in self.kept.items() if value.owner is not one}

    @rule(chat=CHATS, hours=st.integers(1, 50))
    def keeps(self, chat: bytes, hours: int) -> None:
        kept = Kept("position", chat, b"%d" % self.turn, int(self.clock.now) + hours * 3_600)
        self.run(self.spool.keep(kept))
        self.kept[chat] = Value(kept.value, end_of(kept.expires, self.clock.now), None)

    @rule(chat=CHATS)
    def forgets(self, chat: bytes) -> None:
        self.run(self.spool.forget("position", chat))
        self.kept.pop(chat, None)

    @rule(data=st.data())
    def settles(self, data: st.DataObject) -> None:
        rows = self.run(self.spool.waiting(1_000))
        chosen = [data.draw(st.booleans()) for _ in rows]
        self.run(self.spool.settle([row.seq for row, gone in zip(rows, chosen, strict=True) if gone]))
        self.waiting = [each for each, gone in zip(self.waiting, chosen, strict=True) if not gone]

    @rule(hours=st.integers(1, 60), sweeping=st.booleans())
    def time_passes(self, hours: int, *, sweeping: bool) -> None:
        self.clock.move(hours * 3_600)
        if sweeping:
            self.run(self.spool.sweep(self.clock.now))
            self.kept = {chat: value for chat, value in self.kept.items() if not self.is_swept(value.owner)}

    def is_swept(self, owner: Conversation | None) -> bool:
        """An expired conversation goes, with what was kept for it, once nothing of it waits for the desk."""
        return owner is not None and not self.is_open(owner) and all(owner is not one for _, one in self.waiting)

    @invariant()
    def both_show_what_the_dictionaries_hold(self) -> None:
        if not hasattr(self, "spools"):
            return
        rows = self.run(self.spool.waiting(1_000))
        assert [row.envelope for row in rows] == [envelope for envelope, _ in self.waiting]
        for one in self.conversations:
            found = self.run(self.spool.find(lookup_of(one.first)))
            assert (found is not None) == self.is_open(one)
            if found is not None and one.first.opens is not None:
                assert (found.half, found.duress) == (one.first.opens.half, one.first.opens.duress)
            replies = self.run(self.spool.replies(one.first.conversation))
            assert replies == (one.replies if self.is_open(one) else [])
        for chat in (b"chat a", b"chat b"):
            value = self.kept.get(chat)
            expected = value.value if value and self.clock.now < value.ends else None
            assert self.run(self.spool.kept("position", chat)) == expected

    def refused(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            self.run(work)
        except ConversationUnknown:
            return
        raise AssertionError("it should have been refused")

    def teardown(self) -> None:
        for spool in getattr(self, "spools", []):
            self.run(spool.close())
        self.runner.close()
        self.folder.cleanup()


TestAnyOrderOfActs = Model.TestCase
TestAnyOrderOfActs.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
