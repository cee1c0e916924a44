# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hot path: a run of commits, decided one by one in memory and written table by table.

Every decision falls before the first write, so that one refused commit costs the others nothing.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safeconduct.sealing.shreds import Shred
from safeconduct.spool import errands, leases
from safeconduct.spool.contract import Commit, Errand, Kept, Lane, NewConversation, Outcome, day_of, end_of
from safeconduct.spool.errors import ConversationTaken, ConversationUnknown, SpoolError
from safeconduct.spool.schema import KEEP, KEEP_ANEW, ROW_COST
from safeconduct.spool.shredding import Place, close, closed_size, shred_of
from safeconduct.spool.transaction import Transaction
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId

TRACES_SECONDS = 10.0  # positions are replaced with every message: their old values leave the journal within this


def commit_all(transaction: Transaction, commits: Sequence[Commit]) -> list[Outcome | SpoolError]:
    """One answer for each, in order; what is answered STORED is written."""
    intake = _Intake(transaction, commits)
    answers = [intake.decide(commit) for commit in commits]
    intake.write()
    transaction.owe_truncation(TRACES_SECONDS)
    return answers


@dataclass(slots=True)
class _Known:
    """A conversation that is open: its number and key, the lane that pays for it, and how long its mark is."""

    number: int
    shred: Shred
    lane: Lane
    mark_size: int


class _Intake:
    """What the store knew before the run, and what the run adds to it."""

    def __init__(self, transaction: Transaction, commits: Sequence[Commit]) -> None:
        self._transaction = transaction
        self._seen = _seen(transaction, commits)
        self._known = _known(transaction, commits)
        self._taken = _taken(transaction, commits)
        self._owners = _owners(transaction, commits)
        self._held = leases.held(transaction, (commit.fence for commit in commits))
        self._unused = _unused_numbers(transaction, sum(commit.opens is not None for commit in commits))
        self._finished: list[int] = []
        self._stored: list[tuple[Commit, int, Shred]] = []

    def decide(self, commit: Commit) -> Outcome | SpoolError:
        if commit.key in self._seen:
            return Outcome.REPEATED
        try:
            self._check(commit)
            self._pay(commit)
        except SpoolError as refusal:
            return refusal
        self._seen.add(commit.key)
        if commit.opens is not None:
            self._open(commit.opens, commit.lane)
        known = self._known[commit.conversation]
        self._finished += self._finishes(commit)
        self._stored.append((commit, known.number, known.shred))
        return Outcome.STORED

    def _check(self, commit: Commit) -> None:
        leases.refuse_lost(commit.fence, self._held)
        if commit.opens is None:
            if commit.conversation not in self._known:
                raise ConversationUnknown("no such conversation")
        elif commit.conversation in self._taken or commit.opens.lookup in self._taken:
            raise ConversationTaken("a conversation is opened once")

    def _pay(self, commit: Commit) -> None:
        """Take the room, or raise SpoolFull."""
        size = _cost(commit)
        if commit.duress is not None:
            self._pay_with_mark(commit, size, closed_size(commit.duress))
        elif size == ROW_COST and self._finishes(commit):
            self._transaction.take(commit.lane, size)  # it stores only its key, and destroys more
        else:
            self._transaction.demand(commit.lane, size)

    def _pay_with_mark(self, commit: Commit, size: int, mark_size: int) -> None:
        """The act's lane must have room for all; but the mark lies in the row of the conversation, whose lane pays."""
        known = self._known[commit.conversation]
        grows = mark_size - known.mark_size
        self._transaction.demand(commit.lane, size + grows)
        self._transaction.take(commit.lane, -grows)
        self._transaction.take(known.lane, grows)
        known.mark_size = mark_size

    def _open(self, new: NewConversation, lane: Lane) -> None:
        mark_size = 0 if new.duress is None else closed_size(new.duress)
        self._known[new.conversation] = _Known(next(self._unused), Shred.generate(), lane, mark_size)
        self._taken |= {new.conversation, new.lookup}

    def _finishes(self, commit: Commit) -> list[int]:
        """Those of its numbers that are errands of its own conversation."""
        return [number for number in commit.finishes if self._owners.get(number) == commit.conversation]

    def write(self) -> None:
        self._open_conversations()
        self._replace_marks()
        self._store_bodies()
        self._end_errands()
        errands.hasten(self._transaction, [(number, act.hastens) for act, number, _ in self._stored if act.hastens])
        errands.add(self._transaction, self._lasting_errands())
        self._transaction.remember([(act.key, act.lane) for act, _, _ in self._stored])
        self._transaction.renew(number for act, number, _ in self._stored if act.opens is None)

    def _store_bodies(self) -> None:
        transaction, stored = self._transaction, self._stored
        transaction.insert(
            "INSERT INTO waiting (conversation, lane, arrived, envelope)",
            [
                (number, act.lane.value, transaction.now, close(shred, envelope, Place.ENVELOPE))
                for act, number, shred in stored
                for envelope in act.envelopes
            ],
        )
        transaction.insert(
            KEEP,
            [
                (*_kept(kept, shred), end_of(kept.expires, transaction.now), number, act.lane.value)
                for act, number, shred in stored
                for kept in act.keeps
            ],
            otherwise=KEEP_ANEW,
        )
        transaction.insert(
            "INSERT INTO replies (conversation, lane, envelope)",
            [
                (number, act.lane.value, close(shred, reply, Place.REPLY))
                for act, number, shred in stored
                for reply in act.replies
            ],
        )

    def _replace_marks(self) -> None:
        """One by one: a person chooses a mark once."""
        self._transaction.database.executemany(
            "UPDATE conversations SET duress = ? WHERE number = ?",
            [
                (close(shred, act.duress, Place.DURESS), number)
                for act, number, shred in self._stored
                if act.duress is not None
            ],
        )

    def _end_errands(self) -> None:
        if self._finished:
            self._transaction.database.execute(
                "DELETE FROM errands WHERE number IN (SELECT value FROM json_each(?))", (json.dumps(self._finished),)
            )
        superseding = [number for act, number, _ in self._stored if act.supersedes]
        if superseding:
            self._transaction.database.execute(
                "DELETE FROM errands WHERE conversation IN (SELECT value FROM json_each(?))"
                " AND replaceable = 1 AND begun = 0",
                (json.dumps(superseding),),
            )

    def _lasting_errands(self) -> list[tuple[Errand, int, Shred, Lane]]:
        """Those that no later act of the run supersedes; the others give their room back."""
        lasting: list[tuple[Errand, int, Shred, Lane]] = []
        superseded: set[int] = set()
        for act, number, shred in reversed(self._stored):
            for errand in reversed(act.errands):
                if errand.replaceable and number in superseded:
                    self._transaction.take(act.lane, -errands.cost([errand]))
                else:
                    lasting.append((errand, number, shred, act.lane))
            if act.supersedes:
                superseded.add(number)
        return lasting[::-1]

    def _life(self, new: NewConversation) -> tuple[int, int]:
        last_day = day_of(new.expires - 1)
        return last_day, max(0, last_day - day_of(self._transaction.now))

    def _open_conversations(self) -> None:
        opened = [(act.opens, number, shred, act.lane) for act, number, shred in self._stored if act.opens is not None]
        self._transaction.insert(
            "INSERT INTO conversation_secrets (number, free, secret)",
            [(number, 0, shred.raw + new.half) for new, number, shred, _ in opened],
            otherwise="ON CONFLICT (number) DO UPDATE SET free = 0, secret = excluded.secret",
        )
        self._transaction.insert(
            "INSERT INTO conversations (number, conversation, lookup, duress, last_day, days, lane)",
            [
                (number, new.conversation, new.lookup, _duress(new, shred), *self._life(new), lane.value)
                for new, number, shred, lane in opened
            ],
        )


