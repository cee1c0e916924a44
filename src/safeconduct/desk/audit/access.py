# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of the record. What lies inside an entry needs the monitor's key, which only their sign-in opens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from safeconduct.desk.audit import records
from safeconduct.desk.audit.chain import Link, Signed
from safeconduct.desk.audit.errors import NoMonitorKey
from safeconduct.desk.audit.models import Checkpoint, Entry, Head, MonitorKey
from safeconduct.desk.audit.records import Recorded
from safeconduct.sealing import checkpoints
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, PublicKey

PAGE = 100


def monitor_key() -> PublicKey:
    """The public key that entries are sealed to. Raises `NoMonitorKey`."""
    newest = MonitorKey.objects.order_by("-version").first()
    if newest is None:
        raise NoMonitorKey("the monitor team has no key; make the teams' keys first")
    return PublicKey.parse(bytes(newest.public))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the monitor reads it. `told` is None for an entry that none of their keys opens."""

    number: int | None
    told: Recorded | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first, and the number before which the next page goes on."""

    lines: tuple[Line, ...]
    before: int | None


def page(monitors: Sequence[PrivateKey], *, before: int | None = None) -> Page:
    """The newest entries, or those before a number. What is not chained yet stands on the first page."""
    chained = Entry.objects.filter(number__isnull=False)
    chained = chained.filter(number__lt=before) if before is not None else chained
    rows = list(chained.order_by("-number")[: PAGE + 1])
    fresh = [] if before is not None else list(Entry.objects.filter(number__isnull=True).order_by("-id")[:PAGE])
    lines = tuple(Line(row.number, _told(bytes(row.sealed), monitors)) for row in (*fresh, *rows[:PAGE]))
    return Page(lines, rows[PAGE - 1].number if len(rows) > PAGE else None)


def links() -> Iterator[Link]:
    """The whole chain in order, from the database."""
    for row in Entry.objects.filter(number__isnull=False).order_by("number").iterator(chunk_size=2000):
        yield Link(row.number or 0, row.day, bytes(row.sealed), bytes(row.hash or b""))


def unchained() -> int:
    """Entries that wait for the appender."""
    return Entry.objects.filter(number__isnull=True).count()


def head() -> Signed | None:
    """The signed end of the chain, if anything has been chained."""
    row = Head.objects.first()
    if row is None or row.day is None:
        return None
    return Signed(checkpoints.Checkpoint(row.number, row.day, bytes(row.hash)), bytes(row.signature))


def signed() -> list[Signed]:
    """Every checkpoint, in order."""
    return [signed_of(row) for row in Checkpoint.objects.order_by("number")]


def newest_checkpoint() -> Signed | None:
    row = Checkpoint.objects.order_by("-number").first()
    return signed_of(row) if row else None


def countersigned_to() -> int:
    """The number up to which the monitor has countersigned; 0 for never."""
    row = Checkpoint.objects.filter(countersignature__isnull=False).order_by("-number").first()
    return row.number if row else 0


def signed_of(row: Checkpoint) -> Signed:
    told = checkpoints.Checkpoint(row.number, row.day, bytes(row.hash))
    return Signed(told, bytes(row.signature), bytes(row.countersigner or b""), bytes(row.countersignature or b""))


def _told(sealed: bytes, monitors: Sequence[PrivateKey]) -> Recorded | None:
    for key in monitors:
        try:
            return records.open_sealed(sealed, key)
        except (SealingError, msgspec.DecodeError):
            continue
    return None
