# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation begins with the first word, or moves here from another place with its code."""

import secrets as random
from dataclasses import dataclass

from safeconduct.dialogue import duress
from safeconduct.dialogue.turns import Position
from safeconduct.edge import reminders
from safeconduct.edge.chat.access import CODE, keep_secret
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.state import LIFE_SECONDS, ChatState
from safeconduct.edge.credentials import duress_secret
from safeconduct.sealing import receipts
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.receipts import Receipt
from safeconduct.spool.contract import Found, Kept, NewConversation
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, ConversationId


@dataclass(frozen=True, slots=True)
class Begun:
    """A new conversation, for the commit that opens it, and what the edge remembers of it."""

    state: ChatState
    opens: NewConversation
    code: Kept


def begin_conversation(line: Line, address: str, position: Position) -> Begun:
    """Nobody but the person can ever come back to it: the code is theirs, and here it is forgotten after a day."""
    now = int(line.clock())
    receipt = Receipt.generate()
    derived = receipts.derive(receipt, line.secrets.door.receipt_key)
    half = random.token_bytes(32)
    mailbox = receipts.mailbox_key(derived, half)
    conversation = ConversationId(random.token_bytes(IDENTIFIER_BYTES))
    mark = duress.unagreed()  # one is kept in any case: nobody sees who agreed on a word
    state = ChatState(
        channel=line.facts.code,
        address=str(address),
        conversation=conversation,
        mailbox=mailbox.public.raw,
        duress_key=duress_secret(line.secrets.door, mailbox),
        mark=mark,
        position=position,
        language=position.language,
    )
    code = keep_secret(line.secrets, CODE, conversation, receipt.digits.encode(), now)
    return Begun(state, NewConversation(derived.lookup, conversation, half, mark, now + LIFE_SECONDS), code)


async def move_here(line: Line, before: ChatState, found: Found, mailbox: PrivateKey) -> ChatState:
    """The conversation of a code goes on in this chat. The hours that were declared in another chat stay there (R4).

    Those that its person named on the page for this messenger hold from now on: they could not before they had written here. How
    near the war they are comes with it: at the front they would wait behind someone at home.
    """
    urgency, rule = await _known_of(line, found.conversation, mailbox)
    is_for_here = rule is not None and rule.channel == line.facts.code
    return ChatState(
        channel=line.facts.code,
        address=before.address,
        conversation=found.conversation,
        mailbox=mailbox.public.raw,
        duress_key=duress_secret(line.secrets.door, mailbox),
        mark=found.duress or duress.unagreed(),
        position=before.position,
        language=before.language,
        urgency=urgency,
        heard=before.heard,
        contact="declared" if is_for_here else "undeclared",
        rule=rule if is_for_here else None,
    )


async def _known_of(
    line: Line, conversation: ConversationId, mailbox: PrivateKey
) -> tuple[Urgency, SafeContactRule | None]:
    """As the chat from which it comes knows it, or else the page, which alone tells of another messenger's hours."""
    place = await line.place_of(conversation)
    state = None if place is None else await line.state_at(place)
    if state is not None and state.conversation == conversation:
        return state.urgency, None
    box = await line.spool.kept(reminders.KIND, conversation)
    reminder = reminders.recall(box, conversation, mailbox, language="")
    return reminder.urgency, reminder.rule
