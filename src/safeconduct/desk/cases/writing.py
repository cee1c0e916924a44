# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the desk's own words are sealed, kept and sent off. Called inside the transaction of an act."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, Delivery, Draft, Outgoing, StoredEnvelope, today
from safeconduct.desk.cases.opening import protect_wraps
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.envelope import Envelope, Purpose
from safeconduct.sealing.erasure import ErasureKey, protect, recover
from safeconduct.sealing.keys import PrivateKey, PublicKey, open_with, seal_to
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import KeyId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Plain, Sealed

_LABEL = Label("web", "und", Kind.REPLY, Urgency.LATER)  # withdrawn before anything is stored or sent
_DRAFT = b"draft"


@dataclass(frozen=True, slots=True)
class Hand:
    """An operator at work: who, their opened keys, and the desk's own."""

    operator: Operator
    private: PrivateKey
    team: PrivateKey  # of the team that the role belongs to, the newest that the operator holds
    keys: DeskKeys
    older: tuple[PrivateKey, ...] = ()  # earlier versions of it: a rotation takes its time
    index_key: Callable[[], bytes] | None = None  # opens the key of the team's search index when it is needed

    @property
    def openers(self) -> dict[KeyId, PrivateKey]:
        """All that it opens envelopes with, by name."""
        return {key.public.key_id: key for key in (*self.older, self.team)}


@dataclass(frozen=True, slots=True)
class Writing:
    """What an operator sent off, up to where they had read, and the form it came from."""

    text: str
    seen: int
    form: str  # random, made with the page: the same words from the same form, posted twice, write once
    reopens: bool = False  # its page said that the case was closed: it is to be sent all the same

    def submission(self, operator: Operator, case: Case) -> bytes:
        said = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).digest()  # a corrected text is another one
        parts = (b"safeconduct/1/form", case.conversation, str(operator.pk).encode(), self.form.encode(), said)
        return hashlib.sha256(b"\0".join(parts)).digest()


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a reply goes: always into the mailbox; into a chat when its channel has a key at this desk."""

    mailbox: PublicKey
    channel: str | None = None
    delivery: PublicKey | None = None

    @property
    def recipients(self) -> list[PublicKey]:
        return [self.mailbox] if self.delivery is None else [self.mailbox, self.delivery]


class InChat(msgspec.Struct, frozen=True, array_like=True):
    """A reply for a channel's worker. Which channel it is stands under the erasure key as well (T3)."""

    channel: str
    sealed: bytes


def erasure_key(keys: DeskKeys, case: Case) -> ErasureKey:
    """Raises `CaseGone`: erased a moment ago, its rows follow."""
    found = keys.erasure.get(case.conversation_id)
    if found is None:
        raise CaseGone(case.number)
    return found


def is_repeated(operator: Operator, case: Case, writing: Writing) -> bool:
    return StoredEnvelope.objects.filter(submission=writing.submission(operator, case)).exists()


def seal(  # noqa: PLR0913 - all that an envelope of the desk says
    hand: Hand,
    case: Case,
    purpose: Purpose,
    record: Plain,
    recipients: Sequence[PublicKey],
    *,
    day: date | None = None,
) -> Envelope:
    """Signed by the desk, with no label in the clear. `day`: where today's would tell too much."""
    envelope = sealing.seal(
        record,
        purpose=purpose,
        conversation=case.conversation_id,
        label=_LABEL,
        day=day or today(),
        recipients=recipients,
        signer=hand.keys.signer,
    )
    return sealing.without_label(envelope)


def keep(hand: Hand, case: Case, envelope: Envelope, writing: Writing | None = None) -> StoredEnvelope:
    """Put it into the conversation. What no form was sent for tells of an act."""
    core, wraps = sealing.split(envelope)
    header = envelope.header
    return StoredEnvelope.objects.create(
        case=case,
        envelope=header.envelope,
        purpose=header.purpose.value,
        core=core,
        wraps=protect_wraps(erasure_key(hand.keys, case), header.envelope, wraps),
        day=header.day,
        opened_day=header.day,
        has_clear_label=False,
        author=hand.operator,
        submission=writing.submission(hand.operator, case) if writing else None,
        delivery=Delivery.WAITING if header.purpose is Purpose.TO_PERSON else "",
    )


def for_alone(envelope: Envelope, *recipients: PublicKey) -> Envelope:
    """The same envelope as these keys can open it, and no other."""
    meant = {one.key_id for one in recipients}
    for wrap in envelope.wraps:
        if wrap.recipient not in meant:
            envelope = sealing.destroy_wrap(envelope, wrap.recipient)
    return envelope


def send(hand: Hand, stored: StoredEnvelope, envelope: Envelope, ways: Ways) -> None:
    """Lay it out for the mailbox, and for the chat if there is one. The erasure key covers it until it has left."""
    key = erasure_key(hand.keys, stored.case)
    sealed = sealing.serialise(for_alone(envelope, ways.mailbox))
    errand = None
    if ways.channel and ways.delivery:
        body = sealing.serialise(for_alone(envelope, ways.delivery))
        said = msgspec.msgpack.encode(InChat(ways.channel, body))
        errand = protect(key, said, context=_errand(stored))
    Outgoing.objects.create(
        envelope=stored,
        key=stored.submission,
        sealed=protect(key, sealed, context=_leaving(stored)),
        errand=errand,
    )


def sealed_for_person(keys: DeskKeys, outgoing: Outgoing) -> Sealed:
    """What `send` laid out for the mailbox. Raises `CaseGone`, or `Tampered` for an altered row."""
    key = erasure_key(keys, outgoing.envelope.case)
    return Sealed(recover(key, outgoing.sealed, context=_leaving(outgoing.envelope)))


def sealed_for_chat(keys: DeskKeys, outgoing: Outgoing) -> InChat | None:
    """What `send` laid out for the chat, if anything. Raises `CaseGone`, or `Tampered` for an altered row."""
    if outgoing.errand is None:
        return None
    key = erasure_key(keys, outgoing.envelope.case)
    said = recover(key, outgoing.errand, context=_errand(outgoing.envelope))
    return msgspec.msgpack.decode(said, type=InChat)


def seal_draft(operator: Operator, keys: DeskKeys, case: Case, text: str) -> bytes:
    """Only the operator's own key opens it, and only while the conversation lives. Needs no unlocked desk."""
    sealed = seal_to(operator.key, text.encode(), purpose=_DRAFT)
    return protect(erasure_key(keys, case), sealed, context=_DRAFT + case.conversation)


def open_draft(hand: Hand, draft: Draft) -> str:
    """Raises `SealingError`, for one when the operator got a new key since."""
    key = erasure_key(hand.keys, draft.case)
    sealed = recover(key, draft.sealed, context=_DRAFT + draft.case.conversation)
    return open_with(hand.private, sealed, purpose=_DRAFT).decode()


def _leaving(stored: StoredEnvelope) -> bytes:
    return b"outgoing" + bytes(stored.envelope)


def _errand(stored: StoredEnvelope) -> bytes:
    return b"errand" + bytes(stored.envelope)
