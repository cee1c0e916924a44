# SPDX-License-Identifier: AGPL-3.0-or-later
"""One registrar proposes and another confirms: only then it stands in every open camp, and the duties of article 118 run.

Taken back by two people as well. That the fighting has ended is one fact and not each camp's: a camp that opens later has it at once.
"""

from datetime import date

from django.db.models import QuerySet

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as deciding
from safeconduct.desk.approvals.errors import AlreadyProposed, ApprovalsError, SamePerson
from safeconduct.desk.approvals.models import LIVING, Proposal
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, days
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import DayRefused
from safeconduct.desk.custody.hostilities.errors import (
    EndedAlready,
    NeedsAnother,
    NotEnded,
    NothingProposed,
    ProposedAlready,
)
from safeconduct.desk.custody.hostilities.kinds import ENDED, TAKEN_BACK
from safeconduct.desk.custody.models import Camp, Event
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent

_OVER = CampEvent.HOSTILITIES_OVER


@crossing.act
def propose_end(actor: Operator, day: date) -> None:
    """Ask a colleague to confirm it. Until they do, no camp and no duty changes. Raises `DayRefused`, `EndedAlready`, `ProposedAlready`."""
    if day > days.here():
        raise DayRefused("ahead")
    if not without().exists():
        raise EndedAlready
    _propose(actor, ENDED, day)
    audit.record(actor, "hostilities.proposed", day.isoformat())


@crossing.act
def confirm_end(actor: Operator, pk: int) -> None:
    """Another registrar says so too, of the proposal that they read. Raises `NothingProposed`, `NeedsAnother`, `EndedAlready`."""
    proposal = _decided(actor, ENDED, pk)
    day = day_of(proposal)
    camps = list(without())
    if not camps:
        raise EndedAlready
    for camp in camps:
        register.happen_in_camp(camp, _OVER, When(day))
    _void(actor, TAKEN_BACK)
    audit.record(actor, "hostilities.ended", day.isoformat())


@crossing.act
def propose_to_take_back(actor: Operator) -> None:
    """Ask a colleague to confirm that it was entered wrongly. Until they do, it stands. Raises `NotEnded`, `ProposedAlready`."""
    day = ended_on()
    if day is None:
        raise NotEnded
    _propose(actor, TAKEN_BACK, day)
    audit.record(actor, "hostilities.doubted", day.isoformat())


@crossing.act
def take_back(actor: Operator, pk: int) -> None:
    """Another registrar says so too: it counts in no camp any more, and stays to be read. Raises `NothingProposed`, `NeedsAnother`."""
    proposal = _decided(actor, TAKEN_BACK, pk)
    for row in list(entries()):
        if row.camp is not None:
            register.strike_in_camp(row.camp, row.pk)
    _void(actor, ENDED)
    audit.record(actor, "hostilities.taken_back", proposal.subject)


def follow(row: Event) -> None:
    """A camp that opens when the fighting has ended owes its plan as every other does."""
    if row.kind != CampEvent.OPENED.value or not row.stands or row.camp is None:
        return
    day = ended_on()
    if day is not None and without().filter(pk=row.camp.pk).exists():
        register.happen_in_camp(row.camp, _OVER, When(day))


def ended_on() -> date | None:
    """The day that stands; None while the fighting goes on."""
    return entries().values_list("happened", flat=True).first()


def entries() -> QuerySet[Event]:
    """What stands of it, in every camp."""
    rows = Event.objects.filter(kind=_OVER.value, person=None, stands=True)
    return rows.select_related("camp").order_by("happened", "pk")


def without() -> QuerySet[Camp]:
    """The open camps in which it does not stand."""
    return Camp.objects.filter(is_open=True).exclude(pk__in=entries().order_by().values("camp"))


def proposed(kind: str) -> Proposal | None:
    """What waits for another person."""
    rows = Proposal.objects.filter(kind=kind, state__in=LIVING).select_related("proposed_by", "approved_by")
    return next((row for row in rows if approvals.is_sound(row, approvals.today())), None)


def day_of(proposal: Proposal) -> date:
    return date.fromisoformat(proposal.subject)


def _propose(actor: Operator, kind: str, day: date) -> None:
    """Another day takes the place of what was proposed before."""
    _void(actor, kind, but=day.isoformat())
    try:
        deciding.propose(actor, kind, day.isoformat(), _content(kind, day))
    except AlreadyProposed:
        raise ProposedAlready from None


def _decided(actor: Operator, kind: str, pk: int) -> Proposal:
    """Approved by another person and used up, in one."""
    waits = proposed(kind)
    if waits is None or waits.pk != pk:
        raise NothingProposed
    content = _content(kind, day_of(waits))
    try:
        deciding.approve(actor, pk, content)
        return deciding.spend(pk, content, actor=actor)
    except SamePerson:
        raise NeedsAnother from None
    except ApprovalsError:
        raise NothingProposed from None


def _void(actor: Operator, kind: str, *, but: str = "") -> None:
    for subject in Proposal.objects.filter(kind=kind, state__in=LIVING).values_list("subject", flat=True):
        if subject != but:
            deciding.supersede(kind, subject, actor=actor)


def _content(kind: str, day: date) -> bytes:
    """What is decided. It stands in clear anyway."""
    return f"{kind} {day}".encode()
