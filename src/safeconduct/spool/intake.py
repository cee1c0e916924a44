# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hot path: a run of commits, decided one by one in memory and written table by table.

Every decision falls before the first write, so that one refused commit costs the others nothing.
"""

from collections.abc import Sequence

from safeconduct.spool.contract import Commit, Outcome, day_of, end_of
from safeconduct.spool.errors import ConversationTaken, ConversationUnknown, SpoolError
from safeconduct.spool.schema import ROW_COST
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


class _Intake:
    """What the store knew before the run, and what the run adds to it."""

    def __init__(self, transaction: Transaction, commits: Sequence[Commit]) -> None:
        self._transaction = transaction
        self._seen = _seen(transaction, commits)
        self._numbers = _numbers(transaction, commits)
        self._taken = _taken(transaction, commits)
        self._last = _last_number(transaction) if any(commit.opens for commit in commits) else 0
        self._stored: list[tuple[Commit, int]] = []

    def decide(self, commit: Commit) -> Outcome | SpoolError:
        if commit.key in self._seen:
            return Outcome.REPEATED
        try:
            self._check(commit)
            self._transaction.demand(commit.lane, _cost(commit))
        except SpoolError as refusal:
            return refusal
        self._seen.add(commit.key)
        if commit.opens is not None:
            self._last += 1
            self._numbers[commit.conversation] = self._last
            self._taken |= {commit.conversation, commit.opens.lookup}
        self._stored.append((commit, self._numbers[commit.conversation]))
        return Outcome.STORED

    def _check(self, commit: Commit) -> None:
        if commit.opens is None:
            if commit.conversation not in self._numbers:
                raise ConversationUnknown("no such conversation")
        elif commit.conversation in self._taken or commit.opens.lookup in self._taken:
            raise ConversationTaken("a conversation is opened once")

    def write(self) -> None:
        transaction, stored = self._transaction, self._stored
        transaction.insert(
            "INSERT INTO conversations (number, conversation, lookup, half, duress, last_day, lane)",
            [
                (number, act.conversation, new.lookup, new.half, new.duress, day_of(new.expires - 1), act.lane.value)
                for act, number in stored
                if (new := act.opens) is not None
            ],
        )
        transaction.insert(
            "INSERT INTO waiting (conversation, lane, arrived, envelope)",
            [
                (number, act.lane.value, transaction.now, envelope)
                for act, number in stored
                for envelope in act.envelopes
            ],
        )
        transaction.insert(
            "REPLACE INTO kept (kind, key, value, ends, conversation, lane)",
            [
                (kept.kind, kept.key, kept.value, end_of(kept.expires, transaction.now), number, act.lane.value)
                for act, number in stored
                for kept in act.keeps
            ],
        )
        transaction.insert(
            "INSERT INTO replies (conversation, lane, envelope)",
            [(number, act.lane.value, reply) for act, number in stored for reply in act.replies],
        )
        transaction.remember([(act.key, act.lane) for act, _ in stored])


def _cost(commit: Commit) -> int:
    """What it takes from its lane; the triggers of the schema give back as much."""
    sizes = [0, *map(len, commit.envelopes), *map(len, commit.replies), *(len(kept.value) for kept in commit.keeps)]
    if commit.opens is not None:
        sizes.append(len(commit.opens.half) + len(commit.opens.duress or b""))
    return sum(sizes) + ROW_COST * len(sizes)


def _seen(transaction: Transaction, commits: Sequence[Commit]) -> set[DedupKey]:
    keys = [commit.key for commit in commits]
    return {key for (key,) in transaction.those_among(keys, "SELECT key FROM seen WHERE key IN")}


def _numbers(transaction: Transaction, commits: Sequence[Commit]) -> dict[ConversationId, int]:
    """Of the conversations that are open already and have not expired."""
    keys = [commit.conversation for commit in commits if commit.opens is None]
    rows = transaction.those_among(
        keys, "SELECT conversation, number, last_day FROM conversations WHERE conversation IN"
    )
    return {conversation: number for conversation, number, last_day in rows if last_day >= transaction.today}


def _taken(transaction: Transaction, commits: Sequence[Commit]) -> set[ConversationId | LookupId]:
    opens = [commit.opens for commit in commits if commit.opens is not None]
    by_id = transaction.those_among(
        [new.conversation for new in opens], "SELECT conversation FROM conversations WHERE conversation IN"
    )
    by_lookup = transaction.those_among(
        [new.lookup for new in opens], "SELECT lookup FROM conversations WHERE lookup IN"
    )
    return {row[0] for row in by_id + by_lookup}


def _last_number(transaction: Transaction) -> int:
    row = transaction.database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'conversations'").fetchone()
    return 0 if row is None else row[0]
