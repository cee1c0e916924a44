# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chain itself, without a database: how entries are linked, and what a verifier can say about them.

hash(n) = SHA-256(hash(n-1) ‖ number as u64 ‖ day as u32, days since 1970-01-01 ‖ sealed); hash(0) is 32 zero bytes.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from safeconduct.sealing import checkpoints
from safeconduct.sealing.checkpoints import Checkpoint
from safeconduct.sealing.errors import BadSignature
from safeconduct.sealing.signatures import VerifyKey

START = bytes(32)
_EPOCH = date(1970, 1, 1).toordinal()
_CLEAR = struct.Struct(">QI")
_MOST_PROBLEMS = 20  # a wholly rewritten chain need not be listed entry by entry


def link(before: bytes, number: int, day: date, sealed: bytes) -> bytes:
    """The hash of an entry, given the hash of the one before it."""
    return hashlib.sha256(before + _CLEAR.pack(number, day.toordinal() - _EPOCH) + sealed).digest()


@dataclass(frozen=True, slots=True)
class Link:
    """One chained entry as it is stored or exported."""

    number: int
    day: date
    sealed: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the desk's signature and perhaps the monitor's."""

    checkpoint: Checkpoint
    signature: bytes
    countersigner: bytes = b""
    countersignature: bytes = b""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signatures count. Without a monitor's key a countersignature is only reported, not believed."""

    desk: VerifyKey
    monitors: tuple[VerifyKey, ...] = ()


@dataclass(slots=True)
class Report:
    """What was found. `problems` is empty when nothing was."""

    entries: int = 0
    signed_to: int = 0
    countersigned_to: int = 0
    unknown_countersigners: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)


def verify(links: Iterable[Link], signed: Sequence[Signed], trust: Trust) -> Report:
    """Walk the chain from its first entry and hold every checkpoint against it. `links` come in stored order."""
    report = Report()
    wanted = {kept.checkpoint.number for kept in signed}
    reached: dict[int, tuple[date, bytes]] = {}
    before = START
    for entry in links:
        expected = report.entries + 1
        if entry.number != expected:
            report.note(f"entry {expected} is missing or out of order: {entry.number} stands there")
        if link(before, entry.number, entry.day, entry.sealed) != entry.hash:
            report.note(f"entry {entry.number} was altered, or what stands before it")
        report.entries, before = entry.number, entry.hash
        if entry.number in wanted:
            reached[entry.number] = (entry.day, entry.hash)
    for kept in sorted(signed, key=lambda kept: kept.checkpoint.number):
        _hold(kept, reached, trust, report)
    return report


def _hold(kept: Signed, reached: dict[int, tuple[date, bytes]], trust: Trust, report: Report) -> None:
    number = kept.checkpoint.number
    if not _signed_by(kept.checkpoint, kept.signature, trust.desk):
        report.note(f"checkpoint {number} is not signed by the desk's key")
        return
    if number not in reached:
        report.note(
            f"checkpoint {number} was signed, but the record now ends at {report.entries}: entries were cut off"
        )
        return
    if reached[number] != (kept.checkpoint.day, kept.checkpoint.hash):
        report.note(f"checkpoint {number} was signed over another chain: it was rewritten")
        return
    report.signed_to = max(report.signed_to, number)
    if kept.countersignature:
        _hold_countersignature(kept, trust, report)


def _hold_countersignature(kept: Signed, trust: Trust, report: Report) -> None:
    known = next((key for key in trust.monitors if key.raw == kept.countersigner), None)
    if known is None:
        report.unknown_countersigners.add(kept.countersigner.hex())
    elif _signed_by(kept.checkpoint, kept.countersignature, known):
        report.countersigned_to = max(report.countersigned_to, kept.checkpoint.number)
    else:
        report.note(f"checkpoint {kept.checkpoint.number} has a countersignature that does not fit")


def _signed_by(checkpoint: Checkpoint, signature: bytes, key: VerifyKey) -> bool:
    try:
        checkpoints.verify(checkpoint, signature, key)
    except BadSignature:
        return False
    return True
