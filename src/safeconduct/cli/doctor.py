# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct doctor`: what is missing or wrong on this machine, each with its mend. Reads no content."""

import asyncio
import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from safeconduct.cli import notices
from safeconduct.cli.ceremony import DESK_SECRETS, EDGE_SECRETS, ROUTE_KEY
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places, places
from safeconduct.desk.cases import sandbox
from safeconduct.desk.project import environment
from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.sealing import publication
from safeconduct.speech.prompts import Prompts
from safeconduct.spool.contract import Lane
from safeconduct.spool.errors import SpoolError
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary import board

LEAST_FREE = 1 << 30
SOON = timedelta(days=14)  # people must be found to sign


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `mend` is empty when all is well."""

    what: str
    mend: str = ""


def command(
    *,
    demonstration: Annotated[
        bool, typer.Option("--demonstration", envvar="SAFECONDUCT_DEMONSTRATION", help="A demonstration is meant.")
    ] = False,
) -> None:
    """Look at credentials, state, spool, board, texts and the desk. Exit code 1 when something needs a mend."""
    if demonstration or places().is_demonstration:  # said plainly below; the rest is then looked at as one
        os.environ["SAFECONDUCT_DEMONSTRATION"] = "yes"
    if show(findings(places(), demonstration=demonstration)):
        raise typer.Exit(code=1)


def show(found: Iterable[Finding]) -> int:
    """One line each. How many need a mend."""
    console, wrong = Console(highlight=False, soft_wrap=True), 0
    for finding in found:
        wrong += bool(finding.mend)
        console.print(
            f"[red]✗[/red] {finding.what}: {finding.mend}" if finding.mend else f"[green]✓[/green] {finding.what}"
        )
    return wrong


def findings(here: Places, *, demonstration: bool) -> Iterator[Finding]:
    """Everything the doctor looks at, in the order in which it is to be mended."""
    yield _python()
    yield from _credentials(here, demonstration=demonstration)
    yield from _state(here)
    yield _spool(here)
    yield from _board(here, demonstration=demonstration)
    yield Finding("people's files can be opened in a sandbox", sandbox.trouble())
    yield from on_the_telephone(here)
    yield from _desk(here)


def _python() -> Finding:
    return Finding(f"Python {sys.version_info.major}.{sys.version_info.minor}")


def _credentials(here: Places, *, demonstration: bool) -> Iterator[Finding]:
    names = [*(Path("edge") / name for name in EDGE_SECRETS), *(Path("desk") / name for name in DESK_SECRETS)]
    missing = [
        str(name) for name in [*names, Path("doors.json"), Path("root.json")] if not (here.credentials / name).exists()
    ]
    yield Finding(
        "credentials are complete",
        f"{', '.join(missing)} missing in {here.credentials}: `safeconduct keys`" if missing else "",
    )
    chats = [path.relative_to(here.credentials) for path in here.credentials.glob("channels/*/delivery.key")]
    route_key = Path("edge") / ROUTE_KEY
    open_ones = [str(name) for name in [*names, route_key, *chats] if others_can_read(here.credentials / name)]
    yield Finding("nobody else can read them", f"chmod 600 {' '.join(open_ones)}" if open_ones else "")
    if chats:
        has_route = (here.credentials / route_key).exists()
        yield Finding("chats have their keys", "" if has_route else f"bring {route_key} from the copy of the ceremony")
    if here.is_demonstration and not demonstration:
        yield Finding(
            "the keys are this line's own",
            "these are a demonstration's keys; make a line's own with `safeconduct keys`",
        )
    if not here.is_demonstration:
        inside = here.credentials.is_relative_to(here.home)
        yield Finding(
            "they lie outside the state", "move SAFECONDUCT_CREDENTIALS out of SAFECONDUCT_HOME" if inside else ""
        )


def others_can_read(path: Path) -> bool:
    """Whether any user of this machine but its owner may."""
    return path.exists() and bool(path.stat().st_mode & 0o077)


def _state(here: Places) -> Iterator[Finding]:
    if not here.home.exists():
        yield Finding("the state folder", f"{here.home} does not exist; start the line once, or make it")
        return
    free = shutil.disk_usage(here.home).free
    yield Finding(
        f"{free >> 30} GiB free",
        "less than 1 GiB is free: make room before the spool must refuse" if free < LEAST_FREE else "",
    )


def _spool(here: Places) -> Finding:
    what = "the spool stores durably"
    if not here.spool.exists():
        return Finding(what, "there is no spool yet; start the public door once")
    try:
        full = [lane.value for lane in Lane if not asyncio.run(_accepts(here, lane))]
    except SpoolError as error:
        return Finding(what, f"it does not open ({type(error).__name__}); see docs/install.md, Backups")
    return Finding(
        what, f"no room for {', '.join(full)}: start the collector, or raise SAFECONDUCT_SPOOL_BYTES" if full else ""
    )


async def _accepts(here: Places, lane: Lane) -> bool:
    spool = await SqliteSpool.open(here.spool, quota=notices.quota())
    try:
        return await spool.accepts(lane)
    finally:
        await spool.close()


def _board(here: Places, *, demonstration: bool) -> Iterator[Finding]:
    if not here.spool.exists():
        return
    for name in (board.TEAMS, board.LINE):
        yield Finding(f"the board shows {name}{_until(here, name)}", _unbelieved(here, name))
    if demonstration or here.is_demonstration:
        return
    served = [tag for tag in AVAILABLE if not _unbelieved(here, board.TEXTS + tag) and _is_current(here, tag)]
    yield Finding(
        f"languages served: {', '.join(served) or 'none'}",
        "" if served else "let two reviewers sign one: `safeconduct board draft texts/TAG`",
    )


def _unbelieved(here: Places, name: str) -> str:
    shown = notices.posted(here, name)
    if shown is None:
        return f"nothing is published: `safeconduct board draft {name}`"
    try:
        entry = notices.checked(here, name, shown.document, shown.content)
    except CliError as error:
        return str(error)
    soon = entry.expires - datetime.now(UTC) < SOON
    return f"ends on {entry.expires:%Y-%m-%d}: draft, sign and publish the next version" if soon else ""


def _until(here: Places, name: str) -> str:
    shown = notices.posted(here, name)
    return f", until {publication.describe(shown.document).expires:%Y-%m-%d}" if shown else ""


def _is_current(here: Places, tag: str) -> bool:
    shown = notices.posted(here, board.TEXTS + tag)
    return shown is not None and shown.content == notices.text_hash(board.TEXTS + tag)


def on_the_telephone(here: Places) -> Iterator[Finding]:
    """What a telephone call can say, where the channel is set up."""
    settings = here.credentials / "channels" / "voice.toml"
    if not settings.exists():
        return
    try:
        elsewhere = tomllib.loads(settings.read_text(encoding="utf-8")).get("prompts")
    except (OSError, ValueError):
        yield Finding(
            "channels/voice.toml can be read", "correct it: `safeconduct channel run voice` says what is wrong"
        )
        return
    prompts = Prompts(Path(elsewhere) if elsewhere else here.prompts)
    whole = [tag for tag in AVAILABLE if not prompts.lacks(tag)]
    yield Finding(
        f"calls can be spoken in: {', '.join(whole) or 'no language'}",
        "" if whole else "nobody would hear anything: `safeconduct voice prompts`",
    )


def _desk(here: Places) -> Iterator[Finding]:
    if not here.desk.exists() and not environment.read().database_url:
        yield Finding("the desk's database", "there is none yet: `safeconduct desk manage migrate`")
        return
    yield from _desk_findings()


def _desk_findings() -> Iterator[Finding]:
    # Imported late: the checks above must work on a machine whose desk does not start.
    from safeconduct.cli import django_start  # noqa: PLC0415

    django_start.start()
    from safeconduct.cli import desk_health  # noqa: PLC0415

    look: Callable[[], Iterator[tuple[str, str]]] = desk_health.look
    for what, mend in look():
        yield Finding(what, mend)
