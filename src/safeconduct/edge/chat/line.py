# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every chat of one channel stands on. Made once at the composition root, passed around."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from safeconduct.dialogue.conversation import Has
from safeconduct.dialogue.speaking import Spoken
from safeconduct.dialogue.texts import SOURCE_LANGUAGE, Texts, texts
from safeconduct.edge.board import BoardReader, View
from safeconduct.edge.channels.contract import Channel, Facts, Inbound, Outgoing
from safeconduct.edge.channels.errors import NotStored, SendError
from safeconduct.edge.chat.access import recall_secret
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.edge.chat.errands import SEND, WIPE, WIPE_NOW, ToWipe, open_errand
from safeconduct.edge.chat.files import FileStore
from safeconduct.edge.chat.gathering import Gathering
from safeconduct.edge.chat.holder import Holder
from safeconduct.edge.chat.recent import Recent
from safeconduct.edge.chat.state import CHAT, CHAT_OF, MAILBOX, ChatState, recall_mailbox, recall_pointer, recall_state
from safeconduct.edge.chat.turns_of import Locks
from safeconduct.edge.crew import Crew
from safeconduct.edge.duty import DutyReader
from safeconduct.edge.envelopes import Sealer, day_of
from safeconduct.edge.instructions import Believed, InstructionReader, Recipient
from safeconduct.edge.languages import served
from safeconduct.sealing.keys import PublicKey
from safeconduct.spool.contract import Due, Fence, Outcome, Spool
from safeconduct.spool.errors import SpoolError
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.secrets import Sealed

FAREWELL_SECONDS = 30
WAITS = {
    "within_hour": "An answer usually comes within an hour.",
    "within_day": "An answer usually comes within a day.",
    "within_three_days": "An answer usually comes within three days.",
}
WAIT_UNKNOWN = "We cannot say at the moment how long an answer takes."
QUIET_SECONDS = 12  # after a word that asked for nothing, so that a burst of messages gets one answer


