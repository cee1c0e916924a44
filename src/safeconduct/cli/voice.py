# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct voice`: make and check what a telephone call says."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places
from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.speech.building import Built, build, refused_recordings, sheet
from safeconduct.speech.errors import SpeechError
from safeconduct.speech.espeak import Espeak
from safeconduct.speech.prompts import RATES, Prompts, required

app = typer.Typer(no_args_is_help=True)

_SHOWN = 10  # sentences of one language; a terminal is no editor
_RISKY = ("=", "+", "-", "@")  # a spreadsheet would take such a cell for a formula


@app.callback()
def voice() -> None:
    """Make and check what a telephone call says."""


Languages = Annotated[list[str] | None, typer.Option("--language", help="Only this one; may be given again.")]
Folder = Annotated[Path | None, typer.Option(help="Default: SAFECONDUCT_PROMPTS, else prompts/ in home.")]


@app.command()
def prompts(
    *,
    language: Languages = None,
    check: Annotated[bool, typer.Option("--check", help="Make nothing; only say what lacks.")] = False,
    folder: Folder = None,
) -> None:
    """Make every prompt that lacks or is stale, and fail with a list when a text stays without one."""
    where, wanted = folder or places().prompts, _wanted(language)
    said = _checked(where, wanted) if check else _built(where, wanted)
    unspoken = [tag for tag in wanted if _is_unspoken(where, tag)]
    for tag in unspoken:
        typer.echo(f"{tag}: not spoken on the telephone. No voice here speaks it; see `safeconduct voice sheet {tag}`.")
    named = language or ()
    complaints = [line for tag, lines in said.items() if tag not in unspoken or tag in named for line in lines]
    if complaints:
        raise CliError("calls lack something to say\n  " + "\n  ".join(complaints))
    typer.echo(f"Nothing lacks in: {', '.join(tag for tag in wanted if tag not in unspoken)}")


@app.command("sheet")
def for_a_speaker(
    tag: Annotated[str, typer.Argument(help="The language, such as uk.")],
    file: Annotated[Path, typer.Argument(help="A table that a spreadsheet opens.")],
) -> None:
    """Write for a speaker what to say, and how to name each file."""
    (language,) = _wanted([tag])
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(("file", "say"))
    writer.writerows((name, f"'{text}" if text.startswith(_RISKY) else text) for name, text in sheet(language))
    file.write_text(table.getvalue(), encoding="utf-8-sig", newline="")
    typer.echo(
        f"{len(required(language))} sentences are in {file}. One WAV each, so named, into {places().prompts / 'recorded' / tag}."
    )


def _wanted(given: Sequence[str] | None) -> tuple[str, ...]:
    unknown = [tag for tag in given or () if tag not in AVAILABLE]
    if unknown:
        raise CliError(f"there is no language {unknown[0]!r}; there are {', '.join(AVAILABLE)}")
    return tuple(dict.fromkeys(given or AVAILABLE))


def _built(folder: Path, wanted: Sequence[str]) -> dict[str, list[str]]:
    results: dict[str, Built] = {}
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=sum(len(required(tag)) for tag in wanted))
        for tag in wanted:
            bar.update(task, description=tag)
            try:
                results[tag] = build(folder, tag, Espeak(), tell=lambda: bar.advance(task))
            except SpeechError as error:
                raise CliError(str(error)) from error
    _show(results)
    return {tag: [*_listed(tag, one.lacking), *one.refused] for tag, one in results.items()}


def _show(results: dict[str, Built]) -> None:
    table = Table("language", "made", "unchanged", "by a speaker", "removed", "lacking", "refused")
    for tag, one in results.items():
        row = (one.made, one.kept, one.recorded, one.removed, len(one.lacking), len(one.refused))
        table.add_row(tag, *map(str, row))
    Console(width=100).print(table)


def _checked(folder: Path, wanted: Sequence[str]) -> dict[str, list[str]]:
    lacks = {tag: _listed(tag, Prompts(folder).lacks(tag, is_whole=True)) for tag in wanted}
    return {tag: [*lines, *refused_recordings(folder, tag)] for tag, lines in lacks.items()}


def _listed(tag: str, lacking: Sequence[str]) -> Iterator[str]:
    yield from (f"{tag}: {text}" for text in lacking[:_SHOWN])
    if len(lacking) > _SHOWN:
        yield f"{tag}: and {len(lacking) - _SHOWN} more"


def _is_unspoken(folder: Path, tag: str) -> bool:
    """Neither a voice nor a single recording: a call goes on in another language, and says so."""
    prompts = Prompts(folder)
    has_any = any(prompts.find(text, tag, rate=RATES[0]) is not None for text in required(tag))
    return not has_any and not Espeak().speaks(tag)
