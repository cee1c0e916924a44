# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose a case is: who may open it, who answers it, and which teams' keys open what is written into it.

Two teams work on cases. Each opens with its own key; what neither may see is sealed to the other alone.
"""

from collections.abc import Callable, Iterable

from django.db import connection
from django.db.models import QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import astray, locking, writing
from safeconduct.desk.cases.errors import CaseGone, HeldByOthers
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.cases.opening import holder_of, protect_wraps, rejoin
from safeconduct.desk.cases.states import ANSWERS, SEES, Whose
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.models import Operator, TeamKey
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.envelope import Envelope
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.vocabulary.board import HANDOVER, INTAKE

Rewrap = Callable[[StoredEnvelope, Envelope, PrivateKey], Envelope]
_REPLACE = "UPDATE cases_storedenvelope SET wraps = %s WHERE id = %s AND wraps = %s"
Ahead = dict[tuple[int, bytes], bytes | None]  # of a row with these wraps: its new ones


def take(operator: Operator, number: str) -> Case:
    """The case, locked for this act. Raises `CaseGone`, also for who may not see it."""
    case = locking.take(number)
    if not is_seen_by(operator, case):
        raise CaseGone(number)
    return case


def is_seen_by(operator: Operator, case: Case) -> bool:
    return (operator.plays.team, case.whose) in SEES


def is_answered_by(operator: Operator, case: Case) -> bool:
    return (operator.plays.team, case.whose) in ANSWERS


def take_to_answer(operator: Operator, number: str) -> Case:
    """The same for an act that moves it. Raises `HeldByOthers` too: who only reads a case moves nothing in it."""
    case = take(operator, number)
    if not is_answered_by(operator, case):
        raise HeldByOthers(number)
    return case


def cell_key() -> PublicKey:
    """The handover cell's newest. Raises `UnknownTeam` on a desk that has no cell."""
    return team_key(HANDOVER).key


def intake_key() -> PublicKey:
    return team_key(INTAKE).key


def readers(hand: Hand, case: Case) -> list[PublicKey]:
    """Whom the desk's own words in this case are sealed to: the hand's team, and the cell when it was offered."""
    shares = hand.operator.plays.team == INTAKE and case.whose is not Whose.INTAKE
    return [hand.team.public, cell_key()] if shares else [hand.team.public]


def pass_on(hand: Hand, case: Case) -> None:
    """What still came to intake goes to the cell before anybody of intake reads it; one entry tells that it did.

    Until the cell took the case it may read it too. What came later is the cell's alone: a place that the person told
    in the very moment of the taking over, or through an edge that had not heard of it yet, passes through nobody (R16).
    """
    if hand.operator.plays.team != INTAKE or case.whose is Whose.INTAKE:
        return
    if share(hand, case, cell_key()):
        audit.record(hand.operator, "cases.pass-on", case.number)
    case.save(update_fields=["cell_from"])
    astray.end(case)


def share(hand: Hand, case: Case, key: PublicKey, ahead: Ahead | None = None) -> int:
    """Let this key open what came since the last time; it alone when the case is the cell's. How many rows. Does not save the case."""
    is_the_cells = case.whose is Whose.CELL

    def rewrap(row: StoredEnvelope, envelope: Envelope, holder: PrivateKey) -> Envelope:
        if is_the_cells and row.author_id is None:
            return sealing.replace_wraps(envelope, holder, [key])
        return added(envelope, holder, key)

    rows = list(_rows(case).filter(pk__gt=case.cell_from or 0))
    if rows and not is_the_cells:
        case.cell_from = rows[-1].pk
    return rewrap_all(hand, rows, rewrap, ahead)


def added(envelope: Envelope, holder: PrivateKey, key: PublicKey) -> Envelope:
    """The same object when that key opens it already."""
    if any(wrap.recipient == key.key_id for wrap in envelope.wraps):
        return envelope
    return sealing.add_wrap(envelope, holder, key)


def rewrap_all(hand: Hand, rows: Iterable[StoredEnvelope], rewrap: Rewrap, ahead: Ahead | None = None) -> int:
    """Give rows other wraps. How many changed: not what this hand does not open, nor what stays as it is."""
    rows, ahead = list(rows), ahead or {}
    made = []
    for row in rows:
        before = (row.pk, bytes(row.wraps))
        wraps = ahead[before] if before in ahead else _new_wraps(hand, row, rewrap)
        if wraps is not None:
            made.append((wraps, *before))
    if not made or _replace(made):
        return len(made)
    for row in rows:  # a rotation changed one of them in this moment, and must not be undone
        row.refresh_from_db(fields=["wraps"])
    return rewrap_all(hand, rows, rewrap)


def _replace(made: list[tuple[bytes, int, bytes]]) -> bool:
    """False when a row was not as it was read. All at once: row by row Django takes longer than the sealing."""
    with connection.cursor() as cursor:
        cursor.executemany(_REPLACE, made)
        return bool(cursor.rowcount == len(made))


def made_ahead(hand: Hand, number: str, rewrap: Rewrap) -> Ahead:
    """What `rewrap` makes of every row, before a transaction holds anybody up: ten thousand messages take seconds."""
    case = Case.objects.filter(number=number).first()
    if case is None or hand.keys.erasure.get(case.conversation_id) is None:
        return {}  # the act itself will say so
    whole = case.envelopes.select_related("case").iterator()
    return {(row.pk, bytes(row.wraps)): _new_wraps(hand, row, rewrap) for row in whole}


def all_rows(case: Case) -> QuerySet[StoredEnvelope]:
    """Without their bodies, as long as nobody asks for one."""
    return _rows(case).order_by("pk")


def _rows(case: Case) -> QuerySet[StoredEnvelope]:
    return case.envelopes.select_related("case").defer("core")


def _new_wraps(hand: Hand, row: StoredEnvelope, rewrap: Rewrap) -> bytes | None:
    """As they are stored; None when the row stays as it is."""
    erasure = writing.erasure_key(hand.keys, row.case)
    try:
        envelope = rejoin(row, erasure)
        holder = holder_of(envelope, hand.openers)
        changed = rewrap(row, envelope, holder) if holder is not None else envelope
    except SealingError:  # altered: it stays in its place for all to see, and opens for nobody
        return None
    if changed is envelope:
        return None
    _, wraps = sealing.split(changed)
    return protect_wraps(erasure, bytes(row.envelope), wraps)


def is_for_cell_alone(keys: DeskKeys, row: StoredEnvelope) -> bool:
    """Whether no key of intake opens it, by the names on its wraps. An altered row is nobody's."""
    try:
        envelope = rejoin(row, writing.erasure_key(keys, row.case))
    except SealingError:
        return False
    names = {wrap.recipient for wrap in envelope.wraps}
    return bool(names) and names <= {one.key.key_id for one in TeamKey.objects.filter(team__code=HANDOVER)}
