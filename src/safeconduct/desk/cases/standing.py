# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stops a case's handover, whatever its state: duress (R5), a person who may be a minor (R13), a message unread.

Frozen and under review stand in clear as a day: lists and acts of the cell must see them without opening anything. Why
stands sealed in the case.
"""

from collections.abc import Sequence
from enum import Enum

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import history, holding, writing
from safeconduct.desk.cases.errors import CaseGone, NothingStands, NotReadYet, SamePerson
from safeconduct.desk.cases.membership import members_of, unit_of
from safeconduct.desk.cases.models import OF_FRAME, Case, Retention, StoredEnvelope, today
from safeconduct.desk.cases.opening import Item, Opened, open_all
from safeconduct.desk.cases.refusing import recorded
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import roles
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.applications import ApplicationType
from safeconduct.vocabulary.casework import CaseAct
from safeconduct.vocabulary.records import PersonText


class Stop(Enum):
    """Why nothing of a handover may go on."""

    DURESS = "duress"
    REVIEW = "review"
    UNREAD = "unread"
    TYPE = "type"


# R6: a relative's word moves nobody's handover. R7: a would-be conscript is at home and stays there.
NEVER_HANDED_OVER = frozenset({ApplicationType.RELATIVE, ApplicationType.CONSCRIPT})


def is_frozen(case: Case) -> bool:
    """R5. Opens nothing."""
    return case.frozen_day is not None


def is_under_review(case: Case) -> bool:
    """R13. Opens nothing."""
    return case.review_day is not None


def unread(case: Case) -> int:
    """Messages of the person that nobody has opened. R5: the agreed word may stand in one of them."""
    return StoredEnvelope.objects.filter(case=case, opened_day=None).count()  # what we write is born opened


def stops(case: Case) -> frozenset[Stop]:
    """What stops a handover now, as far as it shows without opening anything. Ask it inside the act's transaction."""
    found = {Stop.DURESS} if is_frozen(case) else set()
    found |= {Stop.REVIEW} if is_under_review(case) else set()
    found |= {Stop.UNREAD} if unread(case) else set()
    return frozenset(found | ({Stop.TYPE} if case.retention == Retention.DORMANT else set()))


def is_ever_handed_over(opened: Opened) -> bool:
    """R6, R7: whether an application of this type can reach a handover at all."""
    return opened.facts is None or opened.facts.type not in NEVER_HANDED_OVER


def notice(hand: Hand, case: Case, opened: Opened) -> None:
    """Note in clear what a reading has shown about the whole case. Does not save it."""
    if opened.facts is not None:
        is_conscript = opened.facts.type is ApplicationType.CONSCRIPT
        case.retention = Retention.DORMANT if is_conscript else Retention.KEPT
    if not is_frozen(case) and has_new_duress(opened):
        case.frozen_day, case.folded_into = today(), None  # such a case is never out of sight
        _tell(hand, case, "freeze")
        freeze_unit(hand, case)


@recorded
def freeze(hand: Hand, number: str, reason: str) -> None:
    """R5 by hand: somebody believes that the person is not free. Freezing what is frozen adds the reason."""
    case = holding.take(hand.operator, number)
    case.frozen_day, case.folded_into = case.frozen_day or today(), None
    case.save(update_fields=["frozen_day", "folded_into"])
    _tell(hand, case, "freeze", reason)
    freeze_unit(hand, case)


@recorded
def lift(hand: Hand, number: str, reason: str) -> None:
    """R5: a supervisor says why it may go on. Raises `NothingStands`; `NotReadYet` while a message is unopened."""
    case = _take_to_decide(hand, number)
    if not is_frozen(case):
        raise NothingStands(number)
    if unread(case):
        raise NotReadYet(number)
    case.frozen_day = None
    case.save(update_fields=["frozen_day"])
    _tell(hand, case, "lift", reason)


