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
from safeconduct.sealing.errors import SealingError
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
class View:
    """What the board says now. Equal views give equal pages."""

    intake: PublicKey | None = None  # None: nothing can be sealed, so nothing is asked
    line: LineNotice | None = None
    approved: Mapping[str, str] = field(default_factory=dict)  # language tag -> content hash that reviewers signed


@dataclass(slots=True)
class _Entry:
    role: Role
    seen: int | None = None  # None: not yet remembered from an earlier process
    read: tuple[bytes, bytes] | None = None  # what was last judged, good or bad: judged once, not every few seconds
    good: Published | None = None


class BoardReader:
    """Reads the board again when it is asked and what it knows is some seconds old. The last good entry stays until it expires."""

    def __init__(self, spool: BoardSpool, *, root: bytes, tags: Sequence[str], clock: Callable[[], float]) -> None:
        self._spool = spool
        self._root = root
        self._clock = clock
        self._read_at = float("-inf")  # compared both ways: a clock that was set back must not stop the reading
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
        """What the board says. Never raises."""
        if abs(self._clock() - self._read_at) >= REFRESH_SECONDS and not self._reading.locked():
            async with self._reading:
                await self._refresh()
        return self._view

    async def _refresh(self) -> None:
        now = self._clock()
        self._read_at = now
        for name, entry in self._entries.items():
            try:
                await self._read(name, entry, now)
            except SpoolError as error:
                _log.warning("board entry %s could not be read: %s", name, type(error).__name__)
        seen = self._seen(now)
        if seen != self._view:  # the same object as long as it says the same: pages are made anew for a new one
            self._view = seen
        self._last_intake = self._view.intake or self._last_intake

    async def _read(self, name: str, entry: _Entry, now: float) -> None:
        if entry.seen is None:
            entry.seen = int.from_bytes(await self._spool.kept(_REMEMBERED, name.encode()) or b"")
        posted = await self._spool.published(name)
        if posted is None or entry.read == (posted.document, posted.content):
            return
        try:
            good = publication.verify(
                posted.document,
                posted.content,
                root=self._root,
                role=entry.role,
                name=name,
                now=datetime.fromtimestamp(now, UTC),
                at_least_version=entry.seen,
            )
        except SealingError as error:
            _log.warning("board entry %s is refused: %s", name, type(error).__name__)
        else:
            entry.good = good
            await self._remember(name, entry, good.version, now)
        entry.read = (posted.document, posted.content)

    async def _remember(self, name: str, entry: _Entry, version: int, now: float) -> None:
        if version != entry.seen:
            entry.seen = version
            ends = int(now) + _REMEMBER_SECONDS
            await self._spool.keep(Kept(_REMEMBERED, name.encode(), version.to_bytes(8), ends))

    def _seen(self, now: float) -> View:
        moment = datetime.fromtimestamp(now, UTC)
        content = {
            name: entry.good.content
            for name, entry in self._entries.items()
            if entry.good is not None and moment < entry.good.expires
        }
        return View(
            intake=_intake_key(content.get(entries.TEAMS)),
            line=_line(content.get(entries.LINE)),
            approved={
                name.removeprefix(entries.TEXTS): text.decode("ascii", "replace").strip()
                for name, text in content.items()
                if name.startswith(entries.TEXTS)
            },
        )


def _intake_key(content: bytes | None) -> PublicKey | None:
    """None, and no form, when the signed entry cannot be used."""
    try:
        team = entries.decode_teams(content).teams.get(entries.INTAKE) if content is not None else None
        return PublicKey.parse(team.key) if team is not None else None
    except (msgspec.DecodeError, SealingError) as error:
        _log.warning("board entry %s cannot be used: %s", entries.TEAMS, type(error).__name__)
        return None


def _line(content: bytes | None) -> LineNotice | None:
    try:
        return entries.decode_line(content) if content is not None else None
    except msgspec.DecodeError as error:
        _log.warning("board entry %s cannot be used: %s", entries.LINE, type(error).__name__)
        return None
