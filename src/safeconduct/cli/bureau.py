# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct bureau`: the National Information Bureau's own side. It needs no desk, no database and nothing of the line's."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from safeconduct.cli import bureau_reading
from safeconduct.cli.bureau_reading import Opened, Shelf
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import private_folder, replace_private, write_private
from safeconduct.desk.operators import fingerprints
from safeconduct.sealing import packages
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey

app = typer.Typer(no_args_is_help=True)

Keys = Annotated[Path, typer.Option("--keys", help="The folder that `bureau keys` made: one for each line.")]


@app.command("keys")
def keys(
    folder: Annotated[Path, typer.Argument(help="Where the keys go; keep it offline and make a copy.")],
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Make new keys; the old opening key stays beside them.")
    ] = False,
) -> None:
    """Make the Bureau's keys for one line. The public half, bureau.pub, is for the line."""
    shelf = Shelf(folder)
    if shelf.opening.exists():
        if not again:
            raise CliError(f"{folder} holds keys already; --again makes new ones beside them")
        _set_aside(shelf)
    opening, signing = PrivateKey.generate(), SigningKey.generate()
    private_folder(folder)
    write_private(shelf.opening, opening.seed)
    replace_private(shelf.signing, signing.seed)
    public = packages.Bureau(opening.public, signing.verify_key).raw
    replace_private(shelf.public, public)
    typer.echo(f"Made. Give {shelf.public} to the line, and read this to them aloud:")
    typer.echo(f"  {fingerprints.spoken(public)}")


@app.command("trust")
def trust(
    line: Annotated[Path, typer.Argument(help="The line's file, line.pub.")],
    keys: Keys,
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="What the line reads aloud.", prompt="What the line reads aloud")
    ],
) -> None:
    """Take the line's public half, once its fingerprint was compared aloud."""
    raw = line.read_bytes()
    packages.parse_line(raw)
    require_spoken(raw, fingerprint)
    replace_private(Shelf(keys).line, raw)
    typer.echo("Taken. Packages of this line can be opened now.")


@app.command("open")
def open_packages(
    paths: Annotated[list[Path], typer.Argument(help="Packages, or folders of them.")],
    keys: Keys,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write what was opened into this file too.")] = None,
    acknowledgements: Annotated[
        Path | None, typer.Option("--acknowledgements", help="Where the file for the line goes (default: in --keys).")
    ] = None,
) -> None:
    """Verify and open packages, say what is missing, and write an acknowledgement for the line."""
    shelf = Shelf(keys)
    result = bureau_reading.read(shelf, _files(paths))
    for one in result.opened:
        typer.echo(bureau_reading.sentence(one))
    for path, problem in result.refused:
        typer.echo(f"{path.name}: {problem}", err=True)
    if as_json is not None:
        replace_private(as_json, _json(result.opened))
    for path in bureau_reading.acknowledge(
        shelf, result, acknowledgements or keys / "acknowledgements", datetime.now(UTC).date()
    ):
        typer.echo(f"Send this to the line: {path}")
    shelf.remember(result.received)
    typer.echo(f"Last number: {max(result.received, default=0)}.")
    missing = bureau_reading.gaps(result.received)
    if missing:
        typer.echo(f"Missing: {missing}. The line offers them again within a day; if it does not, ask it.")
    if result.refused:
        raise CliError(
            f"{len(result.refused)} of {len(result.refused) + len(result.opened)} could not be taken: see above"
        )


def require_spoken(public: bytes, said: str) -> None:
    """Raises `CliError` unless these are the digits that belong to the file."""
    digits = "".join(one for one in said if one.isdigit())
    if digits != fingerprints.spoken(public).replace(" ", ""):
        raise CliError("these digits do not belong to this file: it is another key, or it was altered on the way")


def _set_aside(shelf: Shelf) -> None:
    old = PrivateKey.from_seed(shelf.opening.read_bytes())
    shelf.opening.rename(shelf.folder / f"opening-{old.public.key_id.hex()[:8]}.key")


def _files(paths: list[Path]) -> list[Path]:
    found = [file for path in paths for file in (sorted(path.glob("*.sce")) if path.is_dir() else [path])]
    if not found:
        raise CliError("there is no package here; their names end in .sce")
    return found


def _json(opened: list[Opened]) -> bytes:
    plain = json.loads(msgspec.json.encode([one.notified for one in opened]))
    return json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n"
