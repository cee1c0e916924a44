# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts that come one at a time, inside a transaction of the writer. All checks stand before the first write."""

from collections.abc import Sequence

from safeconduct.sealing.shreds import Shred
from safeconduct.spool import errands
from safeconduct.spool.contract import DEDUP_DAYS, Errand, Kept, Lane, Outcome, day_of, end_of
from safeconduct.spool.errors import ConversationUnknown, OlderVersion
from safeconduct.spool.schema import KEEP, KEEP_ANEW, ROW_COST
from safeconduct.spool.shredding import Place, close, closed_size, shred_of
from safeconduct.spool.transaction import Transaction
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.secrets import Sealed

AT_ONCE = 0.0  # erased: out of the journal before the erasure is answered
SOON = 1.0  # settled, forgotten, swept

# What still waits for the desk needs the conversation's key, so the conversation goes after it.
_EXPIRED = """
SELECT number FROM conversations
WHERE last_day < ? AND NOT EXISTS (SELECT 1 FROM waiting WHERE conversation = number) LIMIT ?
"""


def deliver(
    transaction: Transaction,
    conversation: ConversationId,
    replies: Sequence[Sealed],
    key: DedupKey,
    carried: Sequence[Errand],
) -> Outcome:
    if transaction.has_seen(key):
        return Outcome.REPEATED
    number, shred = _open_conversation(transaction, conversation)
    size = sum(map(closed_size, replies)) + ROW_COST * (len(replies) + 1)
    transaction.demand(Lane.REPLY, size + errands.cost(carried))
    transaction.insert(
        "INSERT INTO replies (conversation, lane, envelope)",
        [(number, Lane.REPLY.value, close(shred, reply, Place.REPLY)) for reply in replies],
    )
    errands.add(transaction, [(errand, number, shred, Lane.REPLY) for errand in carried])
    transaction.remember([(key, Lane.REPLY)])
    transaction.renew([number])
    return Outcome.STORED


def erase(transaction: Transaction, conversation: ConversationId, key: DedupKey, notice: Sealed) -> Outcome:
    """Whatever its lane holds: an erasure frees room, and is never refused for a quota."""
    if transaction.has_seen(key):
        return Outcome.REPEATED
    query = "SELECT number FROM conversations WHERE conversation = ?"
    row = transaction.database.execute(query, (conversation,)).fetchone()
    if row is None:
        return Outcome.REPEATED
    transaction.database.execute("DELETE FROM waiting WHERE conversation = ?", row)
    transaction.database.execute("DELETE FROM conversations WHERE number = ?", row)  # cascades; its key is zeroed
    transaction.insert("INSERT INTO waiting (lane, arrived, envelope)", [(Lane.KNOWN.value, transaction.now, notice)])
    transaction.remember([(key, Lane.KNOWN)])
    transaction.take(Lane.KNOWN, len(notice) + 2 * ROW_COST)
    transaction.owe_truncation(AT_ONCE)
    return Outcome.STORED


def settle(transaction: Transaction, seqs: Sequence[int]) -> None:
    transaction.database.executemany("DELETE FROM waiting WHERE seq = ?", [(seq,) for seq in seqs])
    transaction.owe_truncation(SOON)


def keep(transaction: Transaction, kept: Kept, lane: Lane) -> None:
    transaction.demand(lane, len(kept.value) + ROW_COST)
    transaction.insert(
        KEEP,
        [(kept.kind, kept.key, kept.value, end_of(kept.expires, transaction.now), None, lane.value)],
        otherwise=KEEP_ANEW,
    )
    transaction.owe_truncation(SOON)


def forget(transaction: Transaction, kind: str, key: bytes) -> None:
    transaction.database.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))
    transaction.owe_truncation(SOON)


def sweep(transaction: Transaction, now: float, limit: int) -> int:
    """At most `limit` rows of each table, so that a long sweep never holds up an intake."""
    today = day_of(now)
    ended = (
        ("kept", "SELECT number FROM kept WHERE ends <= ? LIMIT ?", int(now)),
        ("conversations", _EXPIRED, today),
        ("seen", "SELECT number FROM (SELECT * FROM seen ORDER BY number LIMIT ?2) WHERE day < ?1", today - DEDUP_DAYS),
    )
    swept = 0
    for table, which, bound in ended:
        statement = f"DELETE FROM {table} WHERE number IN ({which})"  # noqa: S608 - the three tables above
        swept += transaction.database.execute(statement, (bound, limit)).rowcount
    if swept:
        transaction.owe_truncation(SOON)
    return swept


def publish(transaction: Transaction, name: str, version: int, document: bytes, content: bytes) -> None:
    shown = transaction.database.execute("SELECT version FROM board WHERE name = ?", (name,)).fetchone()
    if shown is not None and shown[0] > version:
        raise OlderVersion(name, shown[0])
    transaction.database.execute("REPLACE INTO board VALUES (?, ?, ?, ?)", (name, version, document, content))


def probe(transaction: Transaction, size: int) -> dict[Lane, int]:
    """Write as much as an application would, and tell what each lane still holds."""
    transaction.database.execute("UPDATE probe SET body = randomblob(?)", (size,))
    return {lane: transaction.free(lane) for lane in Lane}


def _open_conversation(transaction: Transaction, conversation: ConversationId) -> tuple[int, Shred]:
    row = transaction.database.execute(
        "SELECT number, secret FROM conversations JOIN conversation_secrets USING (number)"
        " WHERE conversation = ? AND last_day >= ?",
        (conversation, transaction.today),
    ).fetchone()
    if row is None:
        raise ConversationUnknown("no such conversation")
    return row[0], shred_of(row[1])
