# SPDX-License-Identifier: AGPL-3.0-or-later
"""R20: which of custody's people came through a handover. This side alone knows, sealed to the cell; custody has no word of it.

Custody gives everybody a random token, which somebody carries here on paper. Two people seal a link, each from that paper. Two
people open it, and the monitor hears of it. No row tells when: not of the link, and not of who asked for it. It dies with its case.
"""

import re

from django.db import transaction

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.approvals.models import LIVING, Proposal
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import writing
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import gates, sealed
from safeconduct.desk.handover.errors import MoveRefused, NoLink, NoSuchHandover, TokenRefused
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import TOKENS_MAX, Link
from safeconduct.desk.handover.states import HandoverState
from safeconduct.sealing.derivation import derive_key

SEAL, OPEN = "handover.link", "handover.link-open"
OPENED = "handover.link-opened"  # the alert
_TOKEN = re.compile(r"[0-9a-f]{32}")


def token_of(written: str) -> bytes:
    """As it stands on the paper: 32 hexadecimal digits, however they are grouped. Raises `TokenRefused`."""
    told = re.sub(r"[\s-]", "", written).lower()
    if not _TOKEN.fullmatch(told):
        raise TokenRefused
    return bytes.fromhex(told)


def propose(hand: Hand, number: str, written: str) -> None:
    """The first of two reads the paper. Of the token only a keyed hash waits. Raises `TokenRefused`, `MoveRefused`, `AlreadyProposed`."""
    with gates.act_of(hand.operator, "handover.link", number):
        _handover, case = _received(hand, number)
        approving.propose(hand.operator, SEAL, number, _content(hand, case, number, token_of(written)))


def seal(hand: Hand, number: str, written: str) -> None:
    """The second reads the same paper, and the link is there. Raises `TokenRefused`, `ContentChanged`, `SamePerson`, `MoveRefused`."""
    with gates.act_of(hand.operator, "handover.link", number):
        handover, case = _received(hand, number)
        token = token_of(written)
        _agree(hand, SEAL, number, _content(hand, case, number, token))
        tokens = {*_tokens(hand, handover, case), token}
        if len(tokens) > TOKENS_MAX:
            raise TokenRefused
        link = Link(tokens=tuple(sorted(tokens)))  # in no order that tells who was first
        handover.link = sealed.close(hand.keys, case, number, link, [hand.team.public])
        handover.save(update_fields=["link"])
        audit.record(hand.operator, "handover.link", number)


def ask(hand: Hand, number: str) -> None:
    """The first of two asks for it to be opened. Raises `NoLink`, `AlreadyProposed`."""
    with gates.act_of(hand.operator, "handover.link", number):
        handover, _case = _received(hand, number)
        approving.propose(hand.operator, OPEN, number, _kept(handover))


def open_link(hand: Hand, number: str) -> tuple[bytes, ...]:
    """The second opens it, once, and the monitor is alarmed. Raises `NoLink`, `SamePerson`, `Lapsed`."""
    with gates.act_of(hand.operator, "handover.link", number):
        handover, case = _received(hand, number)
        _agree(hand, OPEN, number, _kept(handover))
        raise_alert(OPENED)
        audit.record(hand.operator, "handover.link-opened", number)
        return _tokens(hand, handover, case)


@transaction.atomic
def sweep() -> int:
    """What an erased case leaves of a link goes, and so does a proposal that nobody took up. How many links."""
    for row in Proposal.objects.filter(kind__in=[SEAL, OPEN]):
        is_over = row.state not in LIVING or not approvals.is_sound(row, approvals.today())
        if is_over:
            approving.forget(row.kind, row.subject)
    return Handover.objects.filter(case=None, link__isnull=False).update(link=None)


def _received(hand: Hand, number: str) -> tuple[Handover, Case]:
    handover = gates.take(number)
    if handover.handover_state is not HandoverState.RECEIVED:
        raise MoveRefused(handover.state, "link")
    return handover, gates.case_of(hand, handover)


def _agree(hand: Hand, kind: str, number: str, content: bytes) -> None:
    """Approved and used in one act; then no row remembers the day. The record does."""
    proposal = approvals.standing(kind, number)
    if proposal is None:
        raise NoSuchHandover(number)
    approving.approve(hand.operator, proposal.pk, content)
    approving.spend(proposal.pk, content, actor=hand.operator)
    approving.forget(kind, number)


def _content(hand: Hand, case: Case, number: str, token: bytes) -> bytes:
    """Under the case's erasure key: custody has every token, and would else find the one whose hash waits for a second reader."""
    key = writing.erasure_key(hand.keys, case)
    return derive_key(key.raw, salt=None, purpose=b"handover link " + number.encode() + b"/" + token)


def _kept(handover: Handover) -> bytes:
    if handover.link is None:
        raise NoLink(handover.number)
    return bytes(handover.link)


def _tokens(hand: Hand, handover: Handover, case: Case) -> tuple[bytes, ...]:
    if handover.link is None:
        return ()
    return sealed.open_kept(hand.keys, case, handover.number, handover.link, Link, openers=hand.openers).tokens


def is_asked(number: str) -> tuple[Proposal | None, Proposal | None]:
    """What waits for a second person: a link to be sealed, the link to be opened."""
    return approvals.standing(SEAL, number), approvals.standing(OPEN, number)
