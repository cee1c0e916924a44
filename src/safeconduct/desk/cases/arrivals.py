# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts by which a batch from the pipe becomes rows of the desk, and by which an erasure empties them.

Order of durable steps, so that a crash anywhere loses and doubles nothing: erasure keys (made, destroyed), then one
transaction of the desk, and only then does the collector settle the pipe. Each step may be done twice.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import astray, journal, parting, waiting
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, Erased, Quarantine, Serial, Sort, StoredEnvelope, today
from safeconduct.desk.cases.opening import protect_wraps
from safeconduct.desk.cases.states import CaseState, Move, Whose, after
from safeconduct.sealing.envelope import Envelope, Purpose, parse, split, verify, without_label
from safeconduct.sealing.erasure import ErasureKey
from safeconduct.sealing.errors import EnvelopeRefused
from safeconduct.spool.contract import Waiting
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId, EnvelopeId, KeyId
from safeconduct.vocabulary.labels import Label

# Whoever holds the spool can strip a label, but must not be able to hide a person by it: such a one comes first.
_STRIPPED = Label(channel="", language="und", kind=Kind.MESSAGE, urgency=Urgency.NOW)
_UNDERWAY = timedelta(days=7)  # so long the pipe may be cut and a day still be believed


@dataclass(frozen=True, slots=True)
class Arrival:
    """One envelope that the edge signed."""

    envelope: Envelope
    at: datetime

    @property
    def conversation(self) -> ConversationId:
        return self.envelope.header.conversation

    @property
    def day(self) -> date:
        """The edge's day, as far as it can be right: terms count from it, and a wrong clock there must end none of them.

        What came later than a week after it was written counts from a week ago; what comes from tomorrow, from today.
        """
        return min(max(self.envelope.header.day, today() - _UNDERWAY), today())

    @property
    def label(self) -> Label:
        return self.envelope.label or _STRIPPED

    @property
    def is_report(self) -> bool:
        """Nobody has to do anything about it. One whose label was stripped could be anything, and waits."""
        return self.label.kind is Kind.REPORT


@dataclass(frozen=True, slots=True)
class Refusal:
    """Bytes that are not an envelope of the edge, and why."""

    sealed: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """A batch, read and checked, before anything is written."""

    arrivals: list[Arrival] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def wishes(self) -> set[ConversationId]:
        """Conversations that their person has erased (R48)."""
        return {one.conversation for one in self.arrivals if one.label.kind is Kind.ERASURE}


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of a batch. `known` were stored before, or belong to what is erased."""

    stored: int
    known: int
    erased: int
    refused: int


def take_over(batch: Sequence[Waiting], keys: DeskKeys) -> Collected:
    """Store what is good, quarantine what is not, erase what is to be erased. Durable when it returns.

    Calling it again with the same batch changes nothing.
    """
    sifted = sift(batch, keys)
    for conversation in sifted.wishes:
        keys.erasure.destroy(conversation)  # first: from here on it cannot be read, whatever happens next
    with transaction.atomic():
        fresh = _not_stored_yet(_living(sifted))
        _store(fresh, keys)
        _quarantine(sifted.refusals)
        erased = _erase(sifted.wishes)
        if fresh or sifted.refusals:
            audit.record(None, "cases.collect", f"{len(fresh)} stored, {len(sifted.refusals)} refused")
    return Collected(len(fresh), len(sifted.arrivals) - len(fresh) - erased, erased, len(sifted.refusals))


def sift(batch: Sequence[Waiting], keys: DeskKeys) -> Sifted:
    """Read and check every envelope. One that is forged or garbled stands in nobody's way."""
    sifted = Sifted()
    for one in sorted(batch, key=lambda each: each.seq):
        try:
            envelope = parse(one.envelope)
            verify(envelope, keys.doors.inward)
        except EnvelopeRefused as refused:
            sifted.refusals.append(Refusal(one.envelope, type(refused).__name__))
            continue
        if envelope.header.purpose is not Purpose.TO_TEAM:
            sifted.refusals.append(Refusal(one.envelope, "NotForTheTeam"))
            continue
        sifted.arrivals.append(Arrival(envelope, _moment(one.arrived)))
    return sifted


def digest_of(conversation: ConversationId) -> bytes:
    """How an erased conversation is remembered: enough to refuse what comes late, and to read nothing from."""
    return hashlib.sha256(b"safeconduct/1/erased" + conversation).digest()


def _moment(arrived: float) -> datetime:
    """Since when they wait. Never from now on: by a clock that ran ahead they would stand last, and no promise would break."""
    try:
        return min(datetime.fromtimestamp(arrived, UTC), timezone.now())
    except (ValueError, OverflowError, OSError):
        return timezone.now()  # a spool that counts time wrongly must not stop intake


def _living(sifted: Sifted) -> list[Arrival]:
    """What belongs to no conversation that is erased, now or before."""
    digests = {digest_of(one.conversation) for one in sifted.arrivals}
    found = Erased.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    gone = {bytes(digest) for digest in found} | {digest_of(one) for one in sifted.wishes}
    return [one for one in sifted.arrivals if digest_of(one.conversation) not in gone]


