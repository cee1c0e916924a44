# SPDX-License-Identifier: AGPL-3.0-or-later
"""The part of `safeconduct audit` that reads and writes the desk's database. Imported only after Django has started."""

from pathlib import Path

from django.db import transaction

from safeconduct.cli.errors import CliError
from safeconduct.desk.audit import access, acts, appender, chain, exports
from safeconduct.desk.audit.chain import Report, Signed, Trust
from safeconduct.desk.audit.errors import AuditError


def verify(own: list[Signed], trust: Trust) -> tuple[Report, int]:
    """Check the database as one moment of it, together with checkpoints from outside."""
    with transaction.atomic():
        end = access.head()
        signed = [*access.signed(), *own, *([end] if end else [])]
        return chain.verify(access.links(), signed, trust), access.unchained()


def export(path: Path) -> int:
    """Write the whole record to a new file. Returns the number of entries."""
    appender.chain_once()
    try:
        with path.open("xb") as file, transaction.atomic():
            end = access.head()
            count = exports.write(file, access.links(), [*access.signed(), *([end] if end else [])])
            acts.record(None, "audit.exported", f"{count} entries")
    except FileExistsError as error:
        raise CliError(f"{path.name} exists already") from error
    return count


def export_checkpoint(path: Path) -> int:
    """Make and write a checkpoint of the present end. Returns its number."""
    appender.chain_once()
    number = appender.checkpoint_now()
    kept = next((signed for signed in access.signed() if signed.checkpoint.number == number), None)
    if kept is None:
        raise CliError("nothing has been recorded yet")
    try:
        with path.open("xb") as file, transaction.atomic():
            file.write(exports.checkpoint_line(kept))
            acts.record(None, "audit.exported", f"checkpoint {number}")
    except FileExistsError as error:
        raise CliError(f"{path.name} exists already") from error
    return number


def enter(path: Path) -> int:
    """Keep a countersigned checkpoint. Returns its number."""
    try:
        (kept,) = exports.signed(path)
        acts.enter_countersignature(kept)
    except (AuditError, ValueError) as error:
        raise CliError(f"this checkpoint was not taken: {error}") from error
    return kept.checkpoint.number
