# SPDX-License-Identifier: AGPL-3.0-or-later
"""One open transaction: its moment, what it takes from each lane, and how soon its traces must leave the journal."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from safeconduct.spool.contract import Lane, Quota, day_of
from safeconduct.spool.errors import SpoolFull
from safeconduct.vocabulary.identifiers import DedupKey

# Every step of a statement gives the interpreter's lock away and waits to get it back, which a busy loop makes long.
# So many rows go into one step; few sizes, so that the statements stay prepared.
_SIZES = (256, 64, 16, 4, 1)


class Transaction:
    """Made by the writer after BEGIN IMMEDIATE; `settle_accounts` is its last act before COMMIT."""

    def __init__(self, database: sqlite3.Connection, quota: Quota, now: float, disk_free: int) -> None:
        self.database = database
        self.now = now
        self.truncate_within: float | None = None
        self._quota = quota
        self._disk_room = disk_free - quota.headroom_bytes
        self._used: dict[str, int] = dict(database.execute("SELECT lane, used FROM room"))
        self._taken = dict.fromkeys(Lane, 0)

    @property
    def today(self) -> int:
        return day_of(self.now)

    def free(self, lane: Lane) -> int:
        return min(self._quota.room(lane) - self._used[lane.value] - self._taken[lane], self._disk_room)

    def demand(self, lane: Lane, size: int) -> None:
        """Take room from the lane. Raises SpoolFull, with nothing taken, when its share or the disk cannot hold `size` more."""
        if self.free(lane) < size:
            raise SpoolFull(lane)
        self.take(lane, size)

    def take(self, lane: Lane, size: int) -> None:
        """Take room that is granted whatever the quota says."""
        self._taken[lane] += size

    def has_seen(self, key: DedupKey) -> bool:
        return self.database.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone() is not None

    def remember(self, keys: Sequence[tuple[DedupKey, Lane]]) -> None:
        self.insert("INSERT INTO seen (key, day, lane)", [(key, self.today, lane.value) for key, lane in keys])

    def owe_truncation(self, within: float) -> None:
        """Destroyed bytes still lie in the journal: they must be gone after so many seconds."""
        self.truncate_within = within if self.truncate_within is None else min(within, self.truncate_within)

    def insert(self, into: str, rows: Sequence[tuple[object, ...]], *, otherwise: str = "") -> None:
        """`into` is a whole `INSERT INTO table (columns)`, `otherwise` its ON CONFLICT; rows keep their order."""
        for chunk in _chunks(rows):
            statement = _insertion(into, len(chunk[0]), len(chunk), otherwise)
            self.database.execute(statement, [cell for row in chunk for cell in row])

    def renew(self, numbers: Iterable[int]) -> None:
        """These conversations live on from today: either side has written. Once a day this costs a write."""
        self.database.execute(
            "UPDATE conversations SET last_day = ?1 + days"
            " WHERE number IN (SELECT value FROM json_each(?2)) AND last_day < ?1 + days",
            (self.today, json.dumps(list(numbers))),
        )

    def those_among(self, keys: Sequence[bytes | str | int], query: str) -> list[tuple[Any, ...]]:
        """Rows whose key is among `keys`; `query` ends in `IN`."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(keys), _SIZES[0]):
            part = keys[start : start + _SIZES[0]]
            size = next(size for size in reversed(_SIZES) if size >= len(part))
            padded = [*part, *[None] * (size - len(part))]
            found += self.database.execute(_query(query, size), padded).fetchall()
        return found

    def settle_accounts(self) -> None:
        """Write down what the lanes gave."""
        for lane, taken in self._taken.items():
            if taken:
                self.database.execute("UPDATE room SET used = used + ? WHERE lane = ?", (taken, lane.value))


def _chunks(rows: Sequence[tuple[object, ...]]) -> Iterator[Sequence[tuple[object, ...]]]:
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


@cache
def _insertion(into: str, columns: int, rows: int, otherwise: str) -> str:
    row = f"({','.join('?' * columns)})"
    return f"{into} VALUES {','.join([row] * rows)} {otherwise}"


@cache
def _query(query: str, size: int) -> str:
    return f"{query} ({','.join('?' * size)})"
