# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any order of acts gives what a few dictionaries would give (Hypothesis), in two processes' hands at once."""

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.spool.inventions import DAY, NOON, NOTICE, ROOMY, Clock, following, key, lookup_of, opening, texts

from safeconduct.spool.contract import Commit, Errand, Kept, Outcome, end_of
from safeconduct.spool.errors import ConversationUnknown
from safeconduct.spool.sqlite import SqliteSpool

Result = TypeVar("Result")
CHATS = st.sampled_from([b"chat a", b"chat b"])
QUEUES = ("send", "wipe")


@dataclass
class Conversation:
    """What a conversation should hold."""

    first: Commit
    ends: float
    mark: bytes | None
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


@dataclass
class Task:
    """An errand, and whose it is."""

    errand: Errand
    owner: Conversation
    due: int
    number: int = 0  # not known before it was shown
    begun: bool = False
    attempts: int = 0


ERRANDS = st.lists(st.tuples(st.sampled_from(QUEUES), st.integers(0, 2), st.booleans(), st.integers(0, 40)), max_size=2)


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
        self.tasks: list[Task] = []

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

    def make(self, drawn: list[tuple[str, int, bool, int]]) -> tuple[Errand, ...]:
        now = int(self.clock.now)
        return tuple(
            Errand("chat", queue, b"%d %d" % (self.turn, n), now + hours * 3_600, priority, replaceable)
            for n, (queue, priority, replaceable, hours) in enumerate(drawn)
        )

    def add(self, errands: tuple[Errand, ...], one: Conversation) -> None:
        self.tasks += [Task(errand, one, errand.due) for errand in errands]

    def first_of_each_queue(self) -> list[Task]:
        first: dict[tuple[int, str], Task] = {}
        for task in self.tasks:
            if self.is_open(task.owner):
                first.setdefault((id(task.owner), task.errand.queue), task)
        return [task for task in first.values() if not task.begun]

    @rule(days=st.integers(1, 6), chat=CHATS, mark=st.none() | st.binary(max_size=20), drawn=ERRANDS)
    def opens(self, days: int, chat: bytes, mark: bytes | None, drawn: list[tuple[str, int, bool, int]]) -> None:
        expires = int(self.clock.now) + days * DAY
        kept = Kept("position", chat, b"%d" % self.turn, int(self.clock.now) + DAY)
        act = opening(b"%d" % self.turn, days=(expires - NOON) / DAY, duress=mark, keeps=(kept,), replies=(b"hello",))
        act = replace(act, errands=self.make(drawn))
        assert act.opens
        ends = -(-act.opens.expires // DAY) * DAY
        one = Conversation(act, ends, mark, [b"hello"], days=ends // DAY - 1 - int(self.clock.now) // DAY)
        assert self.run(self.spool.commit(act)) is Outcome.STORED
        self.conversations.append(one)
        self.waiting.append((act.envelopes[0], one))
        self.kept[chat] = Value(kept.value, end_of(kept.expires, self.clock.now), one)
        self.add(act.errands, one)

    @precondition(lambda self: self.conversations)
    @rule(data=st.data(), chat=CHATS, repeated=st.booleans(), supersedes=st.booleans(), drawn=ERRANDS)
    def follows(
        self,
        data: st.DataObject,
        chat: bytes,
        drawn: list[tuple[str, int, bool, int]],
        *,
        repeated: bool,
        supersedes: bool,
    ) -> None:
        one = self.pick(data)
        kept = Kept("position", chat, b"%d" % self.turn, int(self.clock.now) + DAY)
        act = following(one.first, b"%d a" % self.turn, b"%d b" % self.turn, keeps=(kept,), replies=(b"more",))
        act = replace(act, errands=self.make(drawn), supersedes=supersedes)
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
        if supersedes:
            self.tasks = [t for t in self.tasks if t.owner is not one or t.begun or not t.errand.replaceable]
        self.add(act.errands, one)

    @precondition(lambda self: self.tasks)
    @rule(data=st.data(), hours=st.integers(-5, 5))
    def begins_or_puts_off(self, data: st.DataObject, hours: int) -> None:
        task = data.draw(st.sampled_from(self.tasks))
        if not task.number:
            return
        if not data.draw(st.booleans()):
            task.due, task.begun, task.attempts = int(self.clock.now) + hours * 3_600, False, task.attempts + 1
            self.run(self.spool.put_off(task.number, task.due))
            return
        begins = self.is_open(task.owner) and not task.begun
        assert self.run(self.spool.begin(task.number)) is begins
        task.begun = task.begun or begins

    @precondition(lambda self: self.tasks)
    @rule(data=st.data(), mark=st.none() | st.binary(max_size=30))
    def finishes(self, data: st.DataObject, mark: bytes | None) -> None:
        tasks = data.draw(st.lists(st.sampled_from(self.tasks), min_size=1, max_size=3))
        one = tasks[0].owner
        numbers = tuple(task.number for task in tasks)  # those of others too: they are ignored
        finishing = self.spool.commit(following(one.first, envelopes=(), finishes=numbers, duress=mark))
        if not self.is_open(one):
            self.refused(finishing)
            return
        assert self.run(finishing) is Outcome.STORED
        one.mark = one.mark if mark is None else mark
        one.renew(self.clock.now)
        self.tasks = [t for t in self.tasks if t.owner is not one or not t.number or t.number not in numbers]

    @precondition(lambda self: self.conversations)
    @rule(data=st.data(), count=st.integers(0, 3), drawn=ERRANDS)
    def delivers(self, data: st.DataObject, count: int, drawn: list[tuple[str, int, bool, int]]) -> None:
        one, answers = self.pick(data), texts(*(b"answer %d" % n for n in range(count)))
        errands = self.make(drawn)
        delivering = self.spool.deliver(one.first.conversation, answers, key=key(), errands=errands)
        if not self.is_open(one):
            self.refused(delivering)
            return
        assert self.run(delivering) is Outcome.STORED
        one.replies += answers
        one.renew(self.clock.now)
        self.add(errands, one)

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
        self.tasks = [task for task in self.tasks if task.owner is not one]

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
            self.tasks = [task for task in self.tasks if not self.is_swept(task.owner)]

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
                assert (found.half, found.duress) == (one.first.opens.half, one.mark)
            replies = self.run(self.spool.replies(one.first.conversation))
            assert replies == (one.replies if self.is_open(one) else [])
        for chat in (b"chat a", b"chat b"):
            value = self.kept.get(chat)
            expected = value.value if value and self.clock.now < value.ends else None
            assert self.run(self.spool.kept("position", chat)) == expected

    @invariant()
    def both_show_what_a_worker_may_do(self) -> None:
        if not hasattr(self, "spools"):
            return
        first = self.first_of_each_queue()
        ready = [task for task in self.tasks if task in first and task.due <= self.clock.now]
        ready.sort(key=lambda task: task.errand.priority)  # stable: the oldest first
        shown = self.run(self.spool.errands("chat", self.clock.now, 1_000))
        assert [(due.body, due.attempts) for due in shown] == [(task.errand.body, task.attempts) for task in ready]
        begun = self.run(self.spool.begun("chat"))
        expected = [task.errand.body for task in self.tasks if task.begun and self.is_open(task.owner)]
        assert [due.body for due in begun] == expected
        assert self.run(self.spool.next_due("chat")) == min((task.due for task in first), default=None)
        for task, due in zip(ready, shown, strict=True):
            task.number = due.number

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
