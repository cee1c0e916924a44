# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bodies of answers: compressed once where they never change, and always a multiple of 4,096 bytes long (T2).

A gzip member (RFC 1952) of our own making: its deflate stream (RFC 1951) is put together from pieces that were
compressed at start, each ending on a byte boundary without history, and the few bytes that are new, stored as they
are. So an answer costs microseconds, and a secret is never compressed together with anything (BREACH). The padding
lies in the header's FEXTRA field, which every decoder skips.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

STEP = 4096

_MAGIC = b"\x1f\x8b\x08\x04" + b"\x00" * 5 + b"\xff"  # deflate, FEXTRA, no time, no file system
_FRAME = len(_MAGIC) + 2 + 8  # and the length of FEXTRA, the checksum and the size
_SUBFIELD = b"SC"
_SUBFIELD_HEAD = 4
_END = b"\x03\x00"  # an empty last block
_STORED_MAX = 256  # longer than this, compressing is worth its time
_SHORT = 40
_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that never change, with their compressed form."""

    plain: bytes
    deflated: bytes
    checksum: int  # CRC-32 of `plain`


Part = Piece | bytes


def piece(text: str) -> Piece:
    """Compress as well as can be; meant for start, not for a request."""
    plain = text.encode()
    return Piece(plain, _deflated(plain, level=9, window=15), zlib.crc32(plain))


def gzipped(parts: Sequence[Part]) -> bytes:
    """One gzip member holding all parts, padded."""
    checksum = size = 0
    stream = []
    for part in parts:
        plain = part.plain if isinstance(part, Piece) else part
        # The first piece is the longest, and of more than 5,120 bytes crc32 gives Python's lock away to the writer.
        checksum = part.checksum if isinstance(part, Piece) and size == 0 else zlib.crc32(plain, checksum)
        size += len(plain)
        stream.append(part.deflated if isinstance(part, Piece) else _fresh(part))
    stream.append(_END)
    data = b"".join(stream)
    extra = -(_FRAME + _SUBFIELD_HEAD + len(data)) % STEP
    field = _SUBFIELD + extra.to_bytes(2, "little") + bytes(extra)
    head = _MAGIC + len(field).to_bytes(2, "little") + field
    return head + data + checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


def identity(parts: Sequence[Part]) -> bytes:
    """The same for who cannot read gzip; line ends after the page pad it."""
    data = b"".join(part.plain if isinstance(part, Piece) else part for part in parts)
    return data + b"\n" * (-len(data) % STEP)


def mark(name: str) -> str:
    """What a template is given in place of a value that only the request knows; see `Mould`."""
    return f"{_OPEN}{name}{_CLOSE}"


class Mould:
    """A rendered page with marks: all between them is compressed once, `cast` fills them in.

    Values must be safe in HTML as they are: digits, base64url, words of a list.
    """

    def __init__(self, page: str) -> None:
        self._parts = list(_split(page))

    def cast(self, values: Mapping[str, str]) -> list[Part]:
        return [part if isinstance(part, Piece) else part.format_map(values).encode() for part in self._parts]


def _split(page: str) -> Iterator[Piece | str]:
    """Pieces, and between them format strings: a few letters between two values are not worth a piece."""
    first, *rest = page.split(_OPEN)
    yield piece(first)
    gap = ""
    for chunk in rest:
        name, _, text = chunk.partition(_CLOSE)
        gap += f"{{{name}}}"
        if len(text) < _SHORT:
            gap += text.replace("{", "{{").replace("}", "}}")
            continue
        yield gap
        yield piece(text)
        gap = ""
    yield gap


def _fresh(part: bytes) -> bytes:
    if len(part) > _STORED_MAX:
        return _deflated(part, level=6, window=13)
    length = len(part)
    return b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + part


def _deflated(plain: bytes, *, level: int, window: int) -> bytes:
    press = zlib.compressobj(level, zlib.DEFLATED, -window, 7)
    return press.compress(plain) + press.flush(zlib.Z_FULL_FLUSH)
