# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the Bureau does with packages: verify, open, compare with what it has, acknowledge. Nothing is believed unsigned."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import private_folder, replace_private
from safeconduct.sealing import errors, packages
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.packages import RECEIVED_MAX, Acknowledgement, Received
from safeconduct.sealing.signatures import SigningKey, VerifyKey
from safeconduct.vocabulary import bureau
from safeconduct.vocabulary.bureau import Notified
from safeconduct.vocabulary.custody import Precision

FILE_MAX = packages.PACKAGE_MAX
_PROBLEMS: Mapping[type[Exception], str] = {
    errors.UnknownVersion: "made by a newer release. Update this program, then open it again.",
    errors.Malformed: "cut short, or no package at all. The line offers it again.",
    errors.UnknownSigner: "not written by this line. It was not acknowledged; ask where it comes from.",
    errors.BadSignature: "altered on the way. It was not acknowledged; the line offers it again.",
    errors.Tampered: "altered on the way. It was not acknowledged; the line offers it again.",
    errors.NotForThisKey: "sealed to a key that is not in this folder. Put your earlier opening key there, or ask the line to make it anew.",
    msgspec.DecodeError: "holds what this release does not know. Update this program, then open it again.",
    OSError: "cannot be read from the disk.",
}
KINDS = {
    "registered": "registered",
    "number.corrected": "has another number: the first was wrong",
    "transferred": "transferred",
    "released": "released",
    "repatriated": "repatriated",
    "escaped": "escaped",
    "held.again": "held again: had escaped, or had left",
    "hospital.entered": "taken to hospital",
    "died": "died",
    "illness.serious": "seriously ill",
    "illness.lasts": "still seriously ill",
    "illness.over": "no longer seriously ill",
    "details": "details written anew",
    "power.waits": "wait with the copy for the Power; the Agency's copy goes on",
    "power.may_know": "the Power may know",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The Bureau's folder for one line: its keys, the line's public half, and which packages it has."""

    folder: Path

    @property
    def opening(self) -> Path:
        return self.folder / "opening.key"

    @property
    def signing(self) -> Path:
        return self.folder / "signing.key"

    @property
    def public(self) -> Path:
        return self.folder / "bureau.pub"

    @property
    def line(self) -> Path:
        return self.folder / "line.pub"

    @property
    def _ledger(self) -> Path:
        return self.folder / "received.json"

    def opening_keys(self) -> list[PrivateKey]:
        """The newest first, then those that were replaced. Raises `CliError`."""
        paths = [self.opening, *sorted(self.folder.glob("opening-*.key"))]
        try:
            return [PrivateKey.from_seed(path.read_bytes()) for path in paths]
        except FileNotFoundError as error:
            raise CliError(f"{self.folder} has no keys; `safeconduct bureau keys {self.folder}` makes them") from error

    def trusted(self) -> VerifyKey:
        """Raises `CliError`."""
        try:
            return packages.parse_line(self.line.read_bytes())
        except FileNotFoundError as error:
            raise CliError("take the line's public half first: `safeconduct bureau trust line.pub`") from error

    def received(self) -> dict[int, str]:
        """Number and token of all packages so far."""
        if not self._ledger.exists():
            return {}
        return msgspec.json.decode(self._ledger.read_bytes(), type=dict[int, str], strict=False)

    def remember(self, received: Mapping[int, str]) -> None:
        replace_private(self._ledger, msgspec.json.encode(dict(sorted(received.items()))))


@dataclass(frozen=True, slots=True)
class Opened:
    """One package, and whether it had come before."""

    notified: Notified
    came_before: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a reading gave; `received` is all that the Bureau has now."""

    opened: list[Opened] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    received: dict[int, str] = field(default_factory=dict)


def read(shelf: Shelf, files: Iterable[Path]) -> Result:
    """Every file by itself: one that is refused keeps no other from being read. Raises `CliError` without keys."""
    line, keys, result = shelf.trusted(), shelf.opening_keys(), Result(received=shelf.received())
    for path in files:
        try:
            with path.open("rb") as file:
                raw = file.read(FILE_MAX + 1)
            notified = bureau.decode(packages.open_package(raw, line=line, keys=keys))
        except tuple(_PROBLEMS) as error:
            result.refused.append((path, _problem(error)))
        else:
            _enter(result, path, notified)
    result.opened.sort(key=lambda one: one.notified.number)
    return result


def acknowledge(shelf: Shelf, result: Result, folder: Path, day: date) -> list[Path]:
    """One file for the line, of all that was opened, also of what came again: perhaps the last file did not arrive."""
    signer, line = SigningKey.from_seed(shelf.signing.read_bytes()), shelf.trusted().key_id
    received = [Received(one.notified.number, bytes.fromhex(one.notified.token)) for one in result.opened]
    written = []
    for start in range(0, len(received), RECEIVED_MAX):
        said = Acknowledgement(line, day, tuple(received[start : start + RECEIVED_MAX]))
        raw = packages.acknowledge(said, signer)
        path = private_folder(folder) / f"acknowledgement-{day}-{hashlib.sha256(raw).hexdigest()[:12]}.sca"
        replace_private(path, raw)
        written.append(path)
    return written


def gaps(received: Iterable[int]) -> str:
    """The numbers that are missing below the highest, in words; nothing when none is."""
    return ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in _holes(sorted(received)))


def sentence(one: Opened) -> str:
    """One line for a person: number, whom, what, when; then who it is, if the package says so."""
    told = one.notified
    day = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}[told.precision]
    parts = [f"{told.number}  {told.prisoner}  {KINDS.get(told.kind, told.kind)}, {told.day.strftime(day)}"]
    if told.camp:
        parts.append(f"in {told.camp}")
    if told.corrects is not None:
        parts.append(f"puts {told.corrects} right" if told.stands else f"what {told.corrects} told did not happen")
    if told.power_waits:
        parts.append("THE POWER'S COPY WAITS; the Agency's goes on")
    if one.came_before:
        parts.append("came before")
    return "\n".join(_printable(line) for line in ("; ".join(parts), *_about(told)))


def _about(told: Notified) -> Iterator[str]:
    if told.about is None:
        return
    for name, value in msgspec.to_builtins(told.about).items():
        words = (
            value["text"] if isinstance(value, dict) else ", ".join(value) if isinstance(value, tuple | list) else value
        )
        if words:
            yield f"      {name.replace('_', ' ')}: {words}"


def _printable(text: str) -> str:
    """A name cannot steer the terminal."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def _enter(result: Result, path: Path, notified: Notified) -> None:
    known = result.received.get(notified.number)
    if known is not None and known != notified.token:
        problem = f"bears number {notified.number}, which another package has. Neither is to be believed before you have talked with the line."
        result.refused.append((path, problem))
        return
    result.received[notified.number] = notified.token
    result.opened.append(Opened(notified, came_before=known is not None))


def _problem(error: Exception) -> str:
    return next(words for kind, words in _PROBLEMS.items() if isinstance(error, kind))


def _holes(numbers: list[int]) -> Iterator[tuple[int, int]]:
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number > before + 1:
            yield before + 1, number - 1
