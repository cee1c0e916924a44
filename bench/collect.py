# SPDX-License-Identifier: AGPL-3.0-or-later
"""`collect`: envelopes per second from the spool into the desk, held against `executemany` of the same rows.

Run as `python -m bench.collect FOLDER COUNT` in a process of its own, because it starts Django; prints the figures as JSON.
"""

import asyncio
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench.table import Figure

COUNT = 20_000
BATCH = 256


def measure(folder: Path, count: int = COUNT) -> list[Figure]:
    """The figures, from a process that has Django."""
    environment = {**os.environ, "SAFECONDUCT_HOME": str(folder / "home"), "SAFECONDUCT_DEMONSTRATION": "yes"}
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], check=True, env=environment)
    command = [sys.executable, "-m", "bench.collect", str(folder), str(count)]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    ours, limit = json.loads(done.stdout)
    return [Figure("collect", ours, "envelopes/s", limit)]


def _main(folder: Path, count: int) -> None:
    from safeconduct.cli import django_start  # noqa: PLC0415 - only this process needs Django

    django_start.start()
    taken = asyncio.run(_collect(count))
    print(json.dumps([count / taken, count / _executemany(folder)]))


async def _collect(count: int) -> float:
    from safeconduct.cli.places import places  # noqa: PLC0415 - after Django has started
    from safeconduct.desk.cases import keys  # noqa: PLC0415
    from safeconduct.desk.cases.collector import Collector  # noqa: PLC0415
    from safeconduct.spool.contract import Quota  # noqa: PLC0415
    from safeconduct.spool.sqlite import SqliteSpool  # noqa: PLC0415

    spool = await SqliteSpool.open(places().spool, quota=Quota(8 << 30))
    await _fill(spool, count)
    collector = Collector(spool, keys.of_this_desk())
    started, left = time.perf_counter(), count
    while left > 0:
        left -= await collector.collect()
    taken = time.perf_counter() - started
    await collector.close()
    await spool.close()
    return taken


async def _fill(spool: object, count: int) -> None:
    """Applications of two envelopes each, as the edge commits them, signed by this line's own edge."""
    from bench.limit_app import LABEL, TEXT  # noqa: PLC0415
    from safeconduct.cli import ceremony  # noqa: PLC0415
    from safeconduct.cli.places import places  # noqa: PLC0415
    from safeconduct.sealing.envelope import Purpose, seal, serialise  # noqa: PLC0415
    from safeconduct.sealing.keys import PrivateKey  # noqa: PLC0415
    from safeconduct.spool.contract import Commit, Lane, NewConversation  # noqa: PLC0415
    from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId  # noqa: PLC0415
    from safeconduct.vocabulary.records import PersonText, encode  # noqa: PLC0415

    signer = ceremony.read_signing_key(places().credentials / "edge" / "signing.key")
    team, day, body = PrivateKey.generate().public, datetime.now(UTC).date(), encode(PersonText(TEXT))

    async def one() -> None:
        conversation = ConversationId(secrets.token_bytes(16))
        envelopes = tuple(
            serialise(
                seal(
                    body, purpose=Purpose.TO_TEAM, conversation=conversation, label=LABEL, day=day, recipients=[team], signer=signer
                )
            )
            for _ in range(2)
        )  # fmt: skip
        opens = NewConversation(
            LookupId(secrets.token_bytes(16)), conversation, secrets.token_bytes(32), None, int(time.time()) + 86_400
        )
        await spool.commit(Commit(DedupKey(secrets.token_bytes(32)), Lane.FIRST, conversation, envelopes, opens))  # type: ignore[attr-defined]

    for _ in range(0, count // 2, BATCH):
        await asyncio.gather(*(one() for _ in range(BATCH)))


def _executemany(folder: Path) -> float:
    """The same rows again, into a fresh file with the same tables, in the same batches."""
    from django.db import connection  # noqa: PLC0415 - after Django has started

    source, target = Path(connection.settings_dict["NAME"]), folder / "limit.db"
    connection.close()
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        new.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;")
        rows = {}
        for table in ("cases_case", "cases_storedenvelope"):
            for (statement,) in old.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql NOT NULL", (table,)
            ):
                new.execute(statement)
            rows[table] = old.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - two names of ours
        started = time.perf_counter()
        for table, all_rows in rows.items():
            marks = ",".join("?" * len(all_rows[0]))
            for at in range(0, len(all_rows), BATCH):
                with new:
                    new.executemany(f"INSERT INTO {table} VALUES ({marks})", all_rows[at : at + BATCH])  # noqa: S608
        return time.perf_counter() - started


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]))
