# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup in two parts: the desk's database, and what may live for seven days only.

Erasure keys and the spool lie in the second part, closed under a key of its day. The day's key is destroyed seven days
later, so that what was erased since is gone from every copy of that backup, wherever it lies (R48). Whoever needs a
backup for longer keeps the first part; it opens nothing without erasure keys that still exist.
"""

import contextlib
import fcntl
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from safeconduct.cli.ceremony import SECRET_BYTES
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places, private_folder, write_private
from safeconduct.sealing import streams
from safeconduct.sealing.errors import SealingError

WEEK = timedelta(days=7)
FORMAT = 1
_PURPOSE = b"backup"
_DESK, _ERASURE, _SPOOL, _MANIFEST = "desk.db", "erasure.sealed", "spool.sealed", "manifest.json"


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself in clear: its format, and the day whose key closes its second part."""

    format: int
    day: date


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of the last days, one file each, outside the state folder. Copy them daily to where no backup lies."""

    folder: Path

    def of(self, day: date) -> bytes:
        """The day's key, made if it is the first backup of the day."""
        path = self._path(day)
        if not path.exists():
            write_private(path, os.urandom(SECRET_BYTES))
        return path.read_bytes()

    def kept(self, day: date) -> bytes:
        """The day's key, or `CliError` when it is gone."""
        try:
            return self._path(day).read_bytes()
        except OSError as error:
            raise CliError(
                f"the key of {day} is gone from {self.folder}: keys live for 7 days, and what a backup held of conversations "
                "dies with its key. Take a newer backup, or put the key back if it was lost by mistake."
            ) from error

    def forget(self, today: date) -> list[date]:
        """Destroy every key that is seven days old. Returns their days."""
        gone = []
        for path in sorted(self.folder.glob("*.key")):
            day = date.fromisoformat(path.stem)
            if today - day >= WEEK:
                _destroy(path)
                gone.append(day)
        return gone

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.key"


@contextlib.contextmanager
def moving(home: Path, *, alone: bool) -> Iterator[None]:
    """Held shared while envelopes move between spool and desk, and alone while both are copied.

    Without it a backup could catch an envelope in neither, or a reply in neither.
    """
    private_folder(home)
    descriptor = os.open(home / "moving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


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
    write_private(partial / _SPOOL, _closed(key, spool))
    write_private(partial / _ERASURE, _closed(key, erasure))
    write_private(partial / _MANIFEST, msgspec.json.encode(Manifest(FORMAT, day)))
    partial.rename(folder)
    return folder


def unpack(folder: Path, target: Places, ring: Ring) -> None:
    """Put a backup's three databases into an empty state folder. Raises `CliError`; a damaged backup leaves nothing."""
    manifest = read_manifest(folder)
    key = ring.kept(manifest.day)
    parts = {
        target.desk: (folder / _DESK).read_bytes(),
        target.spool: _opened(key, folder / _SPOOL),
        target.erasure: _opened(key, folder / _ERASURE),
    }
    for path, content in parts.items():
        if path.exists():
            raise CliError(f"{path} exists; restore into an empty SAFECONDUCT_HOME, or say --replace")
        write_private(path, content)


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


def _closed(key: bytes, plain: bytes) -> bytes:
    target = io.BytesIO()
    streams.close_stream(key, io.BytesIO(plain), target, purpose=_PURPOSE)
    return target.getvalue()


def _opened(key: bytes, path: Path) -> bytes:
    target = io.BytesIO()
    try:
        with path.open("rb") as source:
            streams.open_stream(key, source, target, purpose=_PURPOSE)
    except (OSError, SealingError) as error:
        raise CliError(f"{path} is missing, damaged or closed under another key") from error
    return target.getvalue()


def _free_name(to: Path, day: date) -> Path:
    private_folder(to)
    return next(path for number in range(1, 10_000) if not (path := to / f"{day.isoformat()}-{number:02}").exists())


def _destroy(path: Path) -> None:
    with path.open("r+b") as file:  # overwritten first: all that a file system lets us do
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def describe(folder: Path) -> str:
    """One line for a person: the day, and until when it can be restored whole."""
    day = read_manifest(folder).day
    return json.dumps({"backup": folder.name, "restorable_until": (day + WEEK).isoformat()})
