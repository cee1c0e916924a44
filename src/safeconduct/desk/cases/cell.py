# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case on its way to the handover cell and back (R14): one function, one transaction, one entry in the record.

Each raises `CaseGone` for a case that is not there or not for this operator, and `TransitionRefused` for what the table of
standings does not list. A refusal leaves nothing behind but its entry.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases import (
    acts,
    astray,
    escalating,
    holding,
    instructing,
    journal,
    leaving,
    needs,
    offers,
    reading,
    standing,
    waiting,
    writing,
)
from safeconduct.desk.cases.errors import CaseGone, CasesError, NoApplication, OfConscript, OfRelative, UnderDuress
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, Sort, StoredEnvelope
from safeconduct.desk.cases.opening import MOVED, MOVED_UNDER_DURESS, Opened, open_all
from safeconduct.desk.cases.states import TRANSITIONS, CaseState, CellMove, Move, Whose, after, whose_after
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import roles
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.envelope import Envelope, Purpose
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.vocabulary.applications import ApplicationType
from safeconduct.vocabulary.board import HANDOVER, INTAKE
from safeconduct.vocabulary.casework import CaseAct, Casework
from safeconduct.vocabulary.records import (
    ApplicationFacts,
    CallForPerson,
    ChatContact,
    DeliveryReport,
    ErasureWish,
    PersonText,
    encode,
)

# What intake needs to answer again, and what names no place.
_FOR_INTAKE = (ApplicationFacts, ChatContact, CallForPerson, DeliveryReport, ErasureWish, Casework)


def offer(hand: Hand, number: str, *, handover: PublicKey) -> None:
    """Let the cell read the case and decide. Again: what came since. Raises `CellRefused` (R5, R6, R7)."""
    ahead = _ahead(hand, number, "cell.offer", lambda _row, whole, holder: holding.added(whole, holder, handover))
    with _act(hand, number, "cell.offer"):
        case = holding.take(hand.operator, number)
        was, whose = case.whose, whose_after(case.whose, CellMove.OFFER)
        require_fit(case, _known(hand, case))
        holding.share(hand, case, handover, ahead)
        _belongs_to(case, whose)
        if was is Whose.INTAKE:
            offers.made()
        _tell(hand, case, CellMove.OFFER.value, hand.team.public, handover)
        audit.record(hand.operator, "cases.offer", number)


def accept(hand: Hand, number: str) -> None:
    """It is the cell's: the edge is told to seal what follows to the cell alone. Raises `CellRefused` (R5, R6, R7)."""
    with _act(hand, number, "cell.accept"):
        case = holding.take(hand.operator, number)
        whose = whose_after(case.whose, CellMove.ACCEPT)
        opened = _known(hand, case)
        require_fit(case, opened)
        _change_hands(case)
        _belongs_to(case, whose)
        instructing.give(case, HANDOVER, hand.keys.signer)
        needs.bring_along(hand, case)
        astray.mark(opened)
        offers.look_again()
        _tell(hand, case, CellMove.ACCEPT.value, hand.team.public, holding.intake_key())
        audit.record(hand.operator, "cases.accept", number)


def give_back(hand: Hand, number: str, *, also: Collection[bytes] = ()) -> None:
    """Intake answers again, and what follows is sealed to it.

    Raises `UnderDuress`: a frozen case stays where it is. Raises `HandoverUnderWay`: so does one whose handover was
    approved, or intake would hear alone who says that they are late.
    Of what the cell alone could read, intake gets what it needs to answer, and the envelopes named in `also`: those that
    the planner has read and that name no place. What intake can read, the cell no longer can.
    """
    returned = _returned(hand, {bytes(one) for one in also})
    ahead = _ahead(hand, number, "cell.give_back", returned)
    with _act(hand, number, "cell.give_back"):
        case = holding.take(hand.operator, number)
        whose, was = whose_after(case.whose, CellMove.GIVE_BACK), case.whose
        opened = _known(hand, case)
        if was is Whose.CELL:
            _require_no_duress(case, opened)
        leaving.require_free(case)
        holding.rewrap_all(hand, holding.all_rows(case), returned, ahead)
        case.cell_from = None
        if was is Whose.CELL:
            _change_hands(case)
        _belongs_to(case, whose)
        astray.end(case)
        if was is Whose.CELL:
            instructing.give(case, INTAKE, hand.keys.signer)
        if was is Whose.CELL or case.case_state is not CaseState.CLOSED:  # what intake closed meanwhile stays closed
            _wait_again(case, opened)
        offers.look_again()
        _tell(hand, case, CellMove.GIVE_BACK.value, holding.intake_key())
        audit.record(hand.operator, "cases.give-back", number)
        transaction.on_commit(journal.empty)


def move_place(hand: Hand, number: str, envelope: bytes, *, handover: PublicKey) -> None:
    """R16: what names a place or a time is from now on the cell's alone. Moving it again changes nothing.

    Raises `CellRefused` where a case may never reach the cell (R6, R7). Duress does not stand in the way; that the word
    stood in what was moved stays known to intake.
    """
    with _act(hand, number, "cell.move"):
        case = holding.take(hand.operator, number)
        row = case.envelopes.select_related("case").filter(envelope=envelope).first()
        if row is None:
            raise CaseGone(number)
        _require_person(_known(hand, case))
        record = _record_of(hand, row)
        if holding.rewrap_all(
            hand, [row], lambda _row, whole, holder: sealing.replace_wraps(whole, holder, [handover])
        ):
            _tell_of_move(hand, case, record, handover)
            audit.record(hand.operator, "cases.move-place", number)
            transaction.on_commit(journal.empty)


