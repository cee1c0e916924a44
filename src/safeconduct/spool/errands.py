# SPDX-License-Identifier: AGPL-3.0-or-later
"""Errands: how they are stored, and the acts and questions of the workers that do them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.sealing.shreds import Shred
from safeconduct.spool.contract import Due, Errand, Fence, Lane
from safeconduct.spool.leases import held, refuse_lost
from safeconduct.spool.schema import ROW_COST
from safeconduct.spool.shredding import Place, close, closed_size, reopen_to_pass_on
from safeconduct.spool.transaction import Transaction
from safeconduct.vocabulary.identifiers import ConversationId

# CROSS JOIN keeps the order of the tables: SQLite would sometimes begin with the conversations that have not expired.
_ERRANDS = """
FROM errands AS own CROSS JOIN conversations ON conversations.number = own.conversation AND last_day >= ?
WHERE channel = ?
"""
_FIRST_OF_ITS_QUEUE = """
AND NOT EXISTS (SELECT 1 FROM errands AS earlier
    WHERE earlier.conversation = own.conversation AND earlier.queue = own.queue AND earlier.number < own.number)
"""
_SHOWN = f"""
SELECT own.number, conversations.conversation, queue, body, due, attempts, begun,
    (SELECT secret FROM conversation_secrets WHERE number = own.conversation) {_ERRANDS}
"""  # noqa: S608 - no value in it comes from outside

# Each takes today and the channel first.
READY = f"{_SHOWN} AND begun = 0 AND due <= ? {_FIRST_OF_ITS_QUEUE} ORDER BY priority, own.number LIMIT ?"
BEGUN = f"{_SHOWN} AND begun = 1 ORDER BY own.number"
OF_CONVERSATION = """
SELECT own.number, conversations.conversation, queue, body, due, attempts, begun,
    (SELECT secret FROM conversation_secrets WHERE number = own.conversation)
FROM errands AS own CROSS JOIN conversations ON conversations.number = own.conversation AND last_day >= ?
WHERE own.conversation = (SELECT number FROM conversations WHERE conversation = ?) AND queue = ? ORDER BY own.number
"""
NEXT_DUE = f"SELECT min(due) {_ERRANDS} AND begun = 0 {_FIRST_OF_ITS_QUEUE}"


def due(  # noqa: PLR0913, PLR0917 - the columns of a row
    number: int,
    conversation: bytes,
    queue: str,
    body: bytes,
    moment: int,
    attempts: int,
    begun: int,
    secret: bytes,
) -> Due:
    """One row of READY or BEGUN."""
    plain = reopen_to_pass_on(secret, body, Place.ERRAND)
    return Due(number, ConversationId(conversation), queue, plain, moment, attempts, bool(begun))


def cost(errands: Sequence[Errand]) -> int:
    """What they take from their lane; a trigger of the schema gives back as much."""
    return sum(closed_size(errand.body) + ROW_COST for errand in errands)


def add(transaction: Transaction, errands: Iterable[tuple[Errand, int, Shred, Lane]]) -> None:
    """Each with its conversation's number and key; they are numbered in this order."""
    transaction.insert(
        "INSERT INTO errands (conversation, lane, channel, queue, body, due, priority, replaceable)",
        [
            (
                number,
                lane.value,
                errand.channel,
                errand.queue,
                close(shred, errand.body, Place.ERRAND),
                errand.due,
                errand.priority,
                int(errand.replaceable),
            )
            for errand, number, shred, lane in errands
        ],
    )


def hasten(transaction: Transaction, queues: Sequence[tuple[int, str]]) -> None:
    """What waits in these queues of these conversations is due now. Most have none."""
    by_queue: defaultdict[str, list[int]] = defaultdict(list)
    for number, queue in queues:
        by_queue[queue].append(number)
    for queue, numbers in by_queue.items():
        transaction.database.execute(
            "UPDATE errands SET due = ?1 WHERE conversation IN (SELECT value FROM json_each(?2)) AND queue = ?3"
            " AND due > ?1 AND begun = 0",
            (int(transaction.now), json.dumps(numbers), queue),
        )


def begin(transaction: Transaction, number: int, fence: Fence | None) -> bool:
    refuse_lost(fence, held(transaction, [fence]))
    begun = transaction.database.execute(
        "UPDATE errands SET begun = 1 WHERE number = ? AND begun = 0"
        " AND EXISTS (SELECT 1 FROM conversations AS whose WHERE whose.number = errands.conversation AND last_day >= ?)",
        (number, transaction.today),
    )
    return begun.rowcount == 1


def put_off(transaction: Transaction, number: int, until: int, fence: Fence | None) -> None:
    refuse_lost(fence, held(transaction, [fence]))
    transaction.database.execute(
        "UPDATE errands SET begun = 0, attempts = attempts + 1, due = ? WHERE number = ?", (until, number)
    )
