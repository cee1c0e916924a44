# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct paper`: print the Convention's forms, empty or filled in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from safeconduct.cli.errors import CliError
from safeconduct.paper.content import FORMS, CaptureCard, Form, name_of
from safeconduct.paper.errors import PaperError
from safeconduct.paper.typesetting import Sheet, pdf, pictures, prepare
from safeconduct.paper.wording import AVAILABLE

app = typer.Typer(no_args_is_help=True)

_CARD_LANGUAGES = ("uk", "ru", "en")
_CARDS: msgspec.json.Decoder[Any] = msgspec.json.Decoder(CaptureCard | list[CaptureCard])
_FORM: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Form)


@app.callback()
def paper() -> None:
    """Print the Convention's forms, empty or filled in."""


Languages = Annotated[
    list[str] | None,
    typer.Option("--language", help="The person's language first; up to three, each with its own --language."),
]
Also = Annotated[list[str] | None, typer.Option("--also", help="Below each sentence in small; up to two languages.")]
Pictures = Annotated[bool, typer.Option("--pictures", help="PNG, a file for each page, to look at.")]


@app.command()
def forms(
    out: Annotated[Path, typer.Option("--out", help="A folder.")],
    *,
    language: Languages = None,
    also: Also = None,
    as_pictures: Pictures = False,
) -> None:
    """Print every form empty, in each of the languages (default: all), to be filled in by hand."""
    out.mkdir(parents=True, exist_ok=True)
    for tag in language or AVAILABLE:
        below = [other for other in also or () if other != tag]
        for form in FORMS:
            _write(out / f"{name_of(form)}.{tag}.pdf", form(), [tag, *below], as_pictures=as_pictures)
    typer.echo(f"{len(FORMS)} forms in {', '.join(language or AVAILABLE)} are in {out}")


@app.command()
def card(
    file: Annotated[Path, typer.Argument(help="JSON: one capture card, or a list of them.")],
    out: Annotated[Path, typer.Option("--out", help="The PDF to write.")] = Path("capture-cards.pdf"),
    *,
    language: Languages = None,
    as_pictures: Pictures = False,
) -> None:
    """Print capture cards, all in one file, in two or three languages."""
    cards = _decoded(file, _CARDS)
    _write(out, cards, language or _CARD_LANGUAGES, as_pictures=as_pictures)
    typer.echo(f"{len(cards) if isinstance(cards, list) else 1} in {out}")


@app.command()
def fill(
    file: Annotated[Path, typer.Argument(help='JSON with "type": the form\'s name, and its fields.')],
    out: Annotated[Path, typer.Option("--out", help="The PDF to write.")] = Path("form.pdf"),
    *,
    language: Languages = None,
    as_pictures: Pictures = False,
) -> None:
    """Print one form filled in. `forms` shows which there are."""
    _write(out, _decoded(file, _FORM), language or ["en"], as_pictures=as_pictures)
    typer.echo(str(out))


def _decoded(file: Path, decoder: msgspec.json.Decoder[Any]) -> Any:
    try:
        return decoder.decode(file.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # names fields and types, never what stands in them
        raise CliError(f"{file}: {error}") from None


def _write(out: Path, content: Form | Sequence[CaptureCard], languages: Sequence[str], *, as_pictures: bool) -> None:
    try:
        sheet = prepare(content, languages)
        if as_pictures:
            _write_pictures(out, sheet)
        else:
            out.write_bytes(pdf(sheet))
    except PaperError as error:
        raise CliError(f"{out.name}: {error}") from None


def _write_pictures(out: Path, sheet: Sheet) -> None:
    for number, page in enumerate(pictures(sheet), start=1):
        out.with_suffix(f".{number}.png").write_bytes(page)
