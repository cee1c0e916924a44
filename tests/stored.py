# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in the folders of processes that may be at work: databases make and remove files of their own at any moment."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


def stored_under(*folders: Path) -> dict[Path, bytes]:
    """Every file there is, with what it holds."""
    return stored(lambda: [path for folder in folders for path in _files_under(folder)])


def stored_beside(*paths: Path) -> dict[Path, bytes]:
    """These files, and those beside them whose names go on after theirs: a database and its journal."""
    return stored(lambda: [beside for path in paths for beside in path.parent.glob(f"{path.name}*")])


def stored(files: Callable[[], Iterable[Path]]) -> dict[Path, bytes]:
    """What the files hold. A look counts only when nothing went away in it: what was renamed could have been passed over."""
    for _ in range(100):
        try:
            return {path: path.read_bytes() for path in sorted(files())}
        except FileNotFoundError:
            time.sleep(0.05)
    raise AssertionError("the files never lay still")


def _files_under(folder: Path) -> Iterator[Path]:
    """No sockets and pipes. pathlib's own walk fails when a folder goes away under it."""
    names = (Path(place) / name for place, _, names in os.walk(folder) for name in names)
    return (path for path in names if path.is_file())