@dataclass(frozen=True, slots=True)
class _Offered:
    """What one view of the board lets the line offer. A view is the same object as long as it says the same."""

    view: View
    languages: tuple[str, ...]
    has: Has


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
    recent: Recent = field(default_factory=Recent)
    crew: Crew | None = None  # seals when many write at once
    holder: Holder = field(default_factory=Holder)  # who this process is to the channel's lease
    duty: DutyReader | None = None  # who is on duty; a channel that rings them asks for itself
    gathering: Gathering = field(init=False)
    instructions: InstructionReader = field(init=False)
    _in_chat: dict[ConversationId, list[ToWipe]] = field(default_factory=dict)  # of what is being erased
    _offers: _Offered | None = None  # by the view that was asked for last

    def __post_init__(self) -> None:
        self.gathering = Gathering(self.secrets.door, self.crew)
        self.instructions = InstructionReader(self.spool, desk=self.secrets.door.desk)

    async def view(self) -> View:
        return await self.board.view()

    async def intake(self) -> PublicKey:
        """Intake's key. Raises `NotStored`: what cannot be sealed is not acknowledged."""
        view = await self.view()
        if view.intake is None:
            raise NotStored("the board names no key to seal to")
        return view.intake

    async def recipient(self, state: ChatState, intake: PublicKey) -> Recipient:
        """To whom this conversation is sealed now. For one that is stored already: a new one is intake's."""
        before = Believed(*state.sealed_to)
        return await self.instructions.recipient(state.conversation_id, await self.view(), intake=intake, before=before)

    def sealer(self, conversation: ConversationId, team: PublicKey) -> Sealer:
        return Sealer(conversation, team, self.secrets.door.signing_key, day_of(self.clock()), channel=self.facts.code)

    def place(self, address: str) -> bytes:
        return self.secrets.place(self.facts.code, address)

    async def state_at(self, place: bytes) -> ChatState | None:
        return recall_state(self.secrets, place, await self.spool.kept(CHAT, place))

    async def place_of(self, conversation: ConversationId) -> bytes | None:
        return recall_pointer(self.secrets, conversation, await self.spool.kept(CHAT_OF, conversation))

    async def mailbox_of(self, state: ChatState) -> bytes:
        """The public key of its conversation's mailbox."""
        conversation = state.conversation_id
        return state.mailbox or recall_mailbox(self.secrets, conversation, await self.spool.kept(MAILBOX, conversation))

    async def secret_of(self, kind: str, conversation: ConversationId) -> bytes | None:
        """What opens its mailbox (see `access`), as long as it is kept."""
        box = await self.spool.kept(kind, conversation)
        return recall_secret(self.secrets, kind, conversation, box, self.clock())

    async def own_state(self, place: bytes) -> ChatState | None:
        """What was kept of a chat, as long as its conversation has not gone on elsewhere: the old chat begins anew."""
        state = self.recent.find(place)
        if state is not None:
            return state
        state = await self.state_at(place)
        if state is None or await self.place_of(state.conversation_id) != place:
            return None
        self.recent.remember(place, state, read=True)
        return state

    async def erase(self, state: ChatState, key: DedupKey, notice: Sealed) -> Outcome:
        """R48: durable when it returns. What lies in the chat itself is remembered first: `farewell` deletes it."""
        conversation = state.conversation_id
        messages = await self._messages_of(conversation)
        outcome = await self.spool.erase(conversation, key=key, notice=notice)
        if outcome is Outcome.STORED:
            self._in_chat[conversation] = messages
        return outcome

    async def _messages_of(self, conversation: ConversationId) -> list[ToWipe]:
        """What can still be deleted in this messenger: here, and on the telephone from which the conversation came."""
        found = [open_errand(self.secrets, conversation, due.body) for due in await self._wipes(conversation)]
        return [errand for errand in found if isinstance(errand, ToWipe) and errand.channel == self.facts.code]

    async def _wipes(self, conversation: ConversationId) -> list[Due]:
        return [due for queue in (WIPE, WIPE_NOW) for due in await self.spool.errands_of(conversation, queue)]

    async def farewell(self, state: ChatState, last: Inbound, said: Sequence[Spoken]) -> None:
        """The conversation is gone, and nothing about it may be written down: say so and clear the chat, as well as it goes."""
        if self.files is not None:
            self.files.forget(state.files)
        messages = self._in_chat.pop(state.conversation_id, [])
        if last.delete_id is not None and self.facts.deletes_theirs is not None:
            messages.append(ToWipe(state.address, (last.delete_id,)))
        with contextlib.suppress(SendError, TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                for one in said:
                    for part in self.channel.parts(one.text):
                        await self.channel.send(state.route, Outgoing(part, language=state.language))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                for message in messages:  # one by one: what is too old to be deleted must not keep the rest
                    with contextlib.suppress(SendError):
                        await self.channel.delete(message.route, message.ids)

    async def leave(self, states: Sequence[ChatState]) -> None:
        """Another conversation goes on in this chat now: replies to the old one wait for its code."""
        for state in states:
            await self.spool.forget(CHAT_OF, state.conversation)

    async def wipe(self, conversation: ConversationId) -> None:
        """Delete now what would be deleted in time."""
        await self._now(await self._wipes(conversation))

    async def _now(self, errands: Sequence[Due]) -> None:
        """The message that wished it is stored: what fails here happens in its own time."""
        now = int(self.clock())
        with contextlib.suppress(SpoolError):
            for errand in errands:
                if errand.due > now:
                    await self.spool.put_off(errand.number, now, fence=self.fence)

    async def has_waiting_answer(self, state: ChatState) -> bool:
        """Whether an answer has not left yet, so that the next one replaces it."""
        return any(not due.begun for due in await self.spool.errands_of(state.conversation_id, SEND))

    async def state_of(self, conversation: ConversationId) -> ChatState | None:
        """The chat of a conversation; None when there is none any more here, or when it leads to another by now."""
        place = await self.place_of(conversation)
        state = None if place is None else await self.state_at(place)
        fits = state is not None and state.conversation == conversation and state.channel == self.facts.code
        return state if fits else None

    async def voice(self, tag: str) -> str | None:
        """The language to answer in: the person's, else one that they may read (R12). None: nothing may be said."""
        tags = await self.languages()
        return next((one for one in (tag, SOURCE_LANGUAGE, *tags) if one in tags), None)

    async def wait(self, tag: str) -> str | None:
        """What is said of the wait to who wants a person while nobody on duty speaks their language (a sentence); else None.

        Silence of the desk means nobody.
        """
        if self.duty is None or tag in await self.duty.languages():
            return None
        line = (await self.view()).line
        return WAITS[line.usual_wait] if line is not None else WAIT_UNKNOWN

    async def spoken_language(self, wanted: str | None) -> str | None:
        """The language if this line may speak it."""
        return wanted if wanted in await self.languages() else None

    async def words(self, state: ChatState) -> Texts:
        """The sentences in which this person is answered now. Where no language may be spoken, nothing of them is sent."""
        return texts(await self.voice(state.position.language) or SOURCE_LANGUAGE)

    async def has(self) -> Has:
        """What may be offered: this channel and those that the line has published, and what it may speak (R4, R12)."""
        return (await self._offered()).has

    async def languages(self) -> tuple[str, ...]:
        return (await self._offered()).languages

    async def _offered(self) -> _Offered:
        view = await self.view()
        if self._offers is None or self._offers.view is not view:
            tags = served(view, demonstration=self.demonstration)
            tags = tags or (SOURCE_LANGUAGE,) if self.demonstration else tags
            ways = {way.kind for way in view.line.ways} if view.line is not None else set()
            self._offers = _Offered(view, tags, Has(frozenset({self.facts.code, *ways}), frozenset(tags)))
        return self._offers
