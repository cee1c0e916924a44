# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was entered of a piece by mistake: it counts no more, stays to be read, and what is owed follows."""

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing
from safeconduct.desk.custody.mistakes import Mistake
from safeconduct.desk.custody.models import Event
from safeconduct.desk.custody.post import acts
from safeconduct.desk.custody.post.errors import NothingSuch
from safeconduct.desk.custody.post.kinds import Entry
from safeconduct.desk.custody.post.models import Piece, StruckEntry
from safeconduct.desk.operators.models import Operator


def entries(piece: Piece) -> list[Entry]:
    """What of it could be struck now. What has ended came: the end is struck first. A censoring is struck once (art. 76)."""
    if not piece.stands:
        return []
    is_censored = piece.censored and not piece.struck.filter(what=Entry.CENSORED.value).exists()
    return [*([Entry.CENSORED] if is_censored else []), Entry.DONE if piece.done else Entry.CAME]


@crossing.act
def strike(actor: Operator, pk: int, what: Entry, why: Mistake) -> None:
    """It was an error: what had ended is on its way again, what was on its way never came. Raises `NoSuchPiece`, `NothingSuch`."""
    register.hold(
        Piece.objects.filter(pk=pk).values_list("person_id", flat=True)
    )  # before the piece, as in `acts.deal`
    piece = acts.held(pk)
    if what not in entries(piece):
        raise NothingSuch
    days = {Entry.CAME: piece.day, Entry.CENSORED: piece.censored, Entry.DONE: piece.done}
    StruckEntry.objects.create(
        piece=piece,
        what=what.value,
        why=why.value,
        entered=register.today(),
        day=days[what] or piece.day,
        outcome=piece.outcome if what is Entry.DONE else "",
    )
    wrong = _taken_back(piece, what)
    if wrong is not None:
        register.amend(piece.person, wrong.pk, None)
    audit.record(actor, "post.struck", f"{piece.person.number} {pk} {what.value} {why.value}")


def _taken_back(piece: Piece, what: Entry) -> Event | None:
    """Gives the event that told of it, if one did."""
    row = Piece.objects.filter(pk=piece.pk)
    match what:
        case Entry.DONE:
            row.update(done=None, outcome="", done_by=None)
            return piece.done_by
        case Entry.CENSORED:
            row.update(censored=None)
            return None
        case Entry.CAME:
            row.update(stands=False)
            return piece.came_by
