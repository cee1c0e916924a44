# SPDX-License-Identifier: AGPL-3.0-or-later
"""Custody's backup: an archive and a key of its own, from which the register comes back whole, and which opens to nobody else (R20)."""

import os
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from safeconduct.cli import custody_keeping, snapshots
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places
from safeconduct.desk.project.backup_keys import FIVE_WEEKS, Ring

DAY = date(2026, 11, 1)
WORD = "UA-0001 was here"


@pytest.fixture
def here(tmp_path: Path) -> Places:
    places = Places(tmp_path / "home", tmp_path / "credentials")
    (places.home / "custody").mkdir(parents=True)
    write(places, WORD)
    return places


@pytest.fixture
def ring(tmp_path: Path) -> Ring:
    return Ring(tmp_path / "ring", kept_for=FIVE_WEEKS)


def write(here: Places, word: str) -> None:
    connection = sqlite3.connect(here.home / "custody" / "custody.db")
    connection.execute("CREATE TABLE IF NOT EXISTS words (word TEXT)")
    connection.execute("INSERT INTO words VALUES (?)", (word,))
    connection.commit()
    connection.close()


def words(here: Places) -> list[str]:
    connection = sqlite3.connect(here.home / "custody" / "custody.db")
    found = [str(word) for (word,) in connection.execute("SELECT word FROM words")]
    connection.close()
    return found


def test_the_register_comes_back_whole(here: Places, ring: Ring, tmp_path: Path) -> None:
    folder = custody_keeping.take(here, tmp_path / "backups", ring, DAY)
    write(here, "entered later")
    custody_keeping.put_back(folder, here, ring)
    assert words(here) == [WORD]
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}


@pytest.mark.rule("R20", "T3")
def test_a_backup_shows_nothing_without_its_key_and_no_folder_keeps_both(
    here: Places, ring: Ring, tmp_path: Path
) -> None:
    folder = custody_keeping.take(here, tmp_path / "backups", ring, DAY)
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert sorted(path.name for path in folder.iterdir()) == ["custody.sealed", "manifest.json"]
    assert WORD.encode() not in kept
    assert ring.of(DAY) not in kept
    with pytest.raises(CliError, match="the key of 2026-11-01 is gone"):
        custody_keeping.put_back(folder, here, Ring(tmp_path / "another", kept_for=FIVE_WEEKS))
    assert words(here) == [WORD]


@pytest.mark.rule("R51")
def test_a_key_lives_five_weeks_and_its_backups_no_longer(here: Places, ring: Ring, tmp_path: Path) -> None:
    folder = custody_keeping.take(here, tmp_path / "backups", ring, DAY)
    assert ring.forget(DAY + timedelta(days=34)) == []
    assert ring.forget(DAY + timedelta(days=35)) == [DAY]
    with pytest.raises(CliError, match="SAFECONDUCT_CUSTODY_BACKUP_KEYS"):
        custody_keeping.put_back(folder, here, ring)


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_backup_changes_nothing(here: Places, ring: Ring, tmp_path: Path, damage: str) -> None:
    folder = custody_keeping.take(here, tmp_path / "backups", ring, DAY)
    closed = folder / "custody.sealed"
    kept = closed.read_bytes()
    closed.write_bytes({"cut": kept[:-1], "changed": kept[:99] + b"\0\0\0\0" + kept[103:], "gone": b""}[damage])
    with pytest.raises(CliError, match="missing, damaged or closed under another key"):
        custody_keeping.put_back(folder, here, ring)
    assert words(here) == [WORD]
    assert [path.name for path in (here.home / "custody").iterdir()] == ["custody.db"]


@pytest.mark.rule("R20")
def test_neither_house_takes_the_others_backup(here: Places, ring: Ring, tmp_path: Path) -> None:
    folder = custody_keeping.take(here, tmp_path / "backups", ring, DAY)
    with pytest.raises(CliError):
        snapshots.unpack(folder, here, ring)
    (folder / "manifest.json").write_text('{"format": 1, "day": "2026-11-01"}')  # the line's says no house
    with pytest.raises(CliError, match="no backup of custody"):
        custody_keeping.put_back(folder, here, ring)


@pytest.mark.slow
@pytest.mark.rule("R20")
def test_an_administrator_backs_custody_up_looses_it_and_has_it_back(tmp_path: Path) -> None:
    administrator = Administrator(tmp_path)
    administrator.types("keys")
    administrator.types("manage", "migrate", "--skip-checks", "--verbosity", "0")
    administrator.types("team", "monitor", "--new-member", "maria")
    assert "restorable until" in administrator.types("backup")
    (folder,) = (tmp_path / "home" / "custody-backups").iterdir()
    for path in (tmp_path / "home" / "custody").glob("custody.db*"):
        path.unlink()
    assert "Restored" in administrator.types("restore", str(folder))
    administrator.types("manage", "check", "--database", "default")
    told = administrator.types("doctor", fails=True)
    assert "✓ custody is ready to start" in told
    assert "bureau, counsel, custody, mail, medical has none" in told
    assert "✓ backed up on" in told


class Administrator:
    """Someone at a terminal with an empty state folder and credentials outside it."""

    def __init__(self, folder: Path) -> None:
        known = {name: value for name, value in os.environ.items() if not name.startswith(("SAFECONDUCT_", "DJANGO_"))}
        places = {"SAFECONDUCT_HOME": str(folder / "home"), "SAFECONDUCT_CREDENTIALS": str(folder / "credentials")}
        self._known = known | places

    def types(self, *words: str, fails: bool = False) -> str:
        command = [sys.executable, "-m", "safeconduct.cli", "custody", *words]
        done = subprocess.run(command, env=self._known, capture_output=True, text=True, check=False, encoding="utf-8")
        assert bool(done.returncode) == fails, f"{words}: {done.stdout} {done.stderr}"
        return done.stdout
