# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leases, and the fences by which a writing transaction knows whoever lost one."""

from collections.abc import Iterable

from safeconduct.spool.contract import Fence
from safeconduct.spool.errors import FencedOff
from safeconduct.spool.transaction import Transaction


def lease(transaction: Transaction, name: str, holder: bytes, seconds: float) -> Fence | None:
    query = "SELECT number, holder, until, seconds FROM leases WHERE name = ?"
    row = transaction.database.execute(query, (name,)).fetchone()
    if row is None:
        return _take(transaction, Fence(name, 1), holder, seconds)
    number, present, until, length = row
    if present == holder:  # its own, run out or not: nobody else has held it meanwhile
        return _take(transaction, Fence(name, number), holder, seconds)
    left = min(until - transaction.now, length)  # a clock that was set back must not make it eternal
    if present is None or left <= 0:
        return _take(transaction, Fence(name, number + 1), holder, seconds)
    if until > transaction.now + left:
        update = "UPDATE leases SET until = ? WHERE name = ?"
        transaction.database.execute(update, (transaction.now + left, name))
    return None


def release(transaction: Transaction, fence: Fence) -> None:
    transaction.database.execute(
        "UPDATE leases SET holder = NULL WHERE name = ? AND number = ?", (fence.name, fence.number)
    )


def held(transaction: Transaction, fences: Iterable[Fence | None]) -> set[Fence]:
    """Those whose holder has the lease still. One that ran out is held until another takes it."""
    names = list({fence.name for fence in fences if fence is not None})
    query = "SELECT name, number FROM leases WHERE holder IS NOT NULL AND name IN"
    return {Fence(name, number) for name, number in transaction.those_among(names, query)}


def refuse_lost(fence: Fence | None, among: set[Fence]) -> None:
    """Raises FencedOff for a fence that is not `among` those held."""
    if fence is not None and fence not in among:
        raise FencedOff(fence)


def _take(transaction: Transaction, fence: Fence, holder: bytes, seconds: float) -> Fence:
    transaction.database.execute(
        "REPLACE INTO leases (name, number, holder, until, seconds) VALUES (?, ?, ?, ?, ?)",
        (fence.name, fence.number, holder, transaction.now + seconds, seconds),
    )
    return fence
