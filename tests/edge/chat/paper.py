# SPDX-License-Identifier: AGPL-3.0-or-later
"""A messenger on paper: it shows and deletes what it is told to, and fails as it is told to."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from safeconduct.dialogue.speaking import split
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Outgoing, Take
from safeconduct.edge.channels.errors import SendError

READS = Facts(
    code="telegram", provider="reads", text_limit=4096, deletes_own=172_800, deletes_theirs=172_800, takes_files=True
)
KNOWS = Facts(code="telegram", provider="knows", text_limit=4096, deletes_own=172_800, deletes_theirs=172_800)
FORGETS_NOTHING = Facts(code="telegram", provider="telephone", text_limit=4096)
BUTTONS = Facts(code="telegram", provider="reads", text_limit=4096, has_buttons=True)
SHORT = Facts(code="telegram", provider="reads", text_limit=60)


@dataclass
class PaperChannel:
    """`sent` and `deleted` in the order in which it happened; `fail` is raised once each by the next sends."""

    facts: Facts = READS
    sent: list[tuple[str, Outgoing]] = field(default_factory=list)
    deleted: list[tuple[str, str]] = field(default_factory=list)
    fail: list[SendError | Exception] = field(default_factory=list)
    fail_deleting: list[SendError] = field(default_factory=list)
    files: dict[str, Sequence[bytes | Exception]] = field(default_factory=dict)
    hangs: asyncio.Event | None = None  # a send takes until it is set

    def parts(self, text: str) -> list[str]:
        return split(text, self.facts.text_limit)

    async def receive(self, _take: Take) -> None:
        await asyncio.Event().wait()

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        if self.fail:
            raise self.fail.pop(0)
        self.sent.append((str(address), message))
        number = len(self.sent)
        if self.hangs is not None:
            await self.hangs.wait()
        return (f"o{number}",)

    async def delete(self, address: Address, ids: Sequence[str]) -> None:
        if self.fail_deleting:
            raise self.fail_deleting.pop(0)
        self.deleted += [(str(address), one) for one in ids]

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        for piece in self.files[file.handle]:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def close(self) -> None:
        """Nothing is open."""

    def phone(self, address: str) -> list[str]:
        """What this person reads, oldest first."""
        by_person = defaultdict[str, list[str]](list)
        for whom, message in self.sent:
            by_person[whom].append(message.text)
        return by_person[address]
