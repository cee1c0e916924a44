# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct custody doctor`: what custody lacks on this machine, each with its mend. Reads no content."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime

import typer

from safeconduct.cli import custody_keeping, django_start
from safeconduct.cli.custody import SECRETS
from safeconduct.cli.doctor import LEAST_FREE, Finding, others_can_read, show
from safeconduct.cli.places import Places, places
from safeconduct.desk.project import environment


def command(*, demonstration: bool) -> None:
    """Exit code 1 when something needs a mend. A demonstration is told what it lacks like any other house."""
    if demonstration:
        os.environ["SAFECONDUCT_DEMONSTRATION"] = "yes"
    if show(findings(places(), datetime.now(UTC).date())):
        raise typer.Exit(code=1)


def findings(here: Places, today: date) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which it is to be mended."""
    yield from _credentials(here)
    if not here.home.exists():
        yield Finding("the state folder", f"{here.home} does not exist; make it, or set SAFECONDUCT_HOME")
        return
    free = shutil.disk_usage(here.home).free
    yield Finding(f"{free >> 30} GiB free", "less than 1 GiB is free: make room" if free < LEAST_FREE else "")
    if not environment.read().database_url:
        yield backed_up(here, today)
        if not (here.home / "custody" / "custody.db").exists():
            yield Finding("custody's database", "there is none yet: `safeconduct custody manage migrate --skip-checks`")
            return
    yield from _house()


def _credentials(here: Places) -> Iterator[Finding]:
    paths = [here.credentials / "custody" / name for name in SECRETS]
    missing = [path.name for path in paths if not path.exists()]
    mend = f"{', '.join(missing)} missing in {paths[0].parent}: `safeconduct custody keys`" if missing else ""
    yield Finding("custody's credentials are complete", mend)
    open_ones = [str(path) for path in paths if others_can_read(path)]
    yield Finding("nobody else can read them", f"chmod 600 {' '.join(open_ones)}" if open_ones else "")
    if not here.is_demonstration:
        inside = here.credentials.is_relative_to(here.home)
        yield Finding("they lie outside the state", "move SAFECONDUCT_CREDENTIALS elsewhere" if inside else "")


def backed_up(here: Places, today: date) -> Finding:
    """The day's key is made with the day's backup, wherever the backup itself was written."""
    ring = custody_keeping.ring_of(here)
    newest = ring.newest()
    mend = "`safeconduct custody backup`; its timer may not run" if ring.is_late(today) else ""
    return Finding(f"backed up on {newest}" if newest else "backed up", mend)


def _house() -> Iterator[Finding]:
    # Imported late: the checks above must work on a machine whose custody does not start.
    django_start.start()
    from safeconduct.cli import custody_state  # noqa: PLC0415

    for what, mend in custody_state.look():
        yield Finding(what, mend)
