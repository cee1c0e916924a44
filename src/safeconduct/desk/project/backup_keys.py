# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of backups, one a day, each for so many days. Destroying a day's key ends what that day's backups hold under it."""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from safeconduct.desk.project.errors import BackupKeyGone

WEEK = timedelta(days=7)  # of the line: so soon an erasure has reached every copy (R48)
FIVE_WEEKS = timedelta(days=35)  # of custody, where nothing is erased and a loss may be seen late
KEY_BYTES = 32
_LATE_AFTER = timedelta(days=2)  # one that was missed may still come; two were not made


@dataclass(frozen=True, slots=True)
class Ring:
    """One file a day, outside the state folder. Copy them daily to where no backup lies, replacing what was there."""

    folder: Path
    kept_for: timedelta = WEEK

    def of(self, day: date) -> bytes:
        """The day's key, made if it is the first backup of the day."""
        path = self._path(day)
        if not path.exists() or path.stat().st_size != KEY_BYTES:  # a short one was cut off before it closed anything
            path.unlink(missing_ok=True)
            self._make(path)
        return path.read_bytes()

    def kept(self, day: date) -> bytes:
        """The day's key. Raises `BackupKeyGone`."""
        try:
            return self._path(day).read_bytes()
        except OSError as error:
            raise BackupKeyGone(
                f"the key of {day} is gone from {self.folder}: keys live for {self.kept_for.days} days, and what a backup held "
                f"under one dies with it. Take a newer backup; or, if the keys lie elsewhere, set {self.setting}."
            ) from error

    @property
    def setting(self) -> str:
        """What says where they lie."""
        return "SAFECONDUCT_BACKUP_KEYS" if self.kept_for == WEEK else "SAFECONDUCT_CUSTODY_BACKUP_KEYS"

    def forget(self, today: date) -> list[date]:
        """Destroy every key that has had its days. Returns theirs."""
        gone = []
        for path in sorted(self.folder.glob("????-??-??.key")):
            day = _day(path)
            if day is not None and today - day >= self.kept_for:
                _destroy(path)
                gone.append(day)
        return gone

    def newest(self) -> date | None:
        """The day of the last backup whose key lies here."""
        return max((day for path in self.folder.glob("????-??-??.key") if (day := _day(path))), default=None)

    def is_late(self, today: date) -> bool:
        """Whether somebody must see to the backup: none was ever made, or none lately."""
        newest = self.newest()
        return newest is None or today - newest > _LATE_AFTER

    def count(self) -> int:
        """How many keys lie here."""
        return sum(_day(path) is not None for path in self.folder.glob("????-??-??.key"))

    def forget_all(self) -> int:
        """Destroy every key, today's too: no backup that was made opens any more. How many there were."""
        paths = [path for path in self.folder.glob("????-??-??.key") if _day(path) is not None]
        for path in paths:
            _destroy(path)
        return len(paths)

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.key"

    def _make(self, path: Path) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())


def _day(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem)
    except ValueError:  # not one of ours
        return None


def _destroy(path: Path) -> None:
    with path.open("r+b") as file:  # overwritten first: all that a file system lets us do
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
