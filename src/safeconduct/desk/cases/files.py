# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8: persons' sealed files, opened into memory and never onto the disk.

The desk only reads them. The edge takes them away when their conversation is erased or ends (R48): its spool knows which file is whose.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from safeconduct.desk.cases import sandbox
from safeconduct.desk.cases.errors import FileGone
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.streams import open_stream
from safeconduct.vocabulary.records import FileSent

PURPOSE = b"file"  # of the closed stream, as the edge writes it
BYTES_MAX = 20 << 20
_SEALED_MAX = BYTES_MAX + (64 << 10)  # with what the stream adds


@contextlib.contextmanager
def opened(folder: Path, sent: FileSent) -> Iterator[int]:
    """A descriptor of the file in memory, which nobody can change. Raises `FileGone`."""
    with sandbox.memory("file") as clear:
        try:
            with _sealed(folder / sent.storage.hex()) as closed, os.fdopen(os.dup(clear), "wb") as target:
                open_stream(sent.key, closed, target, purpose=PURPOSE)
        except (OSError, SealingError) as error:
            raise FileGone(type(error).__name__) from None
        sandbox.seal(clear)
        yield clear


def _sealed(path: Path) -> BinaryIO:
    """The file as it lies there. Whoever took the edge could lay a pipe or a link in its place, to hold the desk up."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > _SEALED_MAX:
        os.close(descriptor)
        raise FileGone("no file of a door's")
    return os.fdopen(descriptor, "rb")
