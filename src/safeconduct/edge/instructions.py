# SPDX-License-Identifier: AGPL-3.0-or-later
"""To whom a conversation is sealed: to intake, unless the desk's signed word names another team of the board.

What is unsigned, altered, of another conversation or older than one that was believed is not believed, and changes
nothing: what was believed last goes on, and where nothing was, intake is sealed to. No instruction brings a key: the key is
the board's. A new conversation has no instruction, so that none is looked for.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from typing import NamedTuple

import msgspec

from safeconduct.edge.board import View
from safeconduct.sealing import instruction as sealing
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.signatures import VerifyKey
from safeconduct.spool.contract import Expiring
from safeconduct.vocabulary import instruction as words
from safeconduct.vocabulary.board import INTAKE
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.instruction import Instruction

REMEMBERED = 10_000  # conversations with an instruction: a line has some hundred at a time
LOOK_SECONDS = 0.25  # how old the list of them may be: what arrives meanwhile the desk passes on to the cell

_log = logging.getLogger(__name__)


class Believed(NamedTuple):
    """The newest instruction that was believed, as far as it has to be remembered."""

    serial: int = 0
    team: str = INTAKE


NONE_YET = Believed()


class Recipient(NamedTuple):
    """Whom to seal to, and what to remember of it beside the conversation."""

    key: PublicKey
    believed: Believed


class InstructionReader:
    """One for each process. It remembers what it believed, so that an older word is no use to who holds the spool."""

    def __init__(self, spool: Expiring, *, desk: VerifyKey) -> None:
        self._spool = spool
        self._desk = desk
        self._believed: OrderedDict[ConversationId, Believed] = OrderedDict()
        self._listed: frozenset[bytes] = frozenset()
        self._looked = float("-inf")
        self._looking = asyncio.Lock()
        self._said = ""

    async def recipient(
        self, conversation: ConversationId, view: View, *, intake: PublicKey, before: Believed = NONE_YET
    ) -> Recipient:
        """`before` is what lies remembered elsewhere, by an earlier process. Raises what the spool raises.

        Most conversations have none: which ones do is read for all at once, so that a message costs no read of its own.
        """
        said = await self._spool.kept(words.KIND, conversation) if await self._has(conversation) else None
        before = max(before, self._believed.get(conversation, NONE_YET))
        told = None if said is None else self._told(said, conversation)
        if told is not None and told.serial < before.serial:
            self._tell("older")
            told = None
        believed = before if told is None else Believed(told.serial, told.team)
        self._remember(conversation, believed)
        return Recipient(self._key(believed, told, view) or intake, believed)

    async def _has(self, conversation: ConversationId) -> bool:
        asked = time.monotonic()
        if not self._is_fresh(asked):
            async with self._looking:  # whoever comes while the list is read waits for it
                if not self._is_fresh(asked):
                    await self._look()
        return conversation in self._listed

    def _is_fresh(self, asked: float) -> bool:
        return self._looked >= asked or self._looked > asked - LOOK_SECONDS

    async def _look(self) -> None:
        now = time.monotonic()
        self._listed = await self._spool.kept_keys(words.KIND)
        self._looked = now

    def _told(self, said: bytes, conversation: ConversationId) -> Instruction | None:
        try:
            told = words.decode(sealing.verified(said, self._desk))
        except (SealingError, msgspec.DecodeError) as error:
            self._tell(type(error).__name__)
            return None
        if told.conversation != conversation:
            self._tell("of another conversation")
            return None
        return told

    def _key(self, believed: Believed, told: Instruction | None, view: View) -> PublicKey | None:
        """The team's key as the board shows it; None for intake's, and for one that is not on the board.

        A board that shows a newer version is ahead of the instruction: the team is the same, and the old key was rotated away.
        A board that shows an older one is behind it, and a person who left the team may hold that key.
        """
        if believed.team == INTAKE:
            return None
        shown = view.teams.get(believed.team)
        if shown is None:
            self._tell("a team that is not on the board")
            return None
        if told is not None and (told.version, told.key_id) != (shown.version, shown.key.key_id):
            if told.version < shown.version:
                return shown.key
            self._tell("a key that is not on the board")
            return None
        return shown.key

    def _tell(self, why: str) -> None:
        """Once for each trouble, not with every message."""
        if why != self._said:
            _log.warning("an instruction on whom to seal to is not believed: %s", why)
        self._said = why

    def _remember(self, conversation: ConversationId, believed: Believed) -> None:
        if not believed.serial:
            return
        self._believed[conversation] = believed
        self._believed.move_to_end(conversation)
        while len(self._believed) > REMEMBERED:
            self._believed.popitem(last=False)
