# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record as a file that is checked on another machine: JSON lines, all of it sealed but number, day and hash."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

import msgspec

from safeconduct.desk.audit.chain import Link, Signed
from safeconduct.desk.audit.errors import NotAnExport
from safeconduct.sealing.checkpoints import Checkpoint


class EntryLine(msgspec.Struct, frozen=True, tag_field="line", tag="entry/1"):
    number: int
    day: date
    sealed: bytes
    hash: bytes


class CheckpointLine(msgspec.Struct, frozen=True, tag_field="line", tag="checkpoint/1"):
    """Also a file of its own, on its way to the monitor's offline key and back."""

    number: int
    day: date
    hash: bytes
    signature: bytes
    countersigner: bytes = b""
    countersignature: bytes = b""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(EntryLine | CheckpointLine)


def write(file: BinaryIO, links: Iterable[Link], signed: Iterable[Signed]) -> int:
    """Write checkpoints first, then entries in order. Returns the number of entries."""
    file.writelines(checkpoint_line(kept) for kept in signed)
    count = 0
    for count, entry in enumerate(links, 1):  # noqa: B007 -- the last count is the answer
        line = EntryLine(entry.number, entry.day, entry.sealed, entry.hash)
        file.write(_encoder.encode(line) + b"\n")
    return count


def entries(path: Path) -> Iterator[Link]:
    """The entries of an export, in its order. Raises `NotAnExport`."""
    for line in _lines(path):
        if isinstance(line, EntryLine):
            yield Link(line.number, line.day, line.sealed, line.hash)


def signed(path: Path) -> Iterator[Signed]:
    """The checkpoints of an export, or of a checkpoint's own file. Raises `NotAnExport`."""
    for line in _lines(path):
        if isinstance(line, CheckpointLine):
            yield _signed(line, path)


def checkpoint_line(kept: Signed) -> bytes:
    """One checkpoint as a line."""
    told = kept.checkpoint
    line = CheckpointLine(told.number, told.day, told.hash, kept.signature, kept.countersigner, kept.countersignature)
    return _encoder.encode(line) + b"\n"


def _lines(path: Path) -> Iterator[EntryLine | CheckpointLine]:
    try:
        with path.open("rb") as file:
            for line in file:
                yield _decoder.decode(line)
    except (OSError, msgspec.DecodeError) as error:
        raise NotAnExport(f"{path.name} cannot be read as an export of the record") from error


def _signed(line: CheckpointLine, path: Path) -> Signed:
    try:
        checkpoint = Checkpoint(line.number, line.day, line.hash)
    except ValueError as error:
        raise NotAnExport(f"{path.name} holds a checkpoint that cannot be one") from error
    return Signed(checkpoint, line.signature, line.countersigner, line.countersignature)
