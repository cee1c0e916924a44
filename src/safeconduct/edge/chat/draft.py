# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one message leads to, gathered until one commit stores all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from safeconduct.dialogue.turns import Effect, Offer
from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.chat.state import ChatState
from safeconduct.edge.envelopes import Sealer
from safeconduct.edge.messages import Message, Search, ToSeal
from safeconduct.spool.contract import Fence, Kept, NewConversation
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import FileSent, PersonText, Record
from safeconduct.vocabulary.secrets import Sealed

_UNSAID = "…"  # stands for a typed code in which the duress word stood: the code is for no operator's eyes


@dataclass(slots=True)
class Draft:
    """One message under way."""

    inbound: Inbound
    place: bytes
    now: float
    state: ChatState
    sealer: Sealer
    search: Search  # R5: what was agreed on before this message
    fence: Fence | None = None  # as it was when the state was read: what another worker changed since stays
    opens: NewConversation | None = None
    keeps: list[Kept] = field(default_factory=list)  # besides the state
    records: list[ToSeal] = field(default_factory=list)
    envelopes: tuple[Sealed, ...] = ()  # the records, sealed
    preface: list[str] = field(default_factory=list)  # paragraphs that stand before what the script says
    effects: list[Effect] = field(default_factory=list)
    finishes: list[int] = field(default_factory=list)  # errands that this message makes needless
    mark: bytes | None = None  # a new duress word
    typed: dict[str, str] = field(default_factory=dict)  # what the next act of the door judges: code, last group
    has_typed_code: bool = False  # a code stands in the chat: it is deleted first of all
    is_greeting: bool = False
    left: list[ChatState] = field(default_factory=list)  # the conversation that this chat no longer leads to
    files: list[FileSent] = field(default_factory=list)
    has_text: bool = False
    is_heard: bool = False  # something was stored for the operators, and nothing was asked
    is_erased: bool = False
    may_be_stored: bool = False  # the spool has it: whoever stops waiting does not know what became of it
    wipes_now: bool = False

    def seal(self, record: Record, kind: Kind = Kind.MESSAGE) -> None:
        """For the operators, in the order in which it was said."""
        self.records.append(self._to_seal(record, kind))

    def message(self) -> Message:
        """What is still to be searched and sealed. The agreed word reaches the operators even where it was an answer."""
        unsaid = None
        if not self.has_text and self.mark is None and self.inbound.text:
            unsaid = self._to_seal(PersonText(_UNSAID if self.has_typed_code else self.inbound.text), Kind.MESSAGE)
        return Message(self.search, tuple(self.records), unsaid, int(self.now))

    def _to_seal(self, record: Record, kind: Kind) -> ToSeal:
        label = Label(self.sealer.channel, self.state.language, kind, self.state.urgency)
        return ToSeal(record, label, self.sealer.conversation, self.sealer.team.raw)

    def change(self, **changes: object) -> None:
        """The state as it will be kept."""
        self.state = self.state.replaced(**changes)

    def begin_nothing(self) -> None:
        """The first word was the code of another conversation: the new one was never stored, and never will be."""
        self.opens, self.keeps, self.records = None, [], []

    def say(self, effects: Sequence[Effect]) -> None:
        self.effects.extend(effects)

    def offer_nothing(self) -> None:
        self.effects = [effect for effect in self.effects if not isinstance(effect, Offer)]
