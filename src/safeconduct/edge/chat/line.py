# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every chat of one channel stands on. Made once at the composition root, passed around."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from safeconduct.dialogue.speaking import Spoken
from safeconduct.dialogue.texts import SOURCE_LANGUAGE
from safeconduct.edge.board import BoardReader, View
from safeconduct.edge.channels.contract import Channel, Facts, Outgoing
from safeconduct.edge.channels.errors import NotStored, SendError
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.edge.chat.errands import WIPE, ToWipe, open_errand
from safeconduct.edge.chat.files import FileStore
from safeconduct.edge.chat.state import CHAT, CHAT_OF, ChatState, recall_pointer, recall_state
from safeconduct.edge.chat.turns_of import Locks
from safeconduct.edge.envelopes import Sealer, day_of
from safeconduct.edge.languages import served
from safeconduct.sealing.keys import PublicKey
from safeconduct.spool.contract import Fence, Spool
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.secrets import Sealed

QUIET_SECONDS = 12  # after a word that asked for nothing, so that a burst of messages gets one answer


@dataclass(slots=True)
class Line:
    """One channel of one line, in one process."""

    spool: Spool
    secrets: ChatCredentials
    board: BoardReader
    channel: Channel
    facts: Facts
    clock: Callable[[], float]
    files: FileStore | None = None
    demonstration: bool = False
    quiet_seconds: int = QUIET_SECONDS
    fence: Fence | None = None  # set by the worker that owns the channel
    locks: Locks = field(default_factory=Locks)
    _in_chat: dict[ConversationId, list[str]] = field(default_factory=dict)

    async def view(self) -> View:
        return await self.board.view()

    async def intake(self) -> PublicKey:
        """Intake's key. Raises `NotStored`: what cannot be sealed is not acknowledged."""
        view = await self.view()
        if view.intake is None:
            raise NotStored("the board names no key to seal to")
        return view.intake

    def sealer(self, conversation: ConversationId, intake: PublicKey) -> Sealer:
        return Sealer(
            conversation, intake, self.secrets.door.signing_key, day_of(self.clock()), channel=self.facts.code
        )

    def place(self, address: str) -> bytes:
        return self.secrets.place(self.facts.code, address)

    async def state_at(self, place: bytes) -> ChatState | None:
        return recall_state(self.secrets, place, await self.spool.kept(CHAT, place))

    async def place_of(self, conversation: ConversationId) -> bytes | None:
        return recall_pointer(self.secrets, conversation, await self.spool.kept(CHAT_OF, conversation))

    async def erase(self, conversation: ConversationId, key: DedupKey, notice: Sealed) -> None:
        """R48: durable when it returns. What lies in the chat itself is remembered first: `farewell` deletes it."""
        self._in_chat[conversation] = await self.messages_in(conversation)
        await self.spool.erase(conversation, key=key, notice=notice)

    async def messages_in(self, conversation: ConversationId) -> list[str]:
        """The ids of what can still be deleted in the chat."""
        found = [
            open_errand(self.secrets, conversation, errand.body)
            for errand in await self.spool.errands_of(conversation, WIPE)
        ]
        return [one for errand in found if isinstance(errand, ToWipe) for one in errand.ids]

    async def farewell(self, state: ChatState, said: Sequence[Spoken]) -> None:
        """The conversation is gone, and nothing about it may be written down: say so and clear the chat, as well as it goes."""
        ids = self._in_chat.pop(state.conversation_id, [])
        with contextlib.suppress(SendError):
            if ids:
                await self.channel.delete(state.route, ids)
            for one in said:
                for part in self.channel.parts(one.text):
                    await self.channel.send(state.route, Outgoing(part, language=state.language))

    async def leave(self, states: Sequence[ChatState]) -> None:
        """Another conversation goes on in this chat now: replies to the old one wait for its code."""
        for state in states:
            await self.spool.forget(CHAT_OF, state.conversation)

    async def wipe(self, conversation: ConversationId) -> None:
        """Delete now what would be deleted in time."""
        for errand in await self.spool.errands_of(conversation, WIPE):
            await self.spool.put_off(errand.number, int(self.clock()), fence=self.fence)

    async def state_of(self, conversation: ConversationId) -> ChatState | None:
        """The chat of a conversation; None when there is none any more, or when it leads to another by now."""
        place = await self.place_of(conversation)
        state = None if place is None else await self.state_at(place)
        return state if state is not None and state.conversation == conversation else None

    async def spoken_language(self, wanted: str | None) -> str | None:
        """The language if this line may speak it."""
        return wanted if wanted in await self.languages() else None

    async def languages(self) -> tuple[str, ...]:
        tags = served(await self.view(), demonstration=self.demonstration)
        return tags or (SOURCE_LANGUAGE,) if self.demonstration else tags
