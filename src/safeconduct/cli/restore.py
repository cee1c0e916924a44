# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct restore`: puts a backup back, and erases again what was erased since it was taken (R48)."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import snapshots
from safeconduct.cli.backup import ring_of
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places, places


def command(
    folder: Annotated[Path, typer.Argument(help="The backup's folder.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Destroy the state that is here now.")] = False,
) -> None:
    """Put a backup into an empty SAFECONDUCT_HOME. Stop every part of the line first."""
    here = places()
    _require_quiet(here)
    if not replace:
        snapshots.require_empty(here)
    desks = [*snapshots.desks_beside(folder), *([here.desk] if here.desk.exists() else [])]
    known = snapshots.erased_digests(desks)
    # Erased again before it stands where the line looks: a restore that is cut off must not bring anyone back.
    staging = Places(here.home / ".restoring", here.credentials)
    shutil.rmtree(staging.home, ignore_errors=True)
    snapshots.unpack(folder, staging, ring_of(here))
    again = _erase_again(staging, known)
    snapshots.put_in_place(staging, here)
    typer.echo(f"Restored {folder.name} into {here.home}.")
    typer.echo(f"Erased again: {again} conversations that were erased after this backup was taken.")
    typer.echo("The desk's clock makes the search index anew: until it has, a search does not find every case.")
    typer.echo("What came in after it is not there. Start the line, then `safeconduct doctor`.")


def _require_quiet(here: Places) -> None:
    """Raise `CliError` while a process of the line has a database open: it would go on writing into deleted files."""
    busy = [path.name for path in (here.spool, here.desk, here.erasure, here.lookup) if path.exists() and is_held(path)]
    if busy:
        raise CliError(f"{', '.join(busy)} is in use; stop every part of the line first")


def is_held(path: Path) -> bool:
    """Whether a process that we can see has this database open."""
    names = {str(path), f"{path}-wal", f"{path}-shm"}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) in names:
                return True
        except OSError:
            continue  # the process has just ended, or belongs to another user
    return False


def _erase_again(here: Places, known: set[bytes]) -> int:
    # Imported late: models can be imported only after Django has started.
    from safeconduct.cli import django_start  # noqa: PLC0415

    os.environ["SAFECONDUCT_HOME"] = str(here.home)  # the desk's settings are read from these
    os.environ["SAFECONDUCT_CREDENTIALS"] = str(here.credentials)
    django_start.start()
    from safeconduct.cli import erasing  # noqa: PLC0415

    return asyncio.run(erasing.erase_again(here, known))
