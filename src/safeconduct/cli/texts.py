# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct texts`: collect the sentences, check every language, say how far each is."""

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from safeconduct.cli.errors import CliError
from safeconduct.dialogue import extract as extraction
from safeconduct.dialogue.texts import AVAILABLE, SOURCE_LANGUAGE, texts

app = typer.Typer(no_args_is_help=True)

HOUSE = Path(__file__).resolve().parents[1]
FOLDER = HOUSE / "dialogue" / "texts"
_SHOWN = 10  # mistakes of one language; a terminal is no editor


@app.command("extract")
def extract_sentences() -> None:
    """Collect every sentence of scripts and pages, and bring each language's catalogue up to date."""
    wanted = extraction.render(HOUSE, FOLDER, AVAILABLE)
    changed = extraction.differences(wanted, FOLDER)
    extraction.write(wanted, FOLDER)
    typer.echo(f"written: {', '.join(changed)}" if changed else "nothing has changed")


@app.command()
def check() -> None:
    """Fail when a catalogue is out of date, or a language has a sentence missing, fuzzy or with other placeholders."""
    wanted = extraction.render(HOUSE, FOLDER, AVAILABLE)
    said = [
        f"{name} is out of date: run `safeconduct texts extract`" for name in extraction.differences(wanted, FOLDER)
    ]
    for tag in AVAILABLE:
        mistakes = list(extraction.mistakes(tag, wanted[f"{tag}.po"]))
        said += mistakes[:_SHOWN]
        if len(mistakes) > _SHOWN:
            said.append(f"{tag}: and {len(mistakes) - _SHOWN} more")
    if said:
        raise CliError("the texts are not ready\n  " + "\n  ".join(said))
    typer.echo(f"{len(AVAILABLE)} languages, nothing missing: {', '.join(AVAILABLE)}")


@app.command()
def status() -> None:
    """How far each language is, and the hash of its content, which two people approve."""
    table = Table("language", "sentences", "missing", "content hash")
    total = str(len(extraction.collect(HOUSE)))
    for tag in AVAILABLE:
        language = texts(tag)
        note = " (source)" if tag == SOURCE_LANGUAGE else ""
        table.add_row(tag + note, total, str(len(language.missing)), language.content_hash)
    Console(width=120).print(table)
