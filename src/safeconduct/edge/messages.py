# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a chat's message to its sealed records: the agreed word is looked for, each record is sealed. Chance aside, pure.

It is half of what a message costs, and so a crew of other processes can do it (`crew.py`); the result is the same.
"""

import msgspec

from safeconduct.dialogue import duress
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.envelopes import Sealer, day_of, public_key
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import PersonText, Record
from safeconduct.vocabulary.secrets import Sealed


class ToSeal(msgspec.Struct, frozen=True, array_like=True):
    """A record for the operators, the conversation that it belongs to, and the public key of the team that has it."""

    record: Record
    label: Label
    conversation: bytes
    team: bytes

    def __repr__(self) -> str:
        return "ToSeal(…)"


class Search(msgspec.Struct, frozen=True, array_like=True):
    """R5: where the agreed word is looked for, and what is known of it."""

    text: str
    duress_key: bytes
    conversation: bytes
    mark: bytes

    def __repr__(self) -> str:
        return "Search(…)"


class Message(msgspec.Struct, frozen=True, array_like=True):
    """What a person sent, understood; in clear, and never stored so."""

    search: Search
    records: tuple[ToSeal, ...]
    if_said: ToSeal | None  # sealed as well when the word stands in the text
    now: int

    def __repr__(self) -> str:
        return "Message(…)"


class Messages(msgspec.Struct, frozen=True, array_like=True, tag="messages"):
    """Several at once, so that a process is asked and answers less often."""

    messages: tuple[Message, ...]

    def __repr__(self) -> str:
        return "Messages(…)"


def seal_message(message: Message, credentials: EdgeCredentials) -> tuple[Sealed, ...]:
    """Its records in their order, those in the person's words marked when the agreed word was said.

    R5: the same work for every message, whether a word was agreed on or not, said or not.
    """
    search = message.search
    is_said = duress.spoken(search.duress_key, ConversationId(search.conversation), search.text, search.mark)
    found = [*message.records, *([message.if_said] if is_said and message.if_said is not None else [])]
    day = day_of(message.now)
    return tuple(
        Sealer(ConversationId(one.conversation), public_key(one.team), credentials.signing_key, day).seal(
            _marked(one.record, is_said=is_said), one.label
        )
        for one in found
    )


def _marked(record: Record, *, is_said: bool) -> Record:
    return PersonText(record.text, duress=is_said) if isinstance(record, PersonText) else record
