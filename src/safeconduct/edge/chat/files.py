# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8: a person's file goes from the provider to the disk in pieces, each sealed before it is written, and is never opened.

The key goes into the sealed record and nowhere else. The file's name is random. It is durable before the message that
names it is acknowledged; one that no message names any more is swept.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from safeconduct.edge.chat.errors import FileTooLarge
from safeconduct.sealing.streams import PIECE_BYTES, StreamCloser
from safeconduct.vocabulary.records import FileSent

FILE_MAX = 20 << 20  # bytes; Telegram's bots get no larger ones
PURPOSE = b"file"
STORAGE_BYTES = 16
_UNFINISHED = ".part"


class FileStore:
    """One folder of sealed files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def take(self, pieces: AsyncIterator[bytes], *, media_type: str, name: str | None) -> FileSent:
        """Seal it onto the disk. Raises `FileTooLarge`, `OSError`, and what `pieces` raises; then nothing is left."""
        storage, key = secrets.token_bytes(STORAGE_BYTES), secrets.token_bytes(32)
        path = self._folder / (storage.hex() + _UNFINISHED)
        try:
            size = await self._write(path, key, pieces)
            await asyncio.to_thread(_settle, path, self._folder / storage.hex())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return FileSent(storage, key, size, media_type[:100], None if name is None else name[:255])

    def forget(self, sent: FileSent) -> None:
        """The message that named it was not stored."""
        (self._folder / sent.storage.hex()).unlink(missing_ok=True)

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


def _settle(path: Path, final: Path) -> None:
    path.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
