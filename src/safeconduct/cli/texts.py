# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct texts`: collect the sentences, check them, hand them to translators and reviewers."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from safeconduct.cli import ceremony, desk_texts, notices, paper_texts
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places
from safeconduct.dialogue import extract as extraction
from safeconduct.dialogue import translation
from safeconduct.dialogue.errors import TranslationRefused
from safeconduct.dialogue.texts import AVAILABLE, SOURCE_LANGUAGE, parse, texts
from safeconduct.sealing import publication
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary import board
from safeconduct.vocabulary.languages import LANGUAGES

app = typer.Typer(no_args_is_help=True)

HOUSE = Path(__file__).resolve().parents[1]
FOLDER = HOUSE / "dialogue" / "texts"
DESK = HOUSE / "desk"
PAPER = HOUSE / "paper" / "texts"
_TABLE = ".csv"
_SHOWN = 10  # mistakes of one language; a terminal is no editor


@app.command("extract")
def extract_sentences() -> None:
    """Collect every sentence of scripts, pages, the desk and printed forms, and bring each language's catalogue up to date."""
    wanted = extraction.render(HOUSE, FOLDER, AVAILABLE)
    changed = extraction.differences(wanted, FOLDER)
    extraction.write(wanted, FOLDER)
    changed += [f"desk/{name}" for name in desk_texts.write(DESK)]
    changed += [f"paper/texts/{name}" for name in paper_texts.write(PAPER)]
    typer.echo(f"written: {', '.join(changed)}" if changed else "nothing has changed")


@app.command()
def check() -> None:
    """Fail when a catalogue, the desk's or the forms' too, is out of date or has a sentence missing, fuzzy or with other placeholders."""
    wanted = extraction.render(HOUSE, FOLDER, AVAILABLE)
    said = [
        f"{name} is out of date: run `safeconduct texts extract`" for name in extraction.differences(wanted, FOLDER)
    ]
    for tag in AVAILABLE:
        mistakes = list(extraction.mistakes(tag, wanted[f"{tag}.po"]))
        said += mistakes[:_SHOWN]
        if len(mistakes) > _SHOWN:
            said.append(f"{tag}: and {len(mistakes) - _SHOWN} more")
    ours = list(desk_texts.mistakes(DESK))
    said += ours[:_SHOWN]
    if len(ours) > _SHOWN:
        said.append(f"the desk: and {len(ours) - _SHOWN} more")
    printed = list(paper_texts.mistakes(PAPER))
    said += printed[:_SHOWN]
    if len(printed) > _SHOWN:
        said.append(f"paper: and {len(printed) - _SHOWN} more")
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


Tag = Annotated[str, typer.Argument(help="The language, such as uk.")]
TheirFile = Annotated[Path, typer.Argument(help="Ending in .csv for a spreadsheet; anything else is PO.")]


@app.command("export")
def export_sentences(tag: Tag, file: TheirFile) -> None:
    """Write a language's sentences for a translator."""
    catalogue = _catalogue(tag)
    content = translation.to_csv(catalogue) if file.suffix.lower() == _TABLE else catalogue.encode()
    file.write_bytes(content)
    typer.echo(f"{tag} is in {file}. Only the translations may be changed there.")


@app.command("import")
def import_sentences(tag: Tag, file: TheirFile) -> None:
    """Take a translator's file back: all of it, or nothing and the reasons."""
    try:
        given = translation.read(file.read_bytes(), is_table=file.suffix.lower() == _TABLE, tag=tag)
        imported = translation.bring_in(_catalogue(tag), given)
    except TranslationRefused as refused:
        raise CliError(f"nothing of {file} was taken\n  " + "\n  ".join(refused.reasons)) from None
    if not imported.changes:
        typer.echo(f"{file} says what {tag} says already")
        return
    (FOLDER / f"{tag}.po").write_text(imported.catalogue, encoding="utf-8", newline="\n")
    for change in imported.changes:
        typer.echo(f"  {change.english}\n    was: {change.before}\n    is:  {change.after}")
    typer.echo(f"{len(imported.changes)} sentences of {tag} have changed; it counts as not reviewed now (R12).")
    typer.echo(f"Its content hash is {parse(tag, imported.catalogue).content_hash}; see `safeconduct texts approve`.")


@app.command()
def approve(
    tag: Tag,
    key: Annotated[Path, typer.Option("--key", help="The reviewer's own secret key.")],
    document: Annotated[
        Path | None, typer.Option("--document", help="What the reviewers sign; default: TAG.json here.")
    ] = None,
    days: Annotated[int, typer.Option(help="For how long it holds.", min=1, max=366)] = 90,
) -> None:
    """Approve a language as this release says it: a second person runs the same, over the same document (R12)."""
    name, path = board.TEXTS + tag, document or Path(f"{tag}.json")
    content = notices.text_hash(name)
    signer = ceremony.read_signing_key(key)
    try:
        unsigned = path.read_bytes() if path.is_file() else _drafted(name, content, days)
        told = publication.describe(unsigned)
        signed = publication.add_signature(unsigned, signer)
    except SealingError as error:
        raise CliError(f"{path} is no document about {name}: {error}") from error
    if (told.name, told.sha256) != (name, hashlib.sha256(content).hexdigest()):
        raise CliError(f"{path} is about other sentences than this release has; nothing was signed")
    path.write_bytes(signed)
    path.with_suffix(".content").write_bytes(content)
    typer.echo(f"{LANGUAGES[tag].endonym} ({tag}), content hash {content.decode()}, until {told.expires:%Y-%m-%d}.")
    if publication.describe(signed).signatures == told.signatures:
        typer.echo("This key had signed already. Another person is needed.")
    typer.echo(_what_next(name, path, signed, content))


def _what_next(name: str, path: Path, signed: bytes, content: bytes) -> str:
    try:
        notices.checked(places(), name, signed, content)
    except CliError as error:
        beside = path.with_suffix(".content")
        if not notices.has_anchor(places()):
            return f"Signed. Give {path} and {beside} together to the next reviewer, or to the line."
        return f"Signed in {path}; {beside.name} goes with it. Not yet enough: {error}"
    return f"Enough people have signed. Show it: safeconduct board publish {name} {path}"


def _drafted(name: str, content: bytes, days: int) -> bytes:
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    return publication.draft(name, content, version=notices.next_version(places(), name), expires=expires)


def _catalogue(tag: str) -> str:
    """A language's catalogue, brought up to date. Raises `CliError` for one that is not translated from English."""
    if tag not in AVAILABLE or tag == SOURCE_LANGUAGE:
        others = ", ".join(other for other in AVAILABLE if other != SOURCE_LANGUAGE)
        raise CliError(f"there is no translation {tag!r}; there are {others}")
    return extraction.render(HOUSE, FOLDER, (tag,))[f"{tag}.po"]
