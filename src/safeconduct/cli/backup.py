# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct backup`: one folder a backup, restorable whole for seven days. docs/install.md says what to copy where."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import snapshots
from safeconduct.cli.places import Places, places
from safeconduct.desk.project import environment
from safeconduct.desk.project.backup_keys import Ring


def ring_of(here: Places) -> Ring:
    """The backup keys' folder: `SAFECONDUCT_BACKUP_KEYS`, by default beside the other credentials."""
    return Ring(environment.read({**os.environ, "SAFECONDUCT_CREDENTIALS": str(here.credentials)}).backup_keys)


def command(
    to: Annotated[Path | None, typer.Option("--to", help="Where to; default: backups/ in SAFECONDUCT_HOME.")] = None,
) -> None:
    """Write a backup, and destroy the keys of backups that are seven days old."""
    here, now = places(), datetime.now(UTC)
    has_desk_file = not environment.read().database_url
    folder = snapshots.take(here, to or here.home / "backups", ring_of(here), now, has_desk_file=has_desk_file)
    gone = ring_of(here).forget(now.date())
    typer.echo(f"{snapshots.describe(folder)}\nWritten to {folder}.")
    if not has_desk_file:
        typer.echo("The desk runs on PostgreSQL: back its database up with pg_dump, after this and not before.")
    if gone:
        typer.echo(
            f"Destroyed the keys of {', '.join(day.isoformat() for day in gone)}: what those held cannot be opened any more."
        )