def forget_places(number: str, *, keys: DeskKeys, until_row: int | None = None, spares_unread: bool = False) -> int:
    """R16: destroy what only the cell could open: places and times lay there. How many rows. Needs no opened key.

    For whoever knows that the outcome is 72 hours old; called in the transaction of their act. What came after
    `until_row` belongs to another attempt and stays. `spares_unread`: what nobody has opened waits for its reader (R3).
    The frame stays: who belongs to the unit and who came has no field for a place, and R5 rests on it.
    """
    case = Case.objects.select_for_update().filter(number=number).first()
    if case is None:
        return 0
    said = case.envelopes.select_related("case")
    said = said if until_row is None else said.filter(pk__lte=until_row)
    said = said.exclude(opened_day=None) if spares_unread else said
    said = said.exclude(sort=Sort.FRAME, opened_day__isnull=False)  # unopened, it is of the frame by its label alone
    gone = [row for row in said if holding.is_for_cell_alone(keys, row)]
    for row in gone:
        row.delete()
    transaction.on_commit(journal.empty)
    return len(gone)


def require_fit(case: Case, opened: Opened) -> None:
    """Whether its person may be brought through at all. Raises `CellRefused`."""
    _require_no_duress(case, opened)
    _require_person(opened)
    if opened.facts is None:
        raise NoApplication(case.number)


def _require_no_duress(case: Case, opened: Opened) -> None:
    if standing.is_frozen(case) or standing.has_new_duress(opened):
        raise UnderDuress(case.number)


def _require_person(opened: Opened) -> None:
    """R6: where a relative ever applied, nobody's handover begins: the soldier writes in person. R7: by the newest facts."""
    said = [item.record for item in opened.items if isinstance(item.record, ApplicationFacts)]
    if any(facts.type is ApplicationType.RELATIVE for facts in said):
        raise OfRelative
    if said and said[-1].type is ApplicationType.CONSCRIPT:
        raise OfConscript


def _change_hands(case: Case) -> None:
    """Whoever of the other team had it, or saw to its promise, can answer it no more. Does not save."""
    case.claimed_by = case.claimed_until = None
    escalating.change_hands(case)


def _belongs_to(case: Case, whose: Whose) -> None:
    case.with_cell, case.folded_into = whose.value, None  # a fold of intake's hides nobody on the way to the cell
    case.save(update_fields=["with_cell", "folded_into", "cell_from", "claimed_by", "claimed_until"])


def _wait_again(case: Case, opened: Opened) -> None:
    """Nobody of intake knows of it otherwise."""
    if (case.case_state, Move.RETURN) in TRANSITIONS:
        waiting.begin(case, acts.label_of(opened), timezone.now())
        case.state = after(case.case_state, Move.RETURN).value
        case.save()


def _returned(hand: Hand, also: Collection[bytes]) -> holding.Rewrap:
    """Each row: to intake if it may have it. What intake has, the cell's keys open no more."""

    def rewrap(row: StoredEnvelope, envelope: Envelope, holder: PrivateKey) -> Envelope:
        others = [wrap for wrap in envelope.wraps if wrap.recipient not in hand.openers]
        if not others:
            for_intake = bytes(row.envelope) in also or isinstance(_record_of(hand, row), _FOR_INTAKE)
            return sealing.replace_wraps(envelope, holder, [holding.intake_key()]) if for_intake else envelope
        for name in hand.openers:
            envelope = sealing.destroy_wrap(envelope, name)
        return envelope

    return rewrap


def _known(hand: Hand, case: Case) -> Opened:
    """The facts, and all that nobody has opened: what was read before has frozen the case if it had to (R5)."""
    unread = case.envelopes.filter(purpose=Purpose.TO_TEAM.value, opened_day=None).values_list("pk", flat=True)
    frame = reading.frame(hand, case)
    known = {item.stored.pk for item in frame.items}
    rest = reading.open_rows(hand, case, set(unread) - known)
    return Opened(tuple(sorted((*frame.items, *rest.items), key=lambda item: item.stored.pk)))


def _record_of(hand: Hand, row: StoredEnvelope) -> object:
    erasure = writing.erasure_key(hand.keys, row.case)
    return open_all([row], erasure, hand.team, hand.keys.doors, older=hand.older).items[0].record


def _ahead(hand: Hand, number: str, act: str, rewrap: holding.Rewrap) -> holding.Ahead:
    """Only for who may: `_act` refuses the others."""
    return holding.made_ahead(hand, number, rewrap) if roles.may(hand.operator.plays, act) else {}


def _tell_of_move(hand: Hand, case: Case, record: object, handover: PublicKey) -> None:
    """R5: operators must go on seeing that the word was said, wherever the message lies now."""
    is_duress = isinstance(record, PersonText) and record.duress
    _tell(hand, case, MOVED_UNDER_DURESS if is_duress else MOVED, hand.team.public, handover)


def _tell(hand: Hand, case: Case, act: str, *readers: PublicKey) -> None:
    """In the conversation itself."""
    envelope = writing.seal(hand, case, Purpose.NOTE, encode(CaseAct(act)), readers)
    writing.keep(hand, case, envelope)


@contextmanager
def _act(hand: Hand, number: str, act: str) -> Iterator[None]:
    """One transaction. Who may not do this at all finds no case."""
    with refusals_recorded(hand.operator, "cases.cell-refused", number, of=CasesError):
        if not roles.may(hand.operator.plays, act):
            raise CaseGone(number)
        yield