def _not_stored_yet(arrivals: list[Arrival]) -> list[Arrival]:
    by_id: dict[EnvelopeId, Arrival] = {}
    for one in arrivals:
        by_id.setdefault(one.envelope.header.envelope, one)
    stored = StoredEnvelope.objects.filter(envelope__in=list(by_id)).values_list("envelope", flat=True)
    for envelope in stored:
        del by_id[EnvelopeId(bytes(envelope))]
    return list(by_id.values())


def _store(fresh: list[Arrival], keys: DeskKeys) -> None:
    cases = _cases_of(fresh)  # locked before their keys are looked for: a case may be expiring in this moment
    erasure = keys.erasure.make_many(one.conversation for one in fresh)
    of_cell = astray.cell_keys() if any(case.whose is Whose.CELL for case in cases.values()) else frozenset()
    for one in fresh:
        case = cases[one.conversation]
        case.last_day = max(case.last_day, one.day)
        if not one.is_report:
            case.state = after(case.case_state, Move.WRITTEN).value
            waiting.begin(case, one.label, one.at)
    _save(cases.values())
    StoredEnvelope.objects.bulk_create(
        _row(one, cases[one.conversation], erasure[one.conversation], of_cell) for one in fresh
    )


def _cases_of(fresh: list[Arrival]) -> dict[ConversationId, Case]:
    """The case of every conversation; one that was not known before is not saved yet."""
    wanted = list(dict.fromkeys(one.conversation for one in fresh))
    known = Case.objects.select_for_update().filter(conversation__in=wanted)
    cases = {one.conversation_id: one for one in known}
    strangers = [one for one in wanted if one not in cases]
    numbers = _numbers(len(strangers))
    for conversation, number in zip(strangers, numbers, strict=True):
        cases[conversation] = Case(
            number=number, conversation=conversation, state=CaseState.SILENT.value, last_day=date.min
        )
    return cases


def _numbers(count: int) -> list[str]:
    """Fresh case numbers of this year: short enough to be said aloud, and with no precise time in them."""
    if not count:
        return []
    year = timezone.now().year
    Serial.objects.get_or_create(year=year)
    serial = Serial.objects.select_for_update().get(year=year)
    first, serial.last = serial.last + 1, serial.last + count
    serial.save()
    return [f"{year % 100:02}-{number:04}" for number in range(first, first + count)]


_CHANGED = ("state", "waiting_since", "urgency", "channel", "language", "kind", "last_day", "folded_into")


def _save(cases: Collection[Case]) -> None:
    for case in cases:
        if case.pk:  # one by one: Django's bulk_update takes five times as long as these
            case.save(update_fields=_CHANGED)
    Case.objects.bulk_create([case for case in cases if not case.pk])


def _row(arrival: Arrival, case: Case, erasure: ErasureKey, of_cell: Collection[KeyId]) -> StoredEnvelope:
    envelope = without_label(arrival.envelope) if arrival.is_report else arrival.envelope
    core, wraps = split(envelope)
    header = envelope.header
    return StoredEnvelope(
        case=case,
        envelope=header.envelope,
        purpose=header.purpose.value,
        core=core,
        wraps=protect_wraps(erasure, header.envelope, wraps),
        day=arrival.day,
        opened_day=today() if arrival.is_report else None,  # nobody has to read it first
        has_clear_label=envelope.label is not None,
        sort=_sort(arrival, case, of_cell),
    )


def _sort(arrival: Arrival, case: Case, of_cell: Collection[KeyId]) -> str:
    if case.whose is Whose.CELL and not arrival.is_report and astray.is_one(arrival.envelope, of_cell):
        return Sort.INTAKE
    return Sort.FRAME if _may_be_of_frame(arrival) else ""


def _may_be_of_frame(arrival: Arrival) -> bool:
    """Whether it may say where the person reads: to be opened first, however much else came. Opening it shows."""
    return arrival.envelope.label is None or arrival.label.kind in (Kind.APPLICATION, Kind.REPORT)


def _quarantine(refusals: list[Refusal]) -> None:
    Quarantine.objects.bulk_create(
        (
            Quarantine(digest=hashlib.sha256(one.sealed).digest(), sealed=one.sealed, reason=one.reason, day=today())
            for one in refusals
        ),
        ignore_conflicts=True,
    )


def _erase(conversations: set[ConversationId]) -> int:
    """Every row of these conversations goes; a digest stays. How many were known."""
    if not conversations:
        return 0
    Erased.objects.bulk_create(
        (Erased(digest=digest_of(one), day=today()) for one in conversations), ignore_conflicts=True
    )
    _erase_quarantined(conversations)
    cases = list(Case.objects.filter(conversation__in=list(conversations)))
    for case in cases:
        audit.record(None, "cases.erase", case.number)
        parting.part(case)
        case.delete()
    transaction.on_commit(journal.empty)
    return len(cases)


def _erase_quarantined(conversations: set[ConversationId]) -> None:
    """A damaged copy of a person's envelope holds the same sealed words."""
    for row in Quarantine.objects.iterator():
        try:
            if parse(bytes(row.sealed)).header.conversation in conversations:
                row.delete()
        except EnvelopeRefused:
            continue  # it names no conversation that could be read
