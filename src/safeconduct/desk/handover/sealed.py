# SPDX-License-Identifier: AGPL-3.0-or-later
"""How what a handover keeps is sealed: signed by the desk, to the cell or to a unit's people, under the case's erasure key."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from safeconduct.desk.cases import writing
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, today
from safeconduct.desk.cases.opening import holder_of
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import records
from safeconduct.desk.handover.records import Codes, Link, Plan, Record, Sheet, UnitCard
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.envelope import Envelope, Purpose
from safeconduct.sealing.erasure import protect, recover
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId, KeyId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Sealed

T = TypeVar("T", Plan, Codes, Sheet, UnitCard, Link)

_LABEL = Label("web", "und", Kind.REPLY, Urgency.LATER)  # withdrawn at once
_OF_NO_CASE = ConversationId(bytes(16))


def close(keys: DeskKeys, case: Case, number: str, record: Record, recipients: Sequence[PublicKey]) -> bytes:
    """For one handover and one kind of record: no row can be put into another's place."""
    envelope = _sealed(keys.signer, record, case.conversation_id, recipients)
    return protect(writing.erasure_key(keys, case), sealing.serialise(envelope), context=_place(number, record))


def whole(keys: DeskKeys, case: Case, number: str, kept: bytes, kind: type[Record]) -> Envelope:
    """The envelope of what `close` was given. Raises `SealingError`, `CaseGone`."""
    context = _place(number, kind)
    return sealing.parse(Sealed(recover(writing.erasure_key(keys, case), kept, context=context)))


def reclose(keys: DeskKeys, case: Case, number: str, envelope: Envelope, kind: type[Record]) -> bytes:
    """The same envelope with other wraps."""
    return protect(writing.erasure_key(keys, case), sealing.serialise(envelope), context=_place(number, kind))


def open_kept(  # noqa: PLR0913 - what is opened, with what, and as what
    keys: DeskKeys, case: Case, number: str, kept: bytes, kind: type[T], *, openers: dict[KeyId, PrivateKey]
) -> T:
    """Raises `SealingError` when it is not the desk's, was altered, or none of these keys opens it; `CaseGone`."""
    envelope = whole(keys, case, number, kept, kind)
    if envelope.header.conversation != case.conversation_id:
        raise SealingError("it belongs to another case")
    return _opened(keys, envelope, kind, openers)


def close_card(hand: Hand, card: UnitCard) -> bytes:
    """A unit belongs to no case: its card is sealed to the cell, and to nothing that a person could have erased."""
    return sealing.serialise(_sealed(hand.keys.signer, card, _OF_NO_CASE, [hand.team.public]))


def open_card(hand: Hand, kept: bytes) -> UnitCard:
    """Raises `SealingError`."""
    return _opened(hand.keys, sealing.parse(Sealed(kept)), UnitCard, hand.openers)


def _sealed(
    signer: SigningKey, record: Record, conversation: ConversationId, recipients: Sequence[PublicKey]
) -> Envelope:
    envelope = sealing.seal(
        records.encode(record),
        purpose=Purpose.NOTE,
        conversation=conversation,
        label=_LABEL,
        day=today().replace(day=1) if isinstance(record, Link) else today(),  # R20: of an outcome the month at most
        recipients=recipients,
        signer=signer,
    )
    return sealing.without_label(envelope)


def _opened(keys: DeskKeys, envelope: Envelope, kind: type[T], openers: dict[KeyId, PrivateKey]) -> T:
    sealing.verify(envelope, keys.doors.outward)
    key = holder_of(envelope, openers)
    if key is None:
        raise SealingError("none of these keys opens it")
    try:
        return records.decode(sealing.open_envelope(envelope, key), kind)
    except msgspec.DecodeError as error:
        raise SealingError("it holds something else") from error


def _place(number: str, record: Record | type[Record]) -> bytes:
    kind = record if isinstance(record, type) else type(record)
    return b"handover " + number.encode() + b" " + kind.__name__.lower().encode()
