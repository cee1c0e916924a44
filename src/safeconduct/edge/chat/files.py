# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8: a person's file goes from the provider to the disk in pieces, each sealed before it is written, and is never opened.

The key goes into the sealed record and nowhere else. The file's name is random. It is durable before the message that
names it is acknowledged. The spool keeps each name for its conversation, so that whoever erases the conversation, or its
end, leaves a file that nothing names: it is swept.
"""

import asyncio
import os
import secrets
import shutil
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

from safeconduct.edge.chat.errors import FileTooLarge
from safeconduct.sealing.streams import PIECE_BYTES, StreamCloser
from safeconduct.spool.contract import Expiring, Kept
from safeconduct.vocabulary.records import FileSent

FILE_MAX = 20 << 20  # bytes; Telegram's bots get no larger ones
FILES_MOST = 100  # of one conversation
LEFT_FREE = 1 << 30  # bytes of the disk; the spool and the desk need them for what people write
PURPOSE = b"file"
STORAGE_BYTES = 16
FILE = "file"  # the kind under which the spool keeps its name
LIFE_SECONDS = 180 * 24 * 3600
PATIENCE_SECONDS = 60.0  # so long a file that the provider does not give is waited for
_WAITED_MOST = 1000
YOUNG_SECONDS = 3600  # so long its message may still be on the way into the spool
_UNFINISHED = ".part"


class FileStore:
    """One folder of sealed files, which the workers of several channels share."""

    def __init__(self, folder: Path, channel: str) -> None:
        self._folder = folder
        self._unfinished = f".{channel}{_UNFINISHED}"
        self._waited: OrderedDict[str, float] = OrderedDict()  # a file that was asked for in vain -> since when
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def has_room(self, of_conversation: int) -> bool:
        """Whether one more is taken from who has sent so many: words come before pictures, and everybody's before one's."""
        return of_conversation < FILES_MOST and shutil.disk_usage(self._folder).free > LEFT_FREE + FILE_MAX

    def wait_for(self, handle: str) -> None:
        """Say that a file is asked for, so that `is_hopeless` knows since when."""
        self._waited.setdefault(handle, time.monotonic())
        if len(self._waited) > _WAITED_MOST:
            self._waited.popitem(last=False)

    def is_hopeless(self, handle: str) -> bool:
        """Whether it was asked for long enough: other people's messages wait behind it."""
        return time.monotonic() - self._waited.get(handle, 0.0) > PATIENCE_SECONDS

    async def take(self, pieces: AsyncIterator[bytes], *, media_type: str, name: str | None) -> FileSent:
        """Seal it onto the disk. Raises `FileTooLarge`, `OSError`, and what `pieces` raises; then nothing is left."""
        storage, key = secrets.token_bytes(STORAGE_BYTES), secrets.token_bytes(32)
        path = self._folder / (storage.hex() + self._unfinished)
        try:
            size = await self._write(path, key, pieces)
            await asyncio.to_thread(_settle, path, self._folder / storage.hex())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return FileSent(storage, key, size, media_type[:100], None if name is None else name[:255])

    def forget(self, storages: Iterable[bytes]) -> None:
        """The message that named them was not stored, or the conversation is erased."""
        for storage in storages:
            (self._folder / storage.hex()).unlink(missing_ok=True)

    def sweep_unfinished(self) -> None:
        """What a worker of this channel was writing when it died. Only for the one that owns the channel."""
        for path in self._folder.glob(f"*{self._unfinished}"):
            path.unlink(missing_ok=True)

    async def sweep(self, spool: Expiring) -> None:
        """Destroy what no conversation names any more: erased at any door, or expired, or never stored."""
        for path in await asyncio.to_thread(self._settled_long_ago):
            if await spool.kept(FILE, bytes.fromhex(path.name)) is None:
                path.unlink(missing_ok=True)

    def _settled_long_ago(self) -> list[Path]:
        until = time.time() - YOUNG_SECONDS
        names = [path for path in self._folder.iterdir() if len(path.name) == 2 * STORAGE_BYTES]
        return [path for path in names if path.stat().st_mtime < until]

    async def _write(self, path: Path, key: bytes, pieces: AsyncIterator[bytes]) -> int:
        size, pending = 0, bytearray()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            closer = StreamCloser(key, target, purpose=PURPOSE)
            async for piece in pieces:
                size += len(piece)
                if size > FILE_MAX:
                    raise FileTooLarge(FILE_MAX >> 20)
                pending += piece
                while len(pending) > PIECE_BYTES:
                    await asyncio.to_thread(closer.write, bytes(pending[:PIECE_BYTES]))
                    del pending[:PIECE_BYTES]
            await asyncio.to_thread(closer.finish, bytes(pending))
            target.flush()
            await asyncio.to_thread(os.fsync, target.fileno())
        return size


def keeps_of(files: Sequence[FileSent], now: float) -> tuple[Kept, ...]:
    """For the commit that stores the message: the names live as long as the conversation."""
    return tuple(Kept(FILE, sent.storage, b"", int(now) + LIFE_SECONDS) for sent in files)


def _settle(path: Path, final: Path) -> None:
    path.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
