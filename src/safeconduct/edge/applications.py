# SPDX-License-Identifier: AGPL-3.0-or-later
"""From understood answers to what is stored: a receipt, two envelopes, one commit. Chance aside, a pure function.

It is most of what a post costs, and so a crew of other processes can do it (`crew.py`); the result is the same.
"""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable

import msgspec

from safeconduct.dialogue import duress
from safeconduct.dialogue.answers import Answers
from safeconduct.dialogue.record import facts_from, text_from
from safeconduct.edge import reminders
from safeconduct.edge.credentials import EdgeCredentials, duress_secret
from safeconduct.edge.envelopes import Sealer, day_of, public_key
from safeconduct.edge.reminders import CONVERSATION_SECONDS, Reminder
from safeconduct.sealing import receipts, tickets
from safeconduct.sealing.errors import TicketRefused
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.receipts import Receipt
from safeconduct.spool.contract import Commit, Kept, Lane, NewConversation
from safeconduct.vocabulary.applications import urgency_of
from safeconduct.vocabulary.contact import WEB
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.records import ApplicationFacts

RECEIPT_SECONDS = 30 * 60
KIND = "receipt"  # of what is kept under a ticket
_SEALED_FOR = b"receipt"


class Application(msgspec.Struct, frozen=True, array_like=True, tag="application"):
    """What a person sent, understood; in clear, and never stored so. `intake` is the team's public key."""

    answers: Answers
    ticket: bytes
    intake: bytes
    now: int

    def __repr__(self) -> str:
        return "Application(…)"


class SealedApplication(msgspec.Struct, frozen=True, array_like=True):
    """What is stored, and the receipt that its page shows."""

    receipt: Receipt
    commit: Commit

    def __repr__(self) -> str:
        return "SealedApplication(…)"


Seals = Callable[[Application], Awaitable[SealedApplication]]


def seal_application(application: Application, credentials: EdgeCredentials) -> SealedApplication:
    """Seal it to intake under a new receipt. Each call makes another conversation; one ticket is stored once."""
    receipt = Receipt.generate()
    conversation = ConversationId(secrets.token_bytes(16))
    derived = receipts.derive(receipt, credentials.receipt_key)
    half = secrets.token_bytes(32)
    mailbox = receipts.mailbox_key(derived, half)
    facts = facts_from(application.answers, channel=WEB, mailbox=mailbox.public.raw)
    sealer = Sealer(conversation, public_key(application.intake), credentials.signing_key, day_of(application.now))
    mark = _mark(application.answers, duress_secret(credentials, mailbox), conversation)
    expires = application.now + CONVERSATION_SECONDS
    commit = Commit(
        key=DedupKey(hmac.new(credentials.dedup_key, b"application" + application.ticket, "sha256").digest()),
        lane=Lane.FIRST,
        conversation=conversation,
        envelopes=sealer.application(facts, text_from(application.answers)),
        opens=NewConversation(derived.lookup, conversation, half, mark, expires),
        keeps=(_shown_again(application, receipt), _remembered(facts, conversation, mailbox, expires)),
    )
    return SealedApplication(receipt, commit)


def receipt_key_of(ticket: bytes) -> bytes:
    """The key under which a ticket's receipt is kept."""
    return hashlib.sha256(b"safeconduct/1/receipt-ticket" + ticket).digest()


def receipt_in(box: bytes | None, ticket: bytes, *, now: int) -> Receipt | None:
    """The receipt that this ticket got; None after its 30 minutes."""
    if box is None:
        return None
    try:
        return Receipt(tickets.redeem(ticket, box.decode(), purpose=_SEALED_FOR, now=now).decode())
    except TicketRefused:
        return None


def _shown_again(application: Application, receipt: Receipt) -> Kept:
    """For a post that is repeated: the receipt, closed under the ticket that only the page holds."""
    expires = application.now + RECEIPT_SECONDS
    box = tickets.issue(application.ticket, receipt.digits.encode(), purpose=_SEALED_FOR, expires=expires)
    return Kept(KIND, receipt_key_of(application.ticket), box.encode(), expires)


def _remembered(facts: ApplicationFacts, conversation: ConversationId, mailbox: PrivateKey, expires: int) -> Kept:
    rule = facts.safe_contact
    elsewhere = rule if rule is not None and rule.channel != WEB else None
    reminder = Reminder(facts.language, urgency_of(facts.stage), rule=elsewhere)
    return reminders.keep(reminder, conversation, mailbox, expires=expires)


def _mark(answers: Answers, key: bytes, conversation: ConversationId) -> bytes:
    """A mark is kept in any case, so that a copied disk does not even tell who agreed on a word."""
    phrase = answers.get("duress_word")
    nothing = duress.unagreed()
    return duress.agreed(nothing, duress.make(key, conversation, phrase)) if phrase else nothing
