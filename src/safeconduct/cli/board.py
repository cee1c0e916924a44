# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct board`: what the public door may show. Drafted here, signed by people elsewhere, checked, published."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from safeconduct.cli import ceremony, notices
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places
from safeconduct.sealing import publication
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary import board

app = typer.Typer(no_args_is_help=True)

Document = Annotated[Path, typer.Argument(help="The document that people sign.")]
Content = Annotated[
    Path | None, typer.Option("--content", help="What it is about; default: beside it, ending in .content.")
]


@app.command("draft")
def draft(
    name: Annotated[str, typer.Argument(help="teams, line, or texts/TAG such as texts/uk.")],
    to: Annotated[Path, typer.Option("--to", help="Where the document is written; its content goes beside it.")],
    line: Annotated[Path | None, typer.Option("--line", help="For 'line': a JSON file, see docs/install.md.")] = None,
    days: Annotated[int, typer.Option(help="For how long it holds.", min=1, max=366)] = 90,
) -> None:
    """Draft the next version of an entry, to be signed."""
    content = _content(name, line)
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    document = publication.draft(name, content, version=notices.next_version(places(), name), expires=expires)
    to.write_bytes(document)
    _beside(to, None).write_bytes(content)
    typer.echo(f"Drafted {name} in {to}. Now let enough people sign it: safeconduct board sign {to} --key THEIR.key")


@app.command("sign")
def sign(
    document: Document,
    key: Annotated[Path, typer.Option("--key", help="Your own secret key.")],
    content: Content = None,
) -> None:
    """Add your signature. Do this where your key lives; the document and its content travel together."""
    try:
        unsigned, shown = document.read_bytes(), _beside(document, content).read_bytes()
        told = publication.describe(unsigned)
        signed = publication.add_signature(unsigned, ceremony.read_signing_key(key))
    except (OSError, SealingError) as error:
        raise CliError(f"{document} is no document of the board with its content beside it") from error
    if hashlib.sha256(shown).hexdigest() != told.sha256:
        raise CliError("the content beside this document is not what the document is about; sign nothing")
    document.write_bytes(signed)
    typer.echo(f"Signed {told.name}, version {told.version}, holds until {told.expires:%Y-%m-%d}:")
    typer.echo(f"  {shown.decode('utf-8', 'replace')}")
    typer.echo("If this is not what you meant to sign, destroy the file now.")


@app.command("publish")
def publish(
    name: Annotated[str, typer.Argument(help="teams, line, or texts/TAG.")], document: Document, content: Content = None
) -> None:
    """Check a signed document as an edge would, and show it."""
    try:
        entry = notices.publish(places(), name, document.read_bytes(), _beside(document, content).read_bytes())
    except OSError as error:
        raise CliError(f"{error.filename} cannot be read") from error
    typer.echo(f"Published {name}, version {entry.version}; it holds until {entry.expires:%Y-%m-%d}.")


@app.command("show")
def show() -> None:
    """What is published, and whether an edge believes it."""
    table = Table("entry", "version", "state")
    for name in notices.NAMES:
        table.add_row(name, *_state(name))
    Console(width=100).print(table)


def _state(name: str) -> tuple[str, str]:
    shown = notices.posted(places(), name)
    if shown is None:
        return "", "not published"
    try:
        entry = notices.checked(places(), name, shown.document, shown.content)
    except CliError as error:
        return str(shown.version), str(error)
    return str(shown.version), f"holds until {entry.expires:%Y-%m-%d}"


def _content(name: str, line: Path | None) -> bytes:
    if name == board.TEAMS:
        return _teams()
    if name == board.LINE:
        return _line(line)
    if name.startswith(board.TEXTS):
        return notices.text_hash(name)
    raise CliError(f"{name} is no entry of the board; there are {', '.join(notices.NAMES)}")


def _teams() -> bytes:
    # Imported late on purpose: signers' machines have no desk, and reading the desk needs Django.
    from safeconduct.cli import django_start  # noqa: PLC0415

    django_start.start()
    from safeconduct.cli import teams  # noqa: PLC0415

    return teams.published_teams()


def _line(path: Path | None) -> bytes:
    if path is None:
        raise CliError("say with --line which JSON file tells about the line; docs/install.md shows one")
    try:
        content = board.encode(board.decode_line(path.read_bytes()))
    except (OSError, msgspec.DecodeError) as error:
        raise CliError(f"{path} does not describe a line: {error}") from error
    return content


def _beside(document: Path, content: Path | None) -> Path:
    return content or document.with_suffix(".content")
