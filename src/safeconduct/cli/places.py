# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a line keeps its state and where its credentials come from."""

import os
from dataclasses import dataclass
from pathlib import Path

DEMONSTRATION_MARK = "DEMONSTRATION"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one line. `credentials` lies outside `home` in production."""

    home: Path
    credentials: Path

    @property
    def spool(self) -> Path:
        return self.home / "spool" / "spool.db"

    @property
    def desk(self) -> Path:
        return self.home / "desk" / "desk.db"

    @property
    def erasure(self) -> Path:
        return self.home / "desk" / "erasure.db"

    @property
    def lookup(self) -> Path:
        """The keys that cover the search index; in no backup."""
        return self.home / "desk" / "lookup.db"

    @property
    def prompts(self) -> Path:
        """Where calls find what they say."""
        given = os.environ.get("SAFECONDUCT_PROMPTS")
        return Path(given).resolve() if given else self.home / "prompts"

    @property
    def demonstration(self) -> Path:
        """What only a demonstration has on the disk: publishers' keys and the operators' sign-in."""
        return self.home / "demonstration"

    @property
    def is_demonstration(self) -> bool:
        house = self.credentials / "custody" if os.environ.get("SAFECONDUCT_HOUSE") == "custody" else self.credentials
        return (house / DEMONSTRATION_MARK).exists()


def places() -> Places:
    """From `SAFECONDUCT_HOME` (default ./var) and `SAFECONDUCT_CREDENTIALS` (default: inside home, demonstration only)."""
    home = Path(os.environ.get("SAFECONDUCT_HOME") or "var").resolve()
    credentials = os.environ.get("SAFECONDUCT_CREDENTIALS")
    return Places(home, Path(credentials).resolve() if credentials else home / "credentials")


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can enter, whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; it never exists with wider permissions, and is never overwritten."""
    private_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_private(path: Path, content: bytes) -> None:
    """Put new content in a file's place, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    write_private(fresh, content)
    fresh.replace(path)
