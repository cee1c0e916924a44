# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct audit`: check the record without believing the desk, and carry checkpoints to the monitor's offline key.

`verify --export` and `checkpoint countersign` need no database and no Django: they run on the monitor's own machine.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import django_start
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places, write_private
from safeconduct.desk.audit import chain, exports
from safeconduct.desk.audit.chain import Report, Signed, Trust
from safeconduct.desk.audit.errors import AuditError
from safeconduct.sealing import checkpoints
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.signatures import SigningKey, VerifyKey

app = typer.Typer(no_args_is_help=True)
checkpoint = typer.Typer(no_args_is_help=True, help="Carry checkpoints to the monitor's offline key and back.")
app.add_typer(checkpoint, name="checkpoint")

Export = Annotated[Path | None, typer.Option("--export", help="Check this file instead of the database.")]
DeskKey = Annotated[str, typer.Option("--desk-key", help="The desk's public key in hex; default: from doors.json.")]
Monitors = Annotated[list[str] | None, typer.Option("--monitor-key", help="A monitor's public key in hex; repeatable.")]
Kept = Annotated[list[Path] | None, typer.Option("--checkpoint", help="A checkpoint that you kept; repeatable.")]
Secret = Annotated[Path, typer.Option("--key", help="The monitor's secret key: 32 bytes in a file, kept offline.")]


@app.command()
def verify(export: Export = None, desk_key: DeskKey = "", monitor_key: Monitors = None, kept: Kept = None) -> None:
    """Check every entry, every signature and every checkpoint; say what that proves and what not."""
    trust = Trust(_desk_key(desk_key), tuple(_public(text) for text in monitor_key or ()))
    try:
        own = [signed for path in kept or () for signed in exports.signed(path)]
        report, unchained = _of_export(export, own, trust) if export else _of_database(own, trust)
    except AuditError as error:
        raise CliError(str(error)) from error
    for line in told(report, unchained=unchained, kept=len(own)):
        typer.echo(line)
    if report.problems:
        raise typer.Exit(code=1)


@app.command("export")
def export_record(path: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Write the record to a file: sealed entries, hashes, checkpoints. It can be checked anywhere."""
    django_start.start()

    from safeconduct.cli import audit_database  # noqa: PLC0415 -- models can be imported only after Django has started

    typer.echo(f"{audit_database.export(path)} entries.")


@checkpoint.command("export")
def export_checkpoint(path: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Write the present end of the record as a checkpoint, for the monitor to countersign."""
    django_start.start()

    from safeconduct.cli import audit_database  # noqa: PLC0415 -- models can be imported only after Django has started

    number = audit_database.export_checkpoint(path)
    typer.echo(f"Checkpoint {number}. The monitor checks an export up to it, then countersigns.")


@checkpoint.command("countersign")
def countersign(path: Annotated[Path, typer.Argument(help="The checkpoint's file.")], key: Secret) -> None:
    """On the monitor's machine: sign the checkpoint. Verify an export that reaches up to it first."""
    try:
        signing = SigningKey.from_seed(key.read_bytes())
        (kept,) = exports.signed(path)
    except (OSError, SealingError, AuditError, ValueError) as error:
        raise CliError("give a checkpoint's file and a secret key of 32 bytes") from error
    signature = checkpoints.sign(kept.checkpoint, signing)
    done = Signed(kept.checkpoint, kept.signature, signing.verify_key.raw, signature)
    to = path.with_suffix(".countersigned")
    _write_new(to, exports.checkpoint_line(done))
    typer.echo(
        f"Wrote {to.name}. Keep a copy of it: it shows if the record is ever cut off before {kept.checkpoint.number}."
    )
    typer.echo(f"Your public key: {signing.verify_key.raw.hex()}")


@checkpoint.command("enter")
def enter(path: Annotated[Path, typer.Argument(help="The countersigned file.")]) -> None:
    """Give the desk the monitor's countersignature."""
    django_start.start()

    from safeconduct.cli import audit_database  # noqa: PLC0415 -- models can be imported only after Django has started

    typer.echo(f"Checkpoint {audit_database.enter(path)} is countersigned.")


def told(report: Report, *, unchained: int | None, kept: int) -> Iterable[str]:
    """What a person reads: the findings, then what they prove."""
    yield f"{report.entries} entries are chained; the desk's signatures reach {report.signed_to}."
    if report.countersigned_to:
        yield f"The monitor's countersignatures reach {report.countersigned_to}."
    for key in sorted(report.unknown_countersigners):
        yield f"There are countersignatures by {key}, which you did not name with --monitor-key: not believed."
    for problem in report.problems:
        yield f"PROBLEM: {problem}."
    if report.problems:
        yield "The record was changed, or its keys are not the ones given."
        return
    yield f"Proven: up to {report.signed_to} nothing was changed, moved or left out by anyone without the desk's signing key"
    if report.countersigned_to:
        yield f"  and, up to {report.countersigned_to}, by anyone at all without the monitor's key as well"
    yield "Not proven: that every act was recorded, or that what an entry says is true."
    if not kept:
        yield "Not proven: that the end was not cut off together with its checkpoints. Only a checkpoint that you kept"
        yield "  yourself (--checkpoint FILE) shows that."
    if unchained:
        yield f"{unchained} entries are not chained yet: nothing is proven of them."
    if unchained is None:
        yield "An export holds no entries that were not chained yet."


def _of_export(path: Path, own: list[Signed], trust: Trust) -> tuple[Report, int | None]:
    return chain.verify(exports.entries(path), [*exports.signed(path), *own], trust), None


def _of_database(own: list[Signed], trust: Trust) -> tuple[Report, int | None]:
    django_start.start()

    from safeconduct.cli import audit_database  # noqa: PLC0415 -- models can be imported only after Django has started

    return audit_database.verify(own, trust)


def _desk_key(text: str) -> VerifyKey:
    if text:
        return _public(text)
    try:
        return _public(json.loads((places().credentials / "doors.json").read_text())["desk"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CliError(
            "name the desk's public key with --desk-key, or have doors.json among the credentials"
        ) from error


def _public(text: str) -> VerifyKey:
    try:
        return VerifyKey.parse(bytes.fromhex(text))
    except (ValueError, SealingError) as error:
        raise CliError("a public key is 64 hexadecimal digits") from error


def _write_new(path: Path, content: bytes) -> None:
    try:
        write_private(path, content)
    except FileExistsError as error:
        raise CliError(f"{path.name} exists already") from error
