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
import shutil
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


def take(here: Places, to: Path, ring: Ring, now: datetime, *, has_desk_file: bool = True) -> Path:
    """Write one backup below `to` and return its folder. Nothing half-written keeps the final name.

    Without a desk file (PostgreSQL) the first part is left to pg_dump.
    """
    day = now.date()
    folder = free_name(to, day)
    partial = to / f".{folder.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)  # of a backup that was cut off
    private_folder(partial)
    key = ring.of(day)
    with moving(here.home, alone=True):
        spool, erasure = copy_whole(here.spool), copy_whole(here.erasure)
        if has_desk_file:
            _copy_file(here.desk, partial / _DESK)
    for name, content in ((_SPOOL, spool), (_ERASURE, erasure)):
        write_closed(key, content, partial / name)
    write_private(partial / _MANIFEST, msgspec.json.encode(Manifest(FORMAT, day)))
    partial.rename(folder)
    return folder


def unpack(folder: Path, target: Places, ring: Ring) -> None:
    """Put a backup's databases into an empty state folder. Raises `CliError`; then nothing has been changed."""
    manifest = read_manifest(folder)
    key = key_of(ring, manifest.day)
    parts = {target.spool: opened(key, folder / _SPOOL), target.erasure: opened(key, folder / _ERASURE)}
    if (folder / _DESK).exists():
        parts[target.desk] = (folder / _DESK).read_bytes()
    require_empty(target)
    for path, content in parts.items():
        write_private(path, content)


def require_empty(target: Places) -> None:
    """Raise `CliError` when there is a database that a restore would destroy."""
    for path in (target.desk, target.spool, target.erasure):
        if path.exists():
            raise CliError(f"{path} exists; restore into an empty SAFECONDUCT_HOME, or say --replace")


def put_in_place(staging: Places, here: Places) -> None:
    """Move restored databases to where the line looks. What stood there is destroyed, and with it the keys of its search index.

    The restored index has no rows that they would have to cover, or old ones, which the desk's clock covers anew under a
    new key: keys that no row names would be destroyed by nobody, and would go on opening the rows of other copies.

    Cut off in between, the line's parts do not fit each other, and the restore is to be repeated: nothing that was erased
    comes back by that, because what is staged was erased again first.
    """
    for new, old in ((staging.spool, here.spool), (staging.desk, here.desk), (staging.erasure, here.erasure)):
        if not new.exists():
            continue
        settle(new)
        unlink_database(old)
        private_folder(old.parent)
        new.rename(old)
    unlink_database(here.lookup)
    shutil.rmtree(staging.home)


def unlink_database(path: Path) -> None:
    """With its journals."""
    # A journal that a crash left would be played into the restored file, and destroy what is in it.
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Bring a write-ahead log home, so that the file can be moved alone."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def key_of(ring: Ring, day: date) -> bytes:
    """Raises `CliError`."""
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
    """What these desk databases know to be erased.

    Raises `CliError` for one that cannot be read: whoever it names as erased would come back.
    """
    found: set[bytes] = set()
    for path in desks:
        try:
            with contextlib.closing(_read_only(path)) as connection:
                found |= {row[0] for row in connection.execute("SELECT digest FROM cases_erased")}
        except sqlite3.Error as error:
            raise CliError(f"{path} cannot be read, and may know of erasures; mend it or move it away first") from error
    return found


def desks_beside(folder: Path) -> list[Path]:
    """The desk databases of every backup in the same place: a newer one may know of erasures that this one does not."""
    return sorted(folder.parent.glob(f"*/{_DESK}"))


def copy_whole(path: Path) -> bytes:
    """A database as it stands, with nothing half-written. Raises `CliError` where there is none."""
    # Through memory: a copy on a disk, even a deleted one, would keep keys that are to be destroyed.
    if not path.exists():
        raise CliError(f"{path} does not exist: nothing has run here yet")
    with contextlib.closing(_read_only(path)) as source, contextlib.closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        return copy.serialize()


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)


def _copy_file(path: Path, target: Path) -> None:
    if not path.exists():
        raise CliError(f"{path} does not exist: nothing has run here yet")
    write_private(target, b"")
    with contextlib.closing(_read_only(path)) as source, contextlib.closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def write_closed(key: bytes, plain: bytes, target: Path) -> None:
    """On the disk when this returns; it opens under its own file name alone."""
    write_private(target, b"")
    with target.open("wb") as file:
        streams.close_stream(key, io.BytesIO(plain), file, purpose=_purpose(target.name))
        file.flush()
        os.fsync(file.fileno())


def _purpose(name: str) -> bytes:
    return b"backup/" + name.encode()  # so that one part of a backup cannot stand in for the other


def opened(key: bytes, path: Path) -> bytes:
    """Raises `CliError`."""
    target = io.BytesIO()
    try:
        with path.open("rb") as source:
            streams.open_stream(key, source, target, purpose=_purpose(path.name))
    except (OSError, SealingError) as error:
        raise CliError(f"{path} is missing, damaged or closed under another key") from error
    return target.getvalue()


def free_name(to: Path, day: date) -> Path:
    """A folder that is not there yet."""
    private_folder(to)
    return next(path for number in range(1, 10_000) if not (path := to / f"{day.isoformat()}-{number:02}").exists())


def describe(folder: Path) -> str:
    """One line for a person: the day, and until when it can be restored whole."""
    day = read_manifest(folder).day
    return json.dumps({"backup": folder.name, "restorable_until": (day + WEEK).isoformat()})
