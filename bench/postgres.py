# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL server for a bench: the tests' own, with the settings that `docs/install.md` asks of a real one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.desk import postgres

# Durable: fsync, synchronous_commit and full_page_writes are on by default, and stay so.
SETTINGS = (
    "shared_buffers=1GB",
    "effective_cache_size=4GB",
    "random_page_cost=1.1",
    "jit=off",
    "max_wal_size=4GB",
)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Yields the URL of an empty database, on the disk of this folder where an unprivileged server can reach it."""
    folder.chmod(0o711)
    is_open = os.getuid() != 0 or all(one.stat().st_mode & 0o001 for one in folder.absolute().parents)
    with postgres.running(SETTINGS, within=folder.absolute() if is_open else Path("/tmp")) as url:  # noqa: S108
        yield url