def _kept(kept: Kept, shred: Shred) -> tuple[str, bytes, bytes]:
    return kept.kind, kept.key, close(shred, kept.value, Place.KEPT)


def _duress(new: NewConversation, shred: Shred) -> bytes | None:
    return None if new.duress is None else close(shred, new.duress, Place.DURESS)


def _cost(commit: Commit) -> int:
    """What it takes from its lane; the triggers of the schema give back as much."""
    closed = [*commit.envelopes, *commit.replies, *(kept.value for kept in commit.keeps)]
    rows = 1 + len(closed)  # and its key
    if commit.opens is not None:
        closed += [] if commit.opens.duress is None else [commit.opens.duress]
        rows += 1
    return sum(map(closed_size, closed)) + ROW_COST * rows + errands.cost(commit.errands)


def _seen(transaction: Transaction, commits: Sequence[Commit]) -> set[DedupKey]:
    keys = [commit.key for commit in commits]
    return {key for (key,) in transaction.those_among(keys, "SELECT key FROM seen WHERE key IN")}


def _known(transaction: Transaction, commits: Sequence[Commit]) -> dict[ConversationId, _Known]:
    """The conversations that are open already and have not expired."""
    rows = transaction.those_among(
        [commit.conversation for commit in commits if commit.opens is None],
        "SELECT conversation, last_day, number, secret, lane, coalesce(length(duress), 0)"
        " FROM conversations JOIN conversation_secrets USING (number) WHERE conversation IN",
    )
    return {
        conversation: _Known(number, shred_of(secret), Lane(lane), mark_size)
        for conversation, last_day, number, secret, lane, mark_size in rows
        if last_day >= transaction.today
    }


def _owners(transaction: Transaction, commits: Sequence[Commit]) -> dict[int, ConversationId]:
    """Whose errands the commits would finish."""
    numbers = [number for commit in commits for number in commit.finishes]
    query = (
        "SELECT errands.number, conversations.conversation FROM errands"
        " JOIN conversations ON conversations.number = errands.conversation WHERE errands.number IN"
    )
    return dict(transaction.those_among(numbers, query))


def _taken(transaction: Transaction, commits: Sequence[Commit]) -> set[ConversationId | LookupId]:
    opens = [commit.opens for commit in commits if commit.opens is not None]
    by_id = transaction.those_among(
        [new.conversation for new in opens], "SELECT conversation FROM conversations WHERE conversation IN"
    )
    by_lookup = transaction.those_among(
        [new.lookup for new in opens], "SELECT lookup FROM conversations WHERE lookup IN"
    )
    return {row[0] for row in by_id + by_lookup}


def _unused_numbers(transaction: Transaction, count: int) -> Iterator[int]:
    """Numbers of conversations that are gone, then new ones."""
    if count == 0:
        return iter(())
    free = transaction.database.execute(
        "SELECT number FROM conversation_secrets WHERE free LIMIT ?", (count,)
    ).fetchall()
    (highest,) = transaction.database.execute("SELECT coalesce(max(number), 0) FROM conversation_secrets").fetchone()
    return itertools.chain((number for (number,) in free), itertools.count(highest + 1))
