# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8, R48: persons' sealed files. One is opened into memory and never onto the disk; a conversation's go in one act."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from safeconduct.desk.cases import sandbox
from safeconduct.desk.cases.errors import FileGone
from safeconduct.desk.cases.models import Erased
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.file_places import PURPOSE, folder_of, folder_of_erased
from safeconduct.sealing.streams import open_stream
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.records import FileSent

BYTES_MAX = 20 << 20
_SEALED_MAX = BYTES_MAX + (64 << 10)  # with what the stream adds


class FileFolder:
    """The files of all conversations, each conversation's in a folder of its own. The edge writes, the desk reads."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextlib.contextmanager
    def opened(self, conversation: ConversationId, sent: FileSent) -> Iterator[int]:
        """A descriptor of the file in memory, which nobody can change. Raises `FileGone`."""
        path = self._root / folder_of(conversation) / sent.storage.hex()
        with sandbox.memory("file") as clear:
            try:
                with _sealed(path) as closed, os.fdopen(os.dup(clear), "wb") as target:
                    open_stream(sent.key, closed, target, purpose=PURPOSE)
            except (OSError, SealingError) as error:
                raise FileGone(type(error).__name__) from None
            sandbox.seal(clear)
            yield clear

    def erase(self, conversation: ConversationId) -> None:
        """R48: every file of this conversation."""
        self._remove(folder_of(conversation))

    def sweep(self, erased: Iterable[bytes]) -> int:
        """Remove what belongs to conversations of which only these digests are left. How many there were."""
        here = self._names()
        gone = {name for name in map(folder_of_erased, erased) if name in here} if here else set()
        for name in gone:
            self._remove(name)
        return len(gone)

    def _names(self) -> set[str]:
        try:
            return set(os.listdir(self._root))  # noqa: PTH208 - names alone
        except FileNotFoundError:
            return set()

    def _remove(self, name: str) -> None:
        path = self._root / name
        with contextlib.suppress(FileNotFoundError):
            if path.is_symlink() or not path.is_dir():
                path.unlink()
            else:
                shutil.rmtree(path)


def _sealed(path: Path) -> BinaryIO:
    """The file as it lies there. Whoever took the edge could lay a pipe or a link in its place, to hold the desk up."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > _SEALED_MAX:
        os.close(descriptor)
        raise FileGone("no file of a door's")
    return os.fdopen(descriptor, "rb")


def sweep(root: Path) -> int:
    """The clock's act: files of what was erased while this desk could not reach them, or that came back with a copy."""
    return FileFolder(root).sweep(bytes(one) for one in Erased.objects.values_list("digest", flat=True).iterator())
