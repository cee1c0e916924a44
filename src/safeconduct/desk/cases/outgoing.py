# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts by which a reply leaves for the person's mailbox, and for their chat. The spool takes each key once, so each may be repeated."""

import contextlib
import time
from dataclasses import dataclass

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Delivery, Outgoing
from safeconduct.desk.cases.writing import InChat, sealed_for_chat, sealed_for_person
from safeconduct.sealing.errors import SealingError
from safeconduct.spool.contract import Errand
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.secrets import Sealed

QUEUE = "reply"  # of its own: a reply that waits for its hours holds up no answer to what the person writes
PRIORITY = 1  # after the bot's answers


@dataclass(frozen=True, slots=True)
class Leaving:
    """One reply that is due. `sealed` is None when nothing could open the row: it can never be delivered."""

    row: int
    conversation: ConversationId
    key: DedupKey
    sealed: Sealed | None
    errands: tuple[Errand, ...] = ()


def due(keys: DeskKeys, limit: int) -> list[Leaving]:
    """In the order in which they were written, which is the order in which the person is to read them."""
    rows = Outgoing.objects.select_related("envelope__case").order_by("pk")[:limit]
    return [_leaving(keys, row) for row in rows]


def delivered(row: int) -> None:
    """It lies in the mailbox, durably."""
    _finish(row, Delivery.DELIVERED, "cases.deliver")


def undeliverable(row: int) -> None:
    """There is no such mailbox any more; the conversation shows it."""
    _finish(row, Delivery.UNDELIVERABLE, "cases.undeliverable")


def _leaving(keys: DeskKeys, row: Outgoing) -> Leaving:
    sealed, in_chat = None, None
    with contextlib.suppress(CaseGone, SealingError):
        sealed, in_chat = sealed_for_person(keys, row), sealed_for_chat(keys, row)
    errands = () if in_chat is None else (_errand(in_chat),)
    return Leaving(row.pk, row.envelope.case.conversation_id, DedupKey(row.key), sealed, errands)


def _errand(in_chat: InChat) -> Errand:
    """Due now: when the person may be written to is known at the edge alone (R4)."""
    return Errand(in_chat.channel, QUEUE, in_chat.sealed, due=int(time.time()), priority=PRIORITY)


@transaction.atomic
def _finish(row: int, outcome: Delivery, act: str) -> None:
    found = Outgoing.objects.select_related("envelope__case").filter(pk=row).first()
    if found is None:  # erased, or finished before
        return
    found.envelope.delivery = outcome.value
    found.envelope.save(update_fields=["delivery"])
    audit.record(None, act, found.envelope.case.number)
    found.delete()
