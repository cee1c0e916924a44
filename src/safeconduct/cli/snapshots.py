# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup in two parts: the desk's database, and what may live for seven days only.

Erasure keys and the spool lie in the second part, closed under a key of its day. The day's key is destroyed seven days
later, so that what was erased since is gone from every copy of that backup, wherever it lies (R48). Whoever needs a
backup for longer keeps the first part; it opens nothing without erasure keys that still exist.
"""

import contextlib
import io
import json
import os
import sqlite3
from datetime import date, datetime
from pathlib import Path

import msgspec

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places, private_folder, write_private
from safeconduct.desk.project.backup_keys import WEEK, Ring
from safeconduct.desk.project.errors import BackupKeyGone
from safeconduct.desk.project.moving import moving
from safeconduct.sealing import streams
from safeconduct.sealing.errors import SealingError

FORMAT = 1
_DESK, _ERASURE, _SPOOL, _MANIFEST = "desk.db", "erasure.sealed", "spool.sealed", "manifest.json"


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself in clear: its format, and the day whose key closes its second part."""

    format: int
    day: date


def take(here: Places, to: Path, ring: Ring, now: datetime) -> Path:
    """Write one backup below `to` and return its folder. Nothing half-written keeps the final name."""
    if os.environ.get("SAFECONDUCT_DESK_DATABASE_URL"):
        raise CliError(
            "this desk runs on PostgreSQL: back that up with pg_dump, and the rest once it is unset for this command"
        )
    day = now.date()
    folder = _free_name(to, day)
    partial = private_folder(to / f".{folder.name}.partial")
    key = ring.of(day)
    with moving(here.home, alone=True):
        spool, desk, erasure = (_copy(path) for path in (here.spool, here.desk, here.erasure))
    write_private(partial / _DESK, desk)
    write_private(partial / _SPOOL, _closed(key, spool, _SPOOL))
    write_private(partial / _ERASURE, _closed(key, erasure, _ERASURE))
    write_private(partial / _MANIFEST, msgspec.json.encode(Manifest(FORMAT, day)))
    partial.rename(folder)
    return folder


def unpack(folder: Path, target: Places, ring: Ring, *, replace: bool = False) -> None:
    """Put a backup's three databases into a state folder. Raises `CliError`; then nothing has been changed.

    Without `replace` there must be no databases yet; with it those that are there are destroyed.
    """
    manifest = read_manifest(folder)
    key = _key(ring, manifest.day)
    parts = {
        target.desk: (folder / _DESK).read_bytes(),
        target.spool: _opened(key, folder / _SPOOL),
        target.erasure: _opened(key, folder / _ERASURE),
    }
    there = [path for path in parts if path.exists()]
    if there and not replace:
        raise CliError(f"{there[0]} exists; restore into an empty SAFECONDUCT_HOME, or say --replace")
    for path, content in parts.items():
        for old in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            old.unlink(missing_ok=True)
        write_private(path, content)


def _key(ring: Ring, day: date) -> bytes:
    try:
        return ring.kept(day)
    except BackupKeyGone as error:
        raise CliError(str(error)) from error


def read_manifest(folder: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode((folder / _MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise CliError(f"{folder} is no backup of ours: {_MANIFEST} is missing or damaged") from error
    if manifest.format != FORMAT:
        raise CliError(f"{folder} has format {manifest.format}; this release reads {FORMAT}")
    return manifest


def erased_digests(desks: list[Path]) -> set[bytes]:
    """What these desk databases know to be erased. A file that is none is passed over."""
    found: set[bytes] = set()
    for path in desks:
        with contextlib.suppress(sqlite3.Error), contextlib.closing(_read_only(path)) as connection:
            found |= {row[0] for row in connection.execute("SELECT digest FROM cases_erased")}
    return found


def desks_beside(folder: Path) -> list[Path]:
    """The desk databases of every backup in the same place: a newer one may know of erasures that this one does not."""
    return sorted(folder.parent.glob(f"*/{_DESK}"))


def _copy(path: Path) -> bytes:
    # Through memory: a copy on a disk, even a deleted one, would keep keys that are to be destroyed.
    if not path.exists():
        raise CliError(f"{path} does not exist: nothing has run here yet")
    with contextlib.closing(_read_only(path)) as source, contextlib.closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        return copy.serialize()


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)


def _closed(key: bytes, plain: bytes, name: str) -> bytes:
    target = io.BytesIO()
    streams.close_stream(key, io.BytesIO(plain), target, purpose=_purpose(name))
    return target.getvalue()


def _purpose(name: str) -> bytes:
    return b"backup/" + name.encode()  # so that one part of a backup cannot stand in for the other


def _opened(key: bytes, path: Path) -> bytes:
    target = io.BytesIO()
    try:
        with path.open("rb") as source:
            streams.open_stream(key, source, target, purpose=_purpose(path.name))
    except (OSError, SealingError) as error:
        raise CliError(f"{path} is missing, damaged or closed under another key") from error
    return target.getvalue()


def _free_name(to: Path, day: date) -> Path:
    private_folder(to)
    return next(path for number in range(1, 10_000) if not (path := to / f"{day.isoformat()}-{number:02}").exists())


def describe(folder: Path) -> str:
    """One line for a person: the day, and until when it can be restored whole."""
    day = read_manifest(folder).day
    return json.dumps({"backup": folder.name, "restorable_until": (day + WEEK).isoformat()})
