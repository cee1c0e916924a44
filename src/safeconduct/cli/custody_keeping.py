# SPDX-License-Identifier: AGPL-3.0-or-later
"""Custody's backup and restore: an archive and a key of its own, never in one with the line's (R20).

The whole database is closed under the key of its day, which lives for five weeks. It holds no key that is not itself closed.
"""

import contextlib
import os
import shutil
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from safeconduct.cli import snapshots
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places, places, private_folder, write_private
from safeconduct.cli.restore import is_held
from safeconduct.desk.project import environment
from safeconduct.desk.project.backup_keys import FIVE_WEEKS, Ring
from safeconduct.sealing import streams
from safeconduct.sealing.errors import SealingError

FORMAT, HOUSE = 1, "custody"
_CLOSED, _MANIFEST, _OPEN = "custody.sealed", "manifest.json", "custody.db"
_PURPOSE = b"backup/" + _CLOSED.encode()


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself in clear: whose it is, its format, and the day whose key closes it."""

    house: str
    format: int
    day: date


def ring_of(here: Places) -> Ring:
    """The folder of custody's backup keys."""
    known = {**os.environ, "SAFECONDUCT_HOUSE": HOUSE, "SAFECONDUCT_CREDENTIALS": str(here.credentials)}
    return Ring(environment.read(known).backup_keys, kept_for=FIVE_WEEKS)


def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="Where to; default: custody-backups/ in SAFECONDUCT_HOME.")
    ] = None,
) -> None:
    """Write a backup of custody, and destroy the keys of those that are five weeks old."""
    here, now = places(), datetime.now(UTC)
    if environment.read().database_url:
        raise CliError(
            "custody runs on PostgreSQL: back it up with pg_dump, apart from the line's. See docs/install.md"
        )
    folder = take(here, to or here.home / "custody-backups", ring_of(here), now.date())
    gone = ring_of(here).forget(now.date())
    typer.echo(f"Written to {folder}, restorable until {now.date() + FIVE_WEEKS}.")
    if gone:
        typer.echo(f"Destroyed the keys of {', '.join(day.isoformat() for day in gone)}.")


def restore(
    folder: Annotated[Path, typer.Argument(help="The backup's folder.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Destroy the register that is here now.")] = False,
) -> None:
    """Put a backup of custody back. Stop custody first. What was worked out is worked out anew."""
    here = places()
    database = _database(here)
    if is_held(database):
        raise CliError(f"{database.name} is in use; stop custody first")
    if database.exists() and not replace:
        raise CliError(f"{database} exists; restore into an empty SAFECONDUCT_HOME, or say --replace")
    put_back(folder, here, ring_of(here))
    _work_out_anew()
    typer.echo(f"Restored {folder.name} into {database.parent}.")
    typer.echo("What was entered after it is not there: enter it again from its papers before any list is used.")
    typer.echo("Whoever left since can sign in again until an administrator takes them out: look at People first.")
    typer.echo("Start custody, then `safeconduct custody doctor`.")


def take(here: Places, to: Path, ring: Ring, day: date) -> Path:
    """Write one backup below `to` and return its folder. Nothing half-written keeps the final name."""
    folder = snapshots.free_name(to, day)
    partial = to / f".{folder.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)  # of a backup that was cut off
    private_folder(partial)
    copy = partial / _OPEN
    _copy(_database(here), copy)
    write_private(partial / _CLOSED, b"")
    with copy.open("rb") as source, (partial / _CLOSED).open("wb") as target:
        streams.close_stream(ring.of(day), source, target, purpose=_PURPOSE)
        target.flush()
        os.fsync(target.fileno())
    copy.unlink()
    write_private(partial / _MANIFEST, msgspec.json.encode(Manifest(HOUSE, FORMAT, day)))
    partial.rename(folder)
    return folder


def put_back(folder: Path, here: Places, ring: Ring) -> None:
    """Into custody's place, whole or not at all. Raises `CliError`; then nothing has been changed."""
    key = snapshots.key_of(ring, _manifest(folder).day)
    database = _database(here)
    fresh = database.with_name(database.name + ".restoring")
    private_folder(database.parent)
    fresh.unlink(missing_ok=True)
    write_private(fresh, b"")
    try:
        with (folder / _CLOSED).open("rb") as source, fresh.open("wb") as target:
            streams.open_stream(key, source, target, purpose=_PURPOSE)
            target.flush()
            os.fsync(target.fileno())
    except (OSError, SealingError) as error:
        fresh.unlink()
        raise CliError(f"{folder / _CLOSED} is missing, damaged or closed under another key") from error
    snapshots.unlink_database(database)
    fresh.rename(database)


def _manifest(folder: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode((folder / _MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise CliError(f"{folder} is no backup of custody: {_MANIFEST} is missing or another's") from error
    if (manifest.house, manifest.format) != (HOUSE, FORMAT):
        raise CliError(f"{folder} is {manifest.house}'s, format {manifest.format}; this reads {HOUSE}'s, {FORMAT}")
    return manifest


def _database(here: Places) -> Path:
    return here.home / HOUSE / f"{HOUSE}.db"


def _copy(path: Path, target: Path) -> None:
    if not path.exists():
        raise CliError(f"{path} does not exist: nothing has run here yet")
    write_private(target, b"")
    reading = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    with contextlib.closing(reading) as source, contextlib.closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _work_out_anew() -> None:
    # Imported late: models can be imported only after Django has started, and only once the database is in its place.
    from safeconduct.cli import django_start  # noqa: PLC0415

    django_start.start()
    from safeconduct.desk.custody import acts, watching  # noqa: PLC0415
    from safeconduct.desk.project.manage import manage  # noqa: PLC0415

    manage(["migrate", "--verbosity", "0", "--no-input", "--skip-checks"])  # the backup may be an older release's
    watching.work_out(acts.today())
