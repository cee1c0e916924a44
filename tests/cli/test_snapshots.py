# SPDX-License-Identifier: AGPL-3.0-or-later
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safeconduct.cli import snapshots
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places
from safeconduct.desk.project.backup_keys import Ring
from safeconduct.desk.project.moving import moving

NOW = datetime(2026, 11, 1, 23, 50, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Places:
    places = Places(tmp_path / "home", tmp_path / "credentials")
    for path in (places.spool, places.desk, places.erasure):
        path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE words (word TEXT)")
            connection.execute("INSERT INTO words VALUES (?)", (f"in {path.name}",))
            connection.execute("CREATE TABLE IF NOT EXISTS cases_erased (digest BLOB, day DATE)")
        connection.close()
    return places


def _words(path: Path) -> str:
    connection = sqlite3.connect(path)
    (word,) = connection.execute("SELECT word FROM words").fetchone()
    connection.close()
    return str(word)


def test_a_backup_comes_back_whole(here: Places, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    folder = snapshots.take(here, tmp_path / "backups", ring, NOW)
    again = Places(tmp_path / "again", here.credentials)
    snapshots.unpack(folder, again, ring)
    assert [_words(path) for path in (again.spool, again.desk, again.erasure)] == [
        "in spool.db",
        "in desk.db",
        "in erasure.db",
    ]
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}


@pytest.mark.rule("R48", "T3")
def test_seven_days_later_nothing_that_could_be_erased_can_be_restored(here: Places, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    folder = snapshots.take(here, tmp_path / "backups", ring, NOW)
    assert ring.forget((NOW + timedelta(days=6)).date()) == []
    assert ring.forget((NOW + timedelta(days=7)).date()) == [NOW.date()]
    with pytest.raises(CliError, match="keys live for 7 days"):
        snapshots.unpack(folder, Places(tmp_path / "again", here.credentials), ring)
    assert not list((tmp_path / "ring").iterdir())


@pytest.mark.rule("T3")
def test_the_weeks_part_of_a_backup_shows_nothing_without_its_key(here: Places, tmp_path: Path) -> None:
    folder = snapshots.take(here, tmp_path / "backups", Ring(tmp_path / "ring"), NOW)
    for name in ("spool.sealed", "erasure.sealed"):
        content = (folder / name).read_bytes()
        assert b"SQLite format" not in content
        assert b"in " + name.split(".")[0].encode() not in content


@pytest.mark.rule("T9")
def test_a_damaged_or_foreign_backup_changes_nothing(here: Places, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    folder = snapshots.take(here, tmp_path / "backups", ring, NOW)
    sealed = folder / "erasure.sealed"
    sealed.write_bytes(sealed.read_bytes()[:-7])
    again = Places(tmp_path / "again", here.credentials)
    with pytest.raises(CliError, match="damaged"):
        snapshots.unpack(folder, again, ring)
    with pytest.raises(CliError, match="no backup of ours"):
        snapshots.unpack(tmp_path, again, ring)
    assert not again.home.exists()


def test_an_existing_state_is_never_overwritten(here: Places, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    folder = snapshots.take(here, tmp_path / "backups", ring, NOW)
    with pytest.raises(CliError, match="exists"):
        snapshots.unpack(folder, here, ring)


def test_backups_of_one_day_have_names_of_their_own(here: Places, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    names = [snapshots.take(here, tmp_path / "backups", ring, NOW).name for _ in range(2)]
    assert names == ["2026-11-01-01", "2026-11-01-02"]


@pytest.mark.rule("T9")
def test_a_backup_waits_until_what_moves_has_arrived(here: Places, tmp_path: Path) -> None:
    done: list[str] = []

    def back_up() -> None:
        snapshots.take(here, tmp_path / "backups", Ring(tmp_path / "ring"), NOW)
        done.append("backup")

    with moving(here.home, alone=False), moving(here.home, alone=False):  # two batches at once hold up nobody
        thread = threading.Thread(target=back_up)
        thread.start()
        thread.join(0.3)
        done.append("moved")
    thread.join(10)
    assert done == ["moved", "backup"]


@pytest.mark.rule("T9")
def test_a_backup_that_was_cut_off_stands_in_nobodys_way(here: Places, tmp_path: Path) -> None:
    partial = tmp_path / "backups" / ".2026-11-01-01.partial"
    partial.mkdir(parents=True)
    (partial / "desk.db").write_bytes(b"half")
    folder = snapshots.take(here, tmp_path / "backups", Ring(tmp_path / "ring"), NOW)
    assert sorted(path.name for path in folder.iterdir()) == [
        "desk.db",
        "erasure.sealed",
        "manifest.json",
        "spool.sealed",
    ]


@pytest.mark.rule("T9")
def test_a_journal_that_a_crash_left_is_not_played_into_what_is_restored(here: Places, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    folder = snapshots.take(here, tmp_path / "backups", ring, NOW)
    left = [
        path.with_name(path.name + end) for path in (here.erasure, here.desk) for end in ("-journal", "-wal", "-shm")
    ]
    for path in left:
        path.write_bytes(b"of another file")
    staging = Places(tmp_path / "staging", here.credentials)
    snapshots.unpack(folder, staging, ring)
    snapshots.put_in_place(staging, here)
    assert [path for path in left if path.exists()] == []
    assert _words(here.erasure) == "in erasure.db"


@pytest.mark.rule("R48", "T3")
@pytest.mark.parametrize("has_desk_file", [True, False])
def test_no_key_of_the_search_index_outlives_a_restore(here: Places, tmp_path: Path, *, has_desk_file: bool) -> None:
    ring = Ring(tmp_path / "ring")
    folder = snapshots.take(here, tmp_path / "backups", ring, NOW, has_desk_file=has_desk_file)
    for end in ("", "-wal", "-shm"):
        here.lookup.with_name(here.lookup.name + end).write_bytes(b"keys of rows that no table has any more")
    staging = Places(tmp_path / "staging", here.credentials)
    snapshots.unpack(folder, staging, ring)
    snapshots.put_in_place(staging, here)
    assert not list(here.lookup.parent.glob(f"{here.lookup.name}*"))


@pytest.mark.rule("R48")
def test_a_desk_that_cannot_be_read_is_not_taken_for_one_that_knows_nothing(here: Places) -> None:
    assert snapshots.erased_digests([here.desk]) == set()
    here.desk.write_bytes(b"not a database" * 100)
    with pytest.raises(CliError, match="may know of erasures"):
        snapshots.erased_digests([here.desk])


def test_without_a_desk_file_the_other_parts_are_backed_up(here: Places, tmp_path: Path) -> None:
    here.desk.unlink()
    ring = Ring(tmp_path / "ring")
    folder = snapshots.take(here, tmp_path / "backups", ring, NOW, has_desk_file=False)
    again = Places(tmp_path / "again", here.credentials)
    snapshots.unpack(folder, again, ring)
    assert _words(again.erasure) == "in erasure.db"
    assert not again.desk.exists()
