# SPDX-License-Identifier: AGPL-3.0-or-later
"""Long files (backups) closed piece by piece, so that memory stays small and a cut-off file is noticed.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over our own box: each piece is bound to its
stream, its number and whether it is the last, so that pieces cannot be dropped, repeated, swapped, cut off at the end
or taken from another stream under the same key.
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.errors import Malformed

PIECE_BYTES: Final = 1 << 20
STREAM_ID_BYTES: Final = 16
_LENGTH_BYTES: Final = 4
_CLOSED_MAX: Final = PIECE_BYTES + 256


class StreamCloser:
    """Writes a stream of which the pieces come one by one: each but the last has `PIECE_BYTES`."""

    def __init__(self, key: bytes, target: BinaryIO, *, purpose: bytes) -> None:
        self._key, self._target, self._purpose = key, target, purpose
        self._stream = secrets.token_bytes(STREAM_ID_BYTES)
        self._number = 0
        target.write(self._stream)

    def write(self, piece: bytes) -> None:
        """One more, and not the last."""
        self._write(piece, last=False)

    def finish(self, piece: bytes) -> None:
        """The last, which may be empty."""
        self._write(piece, last=True)

    def _write(self, piece: bytes, *, last: bool) -> None:
        place = _place(self._stream, self._number, last=last)
        closed = close_box(self._key, piece, purpose=self._purpose, context=place)
        self._target.write(len(closed).to_bytes(_LENGTH_BYTES, "big") + closed)
        self._number += 1


def close_stream(key: bytes, source: BinaryIO, target: BinaryIO, *, purpose: bytes) -> None:
    """Read `source` to its end and write it closed under a 32-byte key."""
    closer = StreamCloser(key, target, purpose=purpose)
    for piece, last in _pieces(source):
        (closer.finish if last else closer.write)(piece)


def open_stream(key: bytes, source: BinaryIO, target: BinaryIO, *, purpose: bytes) -> None:
    """Write what `close_stream` read. Raises `Tampered` for another key or altered bytes, `Malformed` for a cut file.

    What was written before an error must not be used: write to a place of its own and move it afterwards.
    """
    stream = source.read(STREAM_ID_BYTES)
    number, closed = 0, _next(source)
    if closed is None:
        raise Malformed("This file holds no closed stream.")
    while closed is not None:
        following = _next(source)
        target.write(open_box(key, closed, purpose=purpose, context=_place(stream, number, last=following is None)))
        number, closed = number + 1, following


def _pieces(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    piece = source.read(PIECE_BYTES)
    while True:
        following = source.read(PIECE_BYTES)
        yield piece, not following
        if not following:
            return
        piece = following


def _next(source: BinaryIO) -> bytes | None:
    head = source.read(_LENGTH_BYTES)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    closed = source.read(length) if length <= _CLOSED_MAX else b""
    if len(head) < _LENGTH_BYTES or not closed or len(closed) != length:
        raise Malformed("This closed stream is cut off or damaged.")
    return closed


def _place(stream: bytes, number: int, *, last: bool) -> bytes:
    return stream + number.to_bytes(8, "big") + (b"\x01" if last else b"\x00")
