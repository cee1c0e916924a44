# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every page of this door stands on: the spool, the secrets, the clock and the board. Made once, passed around."""

import asyncio
from collections.abc import Callable

from starlette.types import Scope

from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.edge.applications import Seals
from safeconduct.edge.board import BoardReader, View
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.duty import DutyReader
from safeconduct.edge.envelopes import Sealer, day_of
from safeconduct.edge.errors import Refused
from safeconduct.edge.instructions import InstructionReader
from safeconduct.edge.languages import served
from safeconduct.edge.web.admission import Admission
from safeconduct.edge.web.negotiation import best_language
from safeconduct.edge.web.pages import Pages
from safeconduct.sealing.keys import PublicKey
from safeconduct.spool.contract import Lane, Spool
from safeconduct.vocabulary.identifiers import ConversationId


class Door:
    """One line's public door."""

    def __init__(  # noqa: PLR0913 - it carries what every page stands on
        self,
        spool: Spool,
        credentials: EdgeCredentials,
        *,
        clock: Callable[[], float],
        demonstration: bool,
        seals: Seals,
        admission: Admission | None = None,
    ) -> None:
        self.spool = spool
        self.credentials = credentials
        self.seals = seals
        self.admission = admission or Admission(spool)
        self.clock = clock
        self.instructions = InstructionReader(spool, desk=credentials.desk)
        self.board = BoardReader(spool, root=credentials.root, tags=AVAILABLE, clock=clock)
        self._duty = DutyReader(spool, desk=credentials.desk, clock=clock)
        self._looking = asyncio.Lock()
        self._spoken: frozenset[str] = frozenset()
        self._demonstration = demonstration
        self._making = asyncio.Lock()
        self._pages = self._pages_for(View())

    async def pages(self) -> Pages:
        """The pages under the board and the duty as they are now. Never raises."""
        view, spoken = await self.board.view(), await self._on_duty()
        if view is not self._pages.view:
            async with self._making:
                if view is not self._pages.view:
                    self._pages = await asyncio.to_thread(self._pages_for(view).prepare)
        if spoken != self._pages.spoken:
            self._pages = self._pages.under(spoken)
        return self._pages

    async def _on_duty(self) -> frozenset[str]:
        """The languages spoken by those on duty. While one visitor's request looks, the others take what was seen last."""
        if not self._looking.locked():
            async with self._looking:
                self._spoken = await self._duty.languages()
        return self._spoken

    async def accepts(self) -> bool:
        """Whether a first contact would be stored durably now."""
        return await self.spool.accepts(Lane.FIRST)

    def sealer(self, conversation: ConversationId, team: PublicKey) -> Sealer:
        return Sealer(conversation, team, self.credentials.signing_key, day_of(self.clock()))

    def _pages_for(self, view: View) -> Pages:
        return Pages(view, served(view, demonstration=self._demonstration), demonstration=self._demonstration)


def served_tag(scope: Scope, pages: Pages) -> str:
    """The language that the address names. Raises `Refused` ("nowhere") when it is not served."""
    tag: str = scope["path_params"]["lang"]
    if tag not in pages.served:
        raise Refused("nowhere")
    return tag


def preferred_tag(scope: Scope, pages: Pages) -> str | None:
    """The language of the address or else the browser's best match; None when no language fits."""
    named = scope["path"].split("/", 2)[1:2]
    if named and named[0] in pages.served:
        return str(named[0])
    header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return best_language(header, pages.served)


def require_reading(scope: Scope) -> None:
    """Only GET and HEAD. Raises `Refused` ("method")."""
    if scope["method"] not in {"GET", "HEAD"}:
        raise Refused("method", allow="GET, HEAD")
