# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct custody packages`: what custody tells the Bureau, for who carries it. Sending needs nobody's keys."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import django_start
from safeconduct.cli.bureau import require_spoken
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places, replace_private
from safeconduct.desk.operators import fingerprints
from safeconduct.sealing import packages
from safeconduct.sealing.signatures import SigningKey

app = typer.Typer(no_args_is_help=True)


@app.command("key")
def key(
    file: Annotated[Path, typer.Argument(help="The Bureau's public half, bureau.pub.")],
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="What the Bureau reads aloud.", prompt="What the Bureau reads aloud")
    ],
) -> None:
    """Take the Bureau's public half, with witnesses, once its fingerprint was compared aloud. Then restart custody."""
    raw = file.read_bytes()
    packages.Bureau.parse(raw)
    require_spoken(raw, fingerprint)
    replace_private(_credentials() / "bureau.pub", raw)
    typer.echo("Taken: what happens from now on is sealed to this key.")
    typer.echo("What waits for a key, or was sealed to an earlier one, is made anew on the page Bureau.")


@app.command("line")
def line(file: Annotated[Path, typer.Argument(help="Where line.pub is written, for the Bureau.")]) -> None:
    """Write the public half by which the Bureau knows this register's packages."""
    signer = SigningKey.from_seed((_credentials() / "signing.key").read_bytes())
    raw = packages.line_file(signer.verify_key)
    file.write_bytes(raw)
    typer.echo(f"Made {file}. Read this to the Bureau aloud:")
    typer.echo(f"  {fingerprints.spoken(raw)}")


@app.command("send")
def send(
    to: Annotated[Path, typer.Option("--to", help="A folder, such as a courier's stick.")],
) -> None:
    """Write every package that the Bureau has not acknowledged into a folder, as it was sealed."""
    django_start.start()

    from safeconduct.desk.custody import acts  # noqa: PLC0415 - needs Django started
    from safeconduct.desk.custody.bureau import sending  # noqa: PLC0415

    count = sending.send(to, sending.unacknowledged(), acts.today())
    typer.echo(f"written {count}, waiting for a key {sending.unacknowledged().filter(key=None).count()}")


@app.command("after")
def after(
    number: Annotated[int, typer.Argument(help="The last number that the Bureau has: `bureau open` says it.", min=1)],
) -> None:
    """After a restore, before custody starts: give no number that the Bureau has already."""
    django_start.start()

    from safeconduct.desk.custody.bureau import making  # noqa: PLC0415 - needs Django started

    typer.echo(f"the next package is {making.go_on_after(number) + 1}")


@app.command("take")
def take(paths: Annotated[list[Path], typer.Argument(help="The Bureau's acknowledgements, ending in .sca.")]) -> None:
    """Take in what the Bureau acknowledged. A file again changes nothing."""
    django_start.start()

    from safeconduct.desk.custody.bureau import sending, telling  # noqa: PLC0415 - needs Django started
    from safeconduct.desk.custody.errors import CustodyError  # noqa: PLC0415

    for path in paths:
        try:
            taken = sending.take(path.read_bytes()[: sending.FILE_MAX + 1])
        except CustodyError as error:
            raise CliError(f"{path.name}: {telling.refused(error)}") from error
        typer.echo(f"{path.name}: now {taken.now}, before {taken.before}, not ours {taken.unknown}")


def _credentials() -> Path:
    return places().credentials / "custody"
