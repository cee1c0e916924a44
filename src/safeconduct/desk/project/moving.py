# SPDX-License-Identifier: AGPL-3.0-or-later
"""A lock between what moves envelopes and what copies the stores they move between."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def moving(home: Path, *, alone: bool) -> Iterator[None]:
    """Held shared while envelopes move between spool and desk, and alone while both are copied.

    Without it a backup could catch an envelope in neither, or a reply in neither.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home / "moving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)
