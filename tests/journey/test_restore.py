# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup that is put back brings nobody back who had erased everything (R48)."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.journey.conftest import Line, running
from tests.journey.person import Person

pytestmark = pytest.mark.slow

APPLICATION = {
    "type": "individual", "stage": "training", "language": "en", "head_count": 1, "duress_word": None, "messages": ["hello"],
    "safe_contact": None,
}  # fmt: skip


def _until_desk_has(line: Line, table: str, rows: int) -> None:
    for _ in range(240):
        with closing(sqlite3.connect(f"file:{line.home / 'desk' / 'desk.db'}?mode=ro", uri=True)) as desk:
            if desk.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,):  # noqa: S608 - ours, above
                return
        time.sleep(0.25)
    pytest.fail(f"{table} did not come to {rows} rows")


@pytest.mark.rule("R48", "T9")
def test_a_restore_erases_again_what_was_erased_since(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    with running(tmp_path) as line:
        person = Person(line, "en")
        kept, erased = person.apply(APPLICATION), person.apply(APPLICATION)
        _until_desk_has(line, "cases_case", 2)
        line.command("backup", "--to", str(backups))
        person.erase(erased)
        _until_desk_has(line, "cases_erased", 1)
    told = line.command("restore", str(next(backups.iterdir())), "--replace")
    assert "Erased again: 1 conversations" in told
    assert not (line.home / ".restoring").exists()
    with running(tmp_path) as line:
        person = Person(line, "en")
        assert person.open(kept).status_code == 200
        assert person.open(erased).status_code == 400
        person.write(kept, "still here")
