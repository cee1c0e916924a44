# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public board as this door believes it: signed by enough people, not older than what was seen, not expired."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from safeconduct.sealing import publication
from safeconduct.sealing.errors import Expired, SealingError
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.publication import Published, Role
from safeconduct.spool.contract import Board, Expiring, Kept
from safeconduct.spool.errors import SpoolError
from safeconduct.vocabulary import board as entries
from safeconduct.vocabulary.board import LineNotice

REFRESH_SECONDS = 5.0
_REMEMBERED = "board"  # the kind of the Expiring entry that holds the highest version seen, against a rollback
_REMEMBER_SECONDS = 400 * 24 * 3600

_log = logging.getLogger(__name__)


class BoardSpool(Board, Expiring, Protocol):
    """What reading the board needs of a spool."""


@dataclass(frozen=True, slots=True)
class TeamShown:
    """A team's key as the board shows it."""

    version: int
    key: PublicKey


@dataclass(frozen=True, slots=True)
class View:
    """What the board says now. Equal views give equal pages."""

    intake: PublicKey | None = None  # None: nothing can be sealed, so nothing is asked
    teams: Mapping[str, TeamShown] = field(default_factory=dict)  # the others that a conversation may be sealed to
    line: LineNotice | None = None
    approved: Mapping[str, str] = field(default_factory=dict)  # language tag -> content hash that reviewers signed


_Source = tuple[bytes, bytes]  # document and content


@dataclass(slots=True)
class _Entry:
    role: Role
    remembered: int | None = None  # the highest version that outlives this process; None: not yet asked for
    version: int = 0  # the highest version that this process believed
    good: _Source | None = None
    refused: _Source | None = None  # refused for good: judged once, not every few seconds
    told: _Source | None = None  # whose refusal is in the log

    @property
    def seen(self) -> int:
        return max(self.version, self.remembered or 0)


class BoardReader:
    """Reads the board again when it is asked and what it knows is some seconds old. The last good entry stays until it expires."""

    def __init__(self, spool: BoardSpool, *, root: bytes, tags: Sequence[str], clock: Callable[[], float]) -> None:
        self._spool = spool
        self._root = root
        self._clock = clock
        self._read_at = float("-inf")
        self._has_read = False
        self._reading = asyncio.Lock()
        self._view = View()
        self._last_intake: PublicKey | None = None
        self._entries: dict[str, _Entry] = {
            entries.TEAMS: _Entry("publishers"),
            entries.LINE: _Entry("publishers"),
            **{entries.TEXTS + tag: _Entry("reviewers") for tag in tags},
        }

    @property
    def last_intake(self) -> PublicKey | None:
        """Intake's last believed key, expired or not: a wish to erase carries no words, and must not be refused for a date."""
        return self._last_intake

    async def view(self) -> View:
        """What the board says; whoever comes while it is read for the first time waits for it. Never raises."""
        if self._is_old() and not (self._has_read and self._reading.locked()):
            async with self._reading:
                if self._is_old():
                    await self._refresh()
        return self._view

    def _is_old(self) -> bool:
        # Compared both ways: a clock that was set back must not stop the reading.
        return abs(self._clock() - self._read_at) >= REFRESH_SECONDS

    async def _refresh(self) -> None:
        now = self._clock()
        for name, entry in self._entries.items():
            try:
                await self._read(name, entry, now)
            except SpoolError as error:
                _log.warning("board entry %s could not be read: %s", name, type(error).__name__)
        seen = self._seen(now)
        if seen != self._view:  # the same object as long as it says the same: pages are made anew for a new one
            self._view = seen
        self._last_intake = self._view.intake or self._last_intake
        self._read_at, self._has_read = now, True

    async def _read(self, name: str, entry: _Entry, now: float) -> None:
        if entry.remembered is None:
            entry.remembered = int.from_bytes(await self._spool.kept(_REMEMBERED, name.encode()) or b"")
        posted = await self._spool.published(name)
        if posted is not None:
            self._judge(name, entry, (posted.document, posted.content), now)
        if entry.version > entry.remembered:
            ends = int(now) + _REMEMBER_SECONDS
            await self._spool.keep(Kept(_REMEMBERED, name.encode(), entry.version.to_bytes(8), ends))
            entry.remembered = entry.version  # only now: what could not be kept is tried again with the next reading

    def _judge(self, name: str, entry: _Entry, posted: _Source, now: float) -> None:
        if posted in {entry.good, entry.refused}:
            return
        try:
            good = self._verify(name, entry, posted, now)
        except SealingError as error:
            if posted != entry.told:
                _log.warning("board entry %s is refused: %s", name, type(error).__name__)
            entry.told = posted
            if not isinstance(error, Expired):  # a clock that was wrong may be set right
                entry.refused = posted
        else:
            entry.good, entry.version = posted, good.version

    def _verify(self, name: str, entry: _Entry, source: _Source, now: float) -> Published:
        document, content = source
        return publication.verify(
            document,
            content,
            root=self._root,
            role=entry.role,
            name=name,
            now=datetime.fromtimestamp(now, UTC),
            at_least_version=entry.seen,
        )

    def _believed(self, name: str, entry: _Entry, now: float) -> bytes | None:
        """What is good still, by its own date and by that of the trust anchor: both are asked with each reading."""
        try:
            return self._verify(name, entry, entry.good, now).content if entry.good is not None else None
        except SealingError:
            return None

    def _seen(self, now: float) -> View:
        believed = {name: self._believed(name, entry, now) for name, entry in self._entries.items()}
        content = {name: said for name, said in believed.items() if said is not None}
        teams = _teams(content.get(entries.TEAMS))
        intake = teams.pop(entries.INTAKE, None)
        return View(
            intake=intake.key if intake is not None else None,
            teams=teams,
            line=_line(content.get(entries.LINE)),
            approved={
                name.removeprefix(entries.TEXTS): text.decode("ascii", "replace").strip()
                for name, text in content.items()
                if name.startswith(entries.TEXTS)
            },
        )


def _teams(content: bytes | None) -> dict[str, TeamShown]:
    """Empty, and no form, when the signed entry cannot be used. A team whose key is none is left out alone."""
    try:
        named = entries.decode_teams(content).teams if content is not None else {}
    except msgspec.DecodeError as error:
        _log.warning("board entry %s cannot be used: %s", entries.TEAMS, type(error).__name__)
        return {}
    found = {}
    for code, team in named.items():
        try:
            found[code] = TeamShown(team.version, PublicKey.parse(team.key))
        except SealingError as error:
            _log.warning("board entry %s cannot be used: %s", entries.TEAMS, type(error).__name__)
    return found


def _line(content: bytes | None) -> LineNotice | None:
    try:
        return entries.decode_line(content) if content is not None else None
    except msgspec.DecodeError as error:
        _log.warning("board entry %s cannot be used: %s", entries.LINE, type(error).__name__)
        return None
