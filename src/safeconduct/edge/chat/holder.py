# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under which name a process holds its channel's lease, so that whoever follows a dead one on this machine need not wait for it.

The name lies in a file that its process keeps locked. Who gets the lock knows that the process is dead, and goes on under the
same name, which the lease knows. The file says of which start of which machine it is: a copied one is worth nothing.
"""

import contextlib
import fcntl
import os
import secrets
from pathlib import Path

NAME_BYTES = 16
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Holder:
    """Without a file, or while another process of this machine has it, the name is this process's own."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._name = secrets.token_bytes(NAME_BYTES)
        self._file: int | None = None

    def name(self) -> bytes:
        """To be asked before each try to get the lease: a process that waits may become the follower of a dead one."""
        if self._path is not None and self._file is None:
            with contextlib.suppress(OSError):  # a lock that cannot be had costs time and nothing else
                self._lock(self._path)
        return self._name

    def close(self) -> None:
        """Let the next process have the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _lock(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            boot = _boot()
            known, said = len(boot), os.pread(file, len(boot) + NAME_BYTES, 0)
            if boot and said[:known] == boot and len(said) == known + NAME_BYTES:
                self._name = said[known:]
            os.ftruncate(file, os.pwrite(file, boot + self._name, 0))
        except OSError:
            os.close(file)
            raise
        self._file = file


def _boot() -> bytes:
    """Empty where the system does not say: then nobody is believed to follow anybody."""
    with contextlib.suppress(OSError):
        return _BOOT.read_bytes().strip()
    return b""
