# SPDX-License-Identifier: AGPL-3.0-or-later
"""From stored rows to what was said, and back. Needs an operator's unlocked team key and the erasure key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from safeconduct.desk.cases.keys import Doors
from safeconduct.desk.cases.models import StoredEnvelope
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.envelope import Envelope, Purpose
from safeconduct.sealing.erasure import ErasureKey, protect, recover
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.casework import CaseAct, CaseNeed, UnitArrival, UnitCount, UnitMember, UnitOf, UnitVoice
from safeconduct.vocabulary.contact import WEB
from safeconduct.vocabulary.identifiers import KeyId
from safeconduct.vocabulary.identity import IdentityClaims
from safeconduct.vocabulary.records import (
    ApplicationFacts,
    CallForPerson,
    ChatContact,
    DeliveryOutcome,
    DeliveryReport,
    ErasureWish,
    FileSent,
    NoteText,
    PersonText,
    Record,
    ReplyText,
    decode,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing said. `record` is None when it does not open: it is shown as such, and hides nothing else."""

    stored: StoredEnvelope
    record: Record | None
    is_elsewhere: bool = False  # whole, and sealed to another team alone
    is_ours_alone: bool = False  # no other team opens it

    @property
    def shape(self) -> str:
        """How the page shows it."""
        return "elsewhere" if self.is_elsewhere else _SHAPES[type(self.record)]

    @property
    def wants_a_look(self) -> bool:
        """Whether it came from the person or tells of trouble. What does not open may be either."""
        if self.stored.purpose != Purpose.TO_TEAM.value or isinstance(self.record, ChatContact):
            return False
        return not (isinstance(self.record, DeliveryReport) and self.record.outcome in _NO_HURRY)


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation, readable."""

    items: tuple[Item, ...]

    @property
    def facts(self) -> ApplicationFacts | None:
        """The newest."""
        found = [item.record for item in self.items if isinstance(item.record, ApplicationFacts)]
        return found[-1] if found else None

    @property
    def contact(self) -> ChatContact | None:
        """The newest: where the person writes now. None for one who has only been on the web."""
        found = [item.record for item in self.items if isinstance(item.record, ChatContact)]
        return found[-1] if found else None

    @property
    def channel(self) -> str | None:
        """The chat in which the person writes now."""
        return self.contact.channel if self.contact else None

    @property
    def language(self) -> str:
        """What the person last chose, or nothing."""
        found = [item.record for item in self.items if isinstance(item.record, _NAMES_MAILBOX)]
        return found[-1].language if found else ""

    @property
    def mailbox(self) -> bytes | None:
        """Where the person reads. The first record that names it does so for good: whoever took an edge could add others (T13).

        None when nothing readable names one, or when a later record names another.
        """
        named = self._mailboxes
        return named.pop() if len(named) == 1 else None

    @property
    def is_disputed(self) -> bool:
        """Two mailboxes are named: one of them may be a thief's."""
        return len(self._mailboxes) > 1

    @property
    def has_moved(self) -> bool:
        """Whether the person went on in another chat after the application: its hours were told for another place (R4).

        From the page they went to the messenger that they named there: these hours were told for it.
        """
        named = [item.record for item in self.items if isinstance(item.record, _NAMES_MAILBOX)]
        before = [one for one in named if isinstance(one, ApplicationFacts)]
        if not before or isinstance(named[-1], ApplicationFacts):
            return False
        rule, since = before[-1].safe_contact, named[named.index(before[-1]) + 1 :]
        is_as_told = before[-1].channel == WEB and rule is not None and rule.channel == named[-1].channel
        return not (is_as_told and len(since) == 1)

    @property
    def _mailboxes(self) -> set[bytes]:
        return {item.record.mailbox for item in self.items if isinstance(item.record, _NAMES_MAILBOX)}

    @property
    def is_under_duress(self) -> bool:
        """R5: the agreed word stood in a message, be it one that only the handover cell opens by now."""
        return any(_tells_of_duress(item.record) for item in self.items)

    @property
    def last_seen(self) -> int:
        """Up to where whoever has this on the screen has read."""
        return max((item.stored.pk for item in self.items), default=0)


