# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each act writes, inside a transaction that the writer began. All checks stand before the first write."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.spool.contract import (
    DEDUP_DAYS,
    Commit,
    Kept,
    Lane,
    NewConversation,
    Outcome,
    Quota,
    day_of,
    end_of,
)
from safeconduct.spool.errors import ConversationTaken, ConversationUnknown, OlderVersion, SpoolFull
from safeconduct.spool.schema import ROW_COST
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.secrets import Sealed


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction and the moment it began."""

    database: sqlite3.Connection
    quota: Quota
    now: float

    def has_seen(self, key: DedupKey) -> bool:
        return self.database.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone() is not None

    def knows(self, conversation: ConversationId) -> bool:
        row = self.database.execute(
            "SELECT 1 FROM conversations WHERE conversation = ? AND last_day >= ?", (conversation, day_of(self.now))
        ).fetchone()
        return row is not None

    def demand(self, lane: Lane, size: int) -> None:
        (used,) = self.database.execute("SELECT used FROM room WHERE lane = ?", (lane.value,)).fetchone()
        if used + size > self.quota.room(lane):
            raise SpoolFull(lane)

    def remember(self, key: DedupKey, lane: Lane) -> None:
        self.database.execute("INSERT INTO seen VALUES (?, ?, ?)", (key, day_of(self.now), lane.value))


def commit(transaction: Transaction, act: Commit) -> Outcome:
    if transaction.has_seen(act.key):
        return Outcome.REPEATED
    _check_conversation(transaction, act)
    transaction.demand(act.lane, cost_of(act))
    if act.opens is not None:
        _open(transaction, act.opens, act.lane)
    queue(transaction, act.conversation, act.envelopes, act.lane)
    for kept in act.keeps:
        _replace(transaction, kept, act.lane, act.conversation)
    _answer(transaction, act.conversation, act.replies, act.lane)
    transaction.remember(act.key, act.lane)
    return Outcome.STORED


def cost_of(act: Commit) -> int:
    """What the act takes from its lane, as the triggers will count it."""
    sizes = [len(envelope) for envelope in (*act.envelopes, *act.replies)]
    sizes += [len(kept.value) for kept in act.keeps]
    sizes.append(0)  # its key
    if act.opens is not None:
        sizes.append(len(act.opens.half) + len(act.opens.duress or b""))
    return sum(sizes) + ROW_COST * len(sizes)


def deliver(
    transaction: Transaction, conversation: ConversationId, replies: Sequence[Sealed], key: DedupKey
) -> Outcome:
    if transaction.has_seen(key):
        return Outcome.REPEATED
    if not transaction.knows(conversation):
        raise ConversationUnknown("no such conversation")
    transaction.demand(Lane.REPLY, sum(map(len, replies)) + ROW_COST * (len(replies) + 1))
    _answer(transaction, conversation, replies, Lane.REPLY)
    transaction.remember(key, Lane.REPLY)
    return Outcome.STORED


def erase(transaction: Transaction, conversation: ConversationId, key: DedupKey, notice: Sealed) -> Outcome:
    """No demand for room: it frees some, and an erasure is never refused for a quota."""
    if transaction.has_seen(key):
        return Outcome.REPEATED
    delete = "DELETE FROM conversations WHERE conversation = ?"  # cascades to replies and to what was kept
    if transaction.database.execute(delete, (conversation,)).rowcount == 0:
        return Outcome.REPEATED
    transaction.database.execute("DELETE FROM waiting WHERE conversation = ?", (conversation,))
    queue(transaction, conversation, (notice,), Lane.KNOWN)
    transaction.remember(key, Lane.KNOWN)
    return Outcome.STORED


def settle(transaction: Transaction, seqs: Sequence[int]) -> None:
    transaction.database.executemany("DELETE FROM waiting WHERE seq = ?", [(seq,) for seq in seqs])


def keep(transaction: Transaction, kept: Kept, lane: Lane) -> None:
    transaction.demand(lane, len(kept.value) + ROW_COST)
    _replace(transaction, kept, lane, None)


def forget(transaction: Transaction, kind: str, key: bytes) -> None:
    transaction.database.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))


def sweep(transaction: Transaction, now: float, limit: int) -> int:
    """At most `limit` rows of each table, so that a long sweep never holds up an intake."""
    today = day_of(now)
    bounds = (
        ("DELETE FROM kept WHERE (kind, key) IN (SELECT kind, key FROM kept WHERE ends <= ? LIMIT ?)", int(now)),
        (
            "DELETE FROM conversations WHERE conversation IN"
            " (SELECT conversation FROM conversations WHERE last_day < ? LIMIT ?)",
            today,
        ),
        ("DELETE FROM seen WHERE key IN (SELECT key FROM seen WHERE day < ? LIMIT ?)", today - DEDUP_DAYS),
    )
    return sum(transaction.database.execute(statement, (bound, limit)).rowcount for statement, bound in bounds)


def publish(transaction: Transaction, name: str, version: int, document: bytes, content: bytes) -> None:
    shown = transaction.database.execute("SELECT version FROM board WHERE name = ?", (name,)).fetchone()
    if shown is not None and shown[0] > version:
        raise OlderVersion(name, shown[0])
    transaction.database.execute("REPLACE INTO board VALUES (?, ?, ?, ?)", (name, version, document, content))


def probe(transaction: Transaction, size: int) -> dict[Lane, int]:
    """Write as much as an application would, and tell what each lane still holds."""
    transaction.database.execute("UPDATE probe SET body = randomblob(?)", (size,))
    used = dict(transaction.database.execute("SELECT lane, used FROM room"))
    return {lane: transaction.quota.room(lane) - used[lane.value] for lane in Lane}


def queue(transaction: Transaction, conversation: ConversationId, envelopes: Sequence[Sealed], lane: Lane) -> None:
    transaction.database.executemany(
        "INSERT INTO waiting (conversation, lane, arrived, envelope) VALUES (?, ?, ?, ?)",
        [(conversation, lane.value, transaction.now, envelope) for envelope in envelopes],
    )


def _check_conversation(transaction: Transaction, act: Commit) -> None:
    if act.opens is None:
        if not transaction.knows(act.conversation):
            raise ConversationUnknown("no such conversation")
        return
    taken = transaction.database.execute(
        "SELECT 1 FROM conversations WHERE conversation = ? OR lookup = ?", (act.conversation, act.opens.lookup)
    ).fetchone()
    if taken is not None:
        raise ConversationTaken("a conversation is opened once")


def _open(transaction: Transaction, new: NewConversation, lane: Lane) -> None:
    last_day = day_of(new.expires - 1)
    transaction.database.execute(
        "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)",
        (new.conversation, new.lookup, new.half, new.duress, last_day, lane.value),
    )


def _replace(transaction: Transaction, kept: Kept, lane: Lane, conversation: ConversationId | None) -> None:
    transaction.database.execute(
        "REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?)",
        (kept.kind, kept.key, kept.value, end_of(kept.expires, transaction.now), conversation, lane.value),
    )


def _answer(transaction: Transaction, conversation: ConversationId, replies: Sequence[Sealed], lane: Lane) -> None:
    transaction.database.executemany(
        "INSERT INTO replies (conversation, lane, envelope) VALUES (?, ?, ?)",
        [(conversation, lane.value, envelope) for envelope in replies],
    )