@recorded
def suspect_minor(hand: Hand, number: str, reason: str) -> None:
    """R13: somebody believes that the person is younger than 18. A supervisor has to look at it."""
    case = holding.take(hand.operator, number)
    case.review_day, case.folded_into = case.review_day or today(), None
    case.save(update_fields=["review_day", "folded_into"])
    _tell(hand, case, "suspect-minor", reason)


@recorded
def review_minor(hand: Hand, number: str, reason: str, *, is_minor: bool) -> None:
    """R13: a supervisor, and another person than who marked it, says what was found and what is to be done.

    Raises `NothingStands`, `SamePerson`.
    """
    case = _take_to_decide(hand, number)
    if not is_under_review(case):
        raise NothingStands(number)
    if _marked_by(hand, case) == hand.operator.pk:
        raise SamePerson(number)
    case.review_day = None
    case.save(update_fields=["review_day"])
    _tell(hand, case, "found-minor" if is_minor else "found-adult", reason)


def freeze_unit(hand: Hand, case: Case) -> None:
    """R5: whoever is forced in one conversation of a unit is forced in all of it: sheets of any of them may be out already.

    Who belongs to a unit is sealed, so it can be known only here, where a case of it is open. Each is lifted by itself.
    """
    records = [one.record for one in _notes(hand, case)]
    unit, members = unit_of(records), members_of(records)
    if unit is not None and (whole := _froze(hand, unit, case.number)) is not None:
        members = members_of(one.record for one in _notes(hand, whole))
    for number in sorted(set(members) - {case.number}):
        _froze(hand, number, case.number)


def _froze(hand: Hand, number: str, because: str) -> Case | None:
    """None for a case that was erased meanwhile, and for another team's: frozen all the same, with no word of why."""
    try:
        case = holding.take(hand.operator, number)
    except CaseGone:
        _froze_unseen(hand, number)
        return None
    if not is_frozen(case):
        case.frozen_day, case.folded_into = today(), None
        case.save(update_fields=["frozen_day", "folded_into"])
        _tell(hand, case, "freeze", because)
    return case


def _froze_unseen(hand: Hand, number: str) -> None:
    """Sheets of its members go by it, as far as those who wrote them knew (`bound.companions`)."""
    if Case.objects.filter(number=number, frozen_day=None).update(frozen_day=today(), folded_into=None):
        audit.record(hand.operator, "cases.freeze", number)


def _take_to_decide(hand: Hand, number: str) -> Case:
    """Supervisors decide. To anybody else there is no such act."""
    if not roles.may(hand.operator.plays, "cases.lift"):
        raise CaseGone(number)
    return holding.take(hand.operator, number)


def _tell(hand: Hand, case: Case, act: str, reason: str = "") -> None:
    history.write(hand, case, CaseAct(act, reason), is_frame=True)
    audit.record(hand.operator, f"cases.{act}", case.number)


def has_new_duress(opened: Opened) -> bool:
    """The agreed word in a message that was opened just now, or that came after the last lifting."""
    lifts = [item.stored.pk for item in opened.items if isinstance(item.record, CaseAct) and item.record.act == "lift"]
    lifted = max(lifts, default=0)
    return any(
        isinstance(item.record, PersonText)
        and item.record.duress
        and (item.stored.pk > lifted or item.stored.opened_day is None)
        for item in opened.items
    )


def _marked_by(hand: Hand, case: Case) -> int | None:
    """Who marked it last: the newest entry of the case that says so."""
    marks = [one for one in _notes(hand, case) if isinstance(one.record, CaseAct) and one.record.act == "suspect-minor"]
    return marks[-1].stored.author_id if marks else None


def _notes(hand: Hand, case: Case) -> Sequence[Item]:
    """What we wrote into the frame of a case, oldest first."""
    rows = StoredEnvelope.objects.select_related("case").filter(case=case, purpose=Purpose.NOTE.value)
    return open_all(
        rows.filter(sort__in=OF_FRAME).order_by("pk"),
        writing.erasure_key(hand.keys, case),
        hand.team,
        hand.keys.doors,
        older=hand.older,
    ).items