_SHAPES: dict[type[Record | None], str] = {
    ApplicationFacts: "facts",
    PersonText: "text",
    ErasureWish: "wish",
    ReplyText: "reply",
    NoteText: "note",
    ChatContact: "contact",
    FileSent: "file",
    CallForPerson: "call",
    DeliveryReport: "report",
    CaseAct: "act",
    UnitCount: "unit",
    UnitVoice: "unit",
    UnitMember: "unit",
    UnitOf: "unit",
    UnitArrival: "unit",
    CaseNeed: "need",
    IdentityClaims: "identity",
    type(None): "sealed",
}


def _tells_of_duress(record: Record | None) -> bool:
    if isinstance(record, PersonText):
        return record.duress
    return isinstance(record, CaseAct) and record.act == MOVED_UNDER_DURESS


MOVED, MOVED_UNDER_DURESS = "move-place", "move-place-duress"  # acts that the conversation itself tells of

_NAMES_MAILBOX = (ApplicationFacts, ChatContact)
_NO_HURRY: frozenset[DeliveryOutcome] = frozenset({"delivered", "waiting"})

# What each purpose may hold: a reply that is filed as a person's words would put words into their mouth.
_FITTING: dict[Purpose, tuple[type[Record], ...]] = {
    Purpose.TO_TEAM: (
        ApplicationFacts,
        PersonText,
        ErasureWish,
        ChatContact,
        FileSent,
        CallForPerson,
        DeliveryReport,
    ),
    Purpose.TO_PERSON: (ReplyText,),
    Purpose.NOTE: (
        NoteText,
        CaseAct,
        CaseNeed,
        UnitCount,
        UnitVoice,
        UnitMember,
        UnitOf,
        UnitArrival,
        IdentityClaims,
    ),
}


def open_all(
    rows: Iterable[StoredEnvelope],
    erasure: ErasureKey,
    team: PrivateKey,
    doors: Doors,
    *,
    older: Sequence[PrivateKey] = (),
) -> Opened:
    """Every row, in order. One that was altered, or does not open, is kept in its place with no record.

    `older` are earlier versions of the team's key, for what a rotation has not reached yet.
    """
    keys = {key.public.key_id: key for key in (*older, team)}
    return Opened(tuple(_item(row, erasure, keys, doors) for row in rows))


def holder_of(envelope: Envelope, keys: Mapping[KeyId, PrivateKey]) -> PrivateKey | None:
    """The first of these keys that has a wrap there."""
    return next((keys[wrap.recipient] for wrap in envelope.wraps if wrap.recipient in keys), None)


def protect_wraps(erasure: ErasureKey, row_id: bytes, wraps: bytes) -> bytes:
    """Bound to the envelope's id: wraps of one row are no use in another."""
    return protect(erasure, wraps, context=b"wraps" + row_id)


def rejoin(row: StoredEnvelope, erasure: ErasureKey) -> Envelope:
    """The whole envelope. Raises `SealingError`."""
    return sealing.join(row.core, recover(erasure, row.wraps, context=b"wraps" + row.envelope))


def _item(row: StoredEnvelope, erasure: ErasureKey, keys: Mapping[KeyId, PrivateKey], doors: Doors) -> Item:
    try:
        envelope = rejoin(row, erasure)
        sealing.verify(envelope, doors.inward if envelope.header.purpose is Purpose.TO_TEAM else doors.outward)
        key = holder_of(envelope, keys)
        if key is None:
            return Item(row, None, is_elsewhere=bool(envelope.wraps) and _belongs(row, envelope))
        record = decode(sealing.open_envelope(envelope, key))
    except (SealingError, msgspec.DecodeError):
        return Item(row, None)
    fits = _belongs(row, envelope) and isinstance(record, _FITTING[envelope.header.purpose])
    return Item(row, record if fits else None, is_ours_alone=all(wrap.recipient in keys for wrap in envelope.wraps))


def _belongs(row: StoredEnvelope, envelope: Envelope) -> bool:
    header = envelope.header
    return header.conversation == row.case.conversation and header.purpose == row.purpose
