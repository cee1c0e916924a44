# SPDX-License-Identifier: AGPL-3.0-or-later
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.spool.inventions import DAY, NOON, errand, following, key, opening, position, settle_all, texts

from safeconduct.spool.contract import Kept, Spool

HOUR = 3_600


def moments(path: Path) -> dict[str, list[float]]:
    """Every stored number that could be a time of this century."""
    found: dict[str, list[float]] = {}
    with closing(sqlite3.connect(path)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            cursor = database.execute(f"SELECT * FROM {table}")  # noqa: S608
            for row in cursor.fetchall():
                for (column, *_), value in zip(cursor.description, row, strict=True):
                    if isinstance(value, int | float) and value > 10_000:
                        found.setdefault(f"{table}.{column}", []).append(value)
    return found


@pytest.mark.rule("T3")
async def test_no_precise_time_is_stored_once_nothing_waits(spool: Spool, folder: Path) -> None:
    first = opening(keeps=(position(b"chat", b"x", hours=24), Kept("ticket", b"t", b"x", int(NOON) + 1_800)))
    await spool.commit(first)
    await spool.commit(following(first, replies=(b"r",)))
    await spool.deliver(first.conversation, texts(b"r"), key=key())
    await spool.commit(following(first, errands=(errand(after=90),)))
    before = moments(folder / "spool.db")
    assert (before["waiting.arrived"], before["errands.due"]) == ([NOON] * 3, [NOON // 1 + 90])
    (due,) = await spool.errands("telegram", NOON + 90, 1)
    await spool.commit(following(first, finishes=(due.number,)))
    await settle_all(spool)
    left = moments(folder / "spool.db")
    assert set(left) == {"kept.ends", "conversations.last_day", "seen.day"}
    assert all(end % HOUR == 0 or end - NOON <= HOUR for end in left["kept.ends"])
    assert all(end % 60 == 0 for end in left["kept.ends"])
    assert left["conversations.last_day"] == [int(NOON // DAY) + 180]
    assert set(left["seen.day"]) == {int(NOON // DAY)}
