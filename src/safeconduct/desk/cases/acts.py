# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator does with a case: one function, one transaction, one entry in the record.

Each raises `CaseGone` for a case that is not there (any more) or not for this operator, `HeldByOthers` for one that
another team answers, and `TransitionRefused` for what R14 does not list.
"""

from django.db import transaction
from django.utils import timezone

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import claiming, history, holding, promises, reading, replies, waiting, writing
from safeconduct.desk.cases.errors import Crossed, NoMailbox
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, Draft, StoredEnvelope, today
from safeconduct.desk.cases.opening import Opened
from safeconduct.desk.cases.refusing import recorded
from safeconduct.desk.cases.states import QUIET, CaseState, Move, Whose, after
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.envelope import Purpose
from safeconduct.sealing.errors import KeyRefused
from safeconduct.sealing.keys import PublicKey
from safeconduct.vocabulary.applications import Kind, Urgency, urgency_of
from safeconduct.vocabulary.casework import CaseAct
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import NoteText, ReplyText, encode


def read(hand: Hand, number: str) -> tuple[Case, Opened]:
    """Open the newest page of a case and read it. Nothing is read that is not recorded."""
    done = reading.read(hand, number)
    return done.case, done.opened


@recorded
def reply(hand: Hand, number: str, written: Writing) -> None:
    """Answer the person. Afterwards nothing waits, unless they wrote again meanwhile. Raises `NoMailbox`, `ReplyRefused`.

    `TransitionRefused`: a colleague dealt meanwhile with what the writer has not seen, or closed the case. Whoever sends it
    from a page that shows this is not refused.
    """
    case = holding.take_to_answer(hand.operator, number)
    if writing.is_repeated(hand.operator, case, written):
        return
    replies.hold(hand, case, written.text)
    opened = reading.frame(hand, case, seen=written.seen)
    ways = writing.Ways(_mailbox_of(opened), opened.channel, hand.keys.delivery.get(opened.channel or ""))
    readers = holding.readers(hand, case)
    record = encode(ReplyText(written.text, today().isoformat()))
    envelope = writing.seal(hand, case, Purpose.TO_PERSON, record, [*readers, *ways.recipients])
    stored = writing.keep(hand, case, writing.for_alone(envelope, *readers), written)
    writing.send(hand, stored, envelope, ways)
    claiming.mark_if_crossed(stored, written.seen)
    claiming.keep(case, hand.operator)
    case.last_day = max(case.last_day, today())
    crosses = _came_since(opened, written.seen) or (case.case_state is CaseState.OPEN and _lies_with_intake(hand, case))
    if not crosses:
        promises.count_answer(case, timezone.now())
    _move(case, _answering(case, written, crosses=crosses))
    _drop_draft(hand, case, "reply")
    audit.record(hand.operator, "cases.reply", number)


@recorded
def note(hand: Hand, number: str, written: Writing) -> None:
    """Write down something for colleagues. It never leaves the desk."""
    case = holding.take(hand.operator, number)
    if writing.is_repeated(hand.operator, case, written):
        return
    envelope = writing.seal(hand, case, Purpose.NOTE, encode(NoteText(written.text)), holding.readers(hand, case))
    writing.keep(hand, case, envelope, written)
    claiming.renew(case, hand.operator)
    _drop_draft(hand, case, "note")
    audit.record(hand.operator, "cases.note", number)


@recorded
def settle(hand: Hand, number: str, *, seen: int) -> None:
    """Nothing needs an answer. Raises `Crossed` if something came that the operator has not seen."""
    _put_to_rest(hand, number, Move.SETTLE, seen)


@recorded
def close(hand: Hand, number: str, *, seen: int) -> None:
    """Nothing is expected any more. A new message opens the case again. Raises `Crossed` as `settle` does."""
    _put_to_rest(hand, number, Move.CLOSE, seen)


@recorded
def put_back(hand: Hand, number: str) -> None:
    """Into the queue again, with the labels that its facts give it."""
    into_queue(hand, holding.take_to_answer(hand.operator, number))


def into_queue(hand: Hand, case: Case) -> None:
    """The same for a case that an act has taken already. Saves it."""
    waiting.begin(case, label_of(reading.frame(hand, case)), timezone.now())
    _move(case, Move.RETURN)
    history.write(hand, case, CaseAct(Move.RETURN.value))
    audit.record(hand.operator, "cases.return", case.number)


@transaction.atomic
def keep_draft(operator: Operator, number: str, written: Writing, *, box: str, keys: DeskKeys) -> None:
    """Keep what is being typed: it opens with this operator's passphrase alone. An empty text drops it.

    One entry tells of a draft, however often it grows: a keystroke is no act. A draft that comes after its own form
    was sent is dropped, or it would stand in the box again as if it had not been.
    """
    case = holding.take(operator, number)
    mine = Draft.objects.filter(case=case, operator=operator, box=box)
    if not written.text.strip() or writing.is_repeated(operator, case, written):
        mine.delete()
        return
    claiming.renew(case, operator)
    sealed = writing.seal_draft(operator, keys, case, written.text)
    if not mine.update(sealed=sealed):
        Draft.objects.create(case=case, operator=operator, box=box, sealed=sealed)
        audit.record(operator, "cases.draft", number)


def _mailbox_of(opened: Opened) -> PublicKey:
    try:
        return PublicKey.parse(opened.mailbox or b"")
    except KeyRefused:
        raise NoMailbox("no readable facts name one key to answer to") from None


def label_of(opened: Opened) -> Label:
    """Under which labels the case waits again."""
    facts, language = opened.facts, opened.language or "und"
    if facts is not None:
        return Label(opened.channel or facts.channel, language, Kind.MESSAGE, urgency_of(facts.stage))
    if opened.channel is not None:  # a chat without an application: nobody knows how near they are
        return Label(opened.channel, language, Kind.MESSAGE, Urgency.SOON)
    return Label("", language, Kind.MESSAGE, Urgency.NOW)  # nothing readable: a person has to look at it first


def _came_since(opened: Opened, seen: int) -> bool:
    """Something that an operator has to see. That a reply went its way is not: nobody could ever answer twice."""
    return any(item.wants_a_look for item in opened.items if item.stored.pk > seen)


def _lies_with_intake(hand: Hand, case: Case) -> bool:
    """R5: an edge that had not heard of the cell sealed a message to intake, and nobody has opened it.

    The cell sees that it lies there and not what it says: an answer to the rest is none to it, whatever was on the screen.
    """
    if case.whose is not Whose.CELL:
        return False
    unread = StoredEnvelope.objects.filter(case=case, purpose=Purpose.TO_TEAM.value, opened_day=None)
    newest = unread.order_by("-pk").values_list("pk", flat=True)[: reading.FRAME_MAX]
    return any(item.is_elsewhere for item in reading.open_rows(hand, case, newest).items)


def _answering(case: Case, written: Writing, *, crosses: bool) -> Move:
    if crosses:
        return Move.CROSS
    is_reopened = written.reopens and case.case_state is CaseState.CLOSED
    return Move.REOPEN if is_reopened else Move.REPLY


def _put_to_rest(hand: Hand, number: str, move: Move, seen: int) -> None:
    case = holding.take_to_answer(hand.operator, number)
    if _came_since(reading.frame(hand, case, seen=seen), seen) or _lies_with_intake(hand, case):
        raise Crossed(number)
    _move(case, move)
    history.write(hand, case, CaseAct(move.value))
    audit.record(hand.operator, f"cases.{move.value}", number)


def _move(case: Case, move: Move) -> None:
    case.state = after(case.case_state, move).value
    if case.case_state in QUIET:
        waiting.end(case)
    case.save()


def _drop_draft(hand: Hand, case: Case, box: str) -> None:
    Draft.objects.filter(case=case, operator=hand.operator, box=box).delete()
