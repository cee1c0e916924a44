# SPDX-License-Identifier: AGPL-3.0-or-later
"""Visits by the Protecting Power and the Red Cross (art. 126, R35). A refusal needs a reason, another person, and an end."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.approvals.errors import ApprovalsError, SamePerson
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife import sealed
from safeconduct.desk.custody.camplife.errors import (
    NeedsAnother,
    NoRefusal,
    NoSuchVisit,
    OtherShown,
    ReasonNeeded,
    TermRefused,
    VisitOver,
)
from safeconduct.desk.custody.camplife.kinds import REFUSAL
from safeconduct.desk.custody.camplife.models import Refusal, Visit
from safeconduct.desk.custody.models import Camp, Event
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.camplife import Body, RefusalTold, VisitTold
from safeconduct.vocabulary.custody import CampEvent

C = CampEvent
LONGEST = timedelta(days=14)  # ours: art. 126 allows it "only as an exceptional and temporary measure"


@dataclass(frozen=True, slots=True)
class Made:
    """A visit as it was made. `told` is sealed; the rest stands in clear."""

    day: date
    visitors: int
    is_everywhere: bool
    is_without_witnesses: bool
    told: VisitTold


@crossing.act
def ask(actor: Operator, camp: Camp, body: Body, day: date) -> Visit:
    """Somebody asks to visit; within a week they are let in. Raises `DayRefused`."""
    visit = Visit.objects.create(camp=camp, body=body.value, asked=day)
    acts.happen_in_camp(camp, C.VISIT_ASKED, When(day), of=visit.name)
    audit.record(actor, "camplife.asked", f"{camp.name} {visit.name}")
    return visit


@crossing.act
def make(actor: Operator, visit: Visit, made: Made) -> None:
    """They came. Raises `VisitOver`, `DayRefused`, `NobodyReads`."""
    visit = held(visit)
    if visit.made or not visit.stands or made.day < visit.asked:
        raise VisitOver
    visit.made, visit.visitors = made.day, made.visitors
    visit.is_everywhere, visit.is_without_witnesses = made.is_everywhere, made.is_without_witnesses
    visit.save()
    sealed.keep(visit, sealed.made(visit.makings), made.told)
    acts.happen_in_camp(visit.camp, C.VISITED, When(made.day), of=visit.name)
    _owed_no_more(visit, made.day)
    approving.supersede(REFUSAL, str(visit.pk), actor=actor)
    audit.record(actor, "camplife.visited", f"{visit.camp.name} {visit.name}")


@crossing.act
def propose_refusal(actor: Operator, visit: Visit, reason: str, until: date) -> None:
    """Ask a colleague to agree. Until they do, the visit stays owed. Raises `ReasonNeeded`, `TermRefused`, `VisitOver`."""
    visit, today = held(visit), acts.today()
    if not reason:
        raise ReasonNeeded
    if not today < until <= today + LONGEST:
        raise TermRefused
    if visit.made or not visit.stands or refused_now(visit):
        raise VisitOver
    told = RefusalTold(reason=reason, until=until, salt=secrets.token_bytes(16))
    refusal = Refusal.objects.create(visit=visit, until=until)
    sealed.keep(visit, sealed.refused(refusal.pk), told)
    approving.propose(actor, REFUSAL, str(visit.pk), _content(visit, told))
    audit.record(actor, "camplife.proposed", f"{visit.camp.name} {visit.name}")


@crossing.act
def refuse(keyring: Keyring, visit: Visit, read: str) -> None:
    """Another person has read the reason and agrees: the visit is put off until its day. `read`: what `digest` said of it.

    Raises `NoRefusal`, `OtherShown`, `NeedsAnother`.
    """
    visit = held(visit)
    proposal, refusal = approvals.standing(REFUSAL, str(visit.pk)), proposed(visit)
    told = sealed.newest(keyring, visit, sealed.refused(refusal.pk), RefusalTold) if refusal else None
    if proposal is None or refusal is None or told is None or visit.made or told.until <= acts.today():
        raise NoRefusal
    if not hmac.compare_digest(digest(visit, told).encode(), read.encode()):
        raise OtherShown
    content = _content(visit, told)
    try:
        approving.approve(keyring.operator, proposal.pk, content)
        approving.spend(proposal.pk, content, actor=keyring.operator)
    except SamePerson:
        raise NeedsAnother from None
    except ApprovalsError:
        raise NoRefusal from None
    refusal.refused, refusal.approved_by = acts.today(), keyring.operator
    refusal.save()
    acts.happen_in_camp(visit.camp, C.VISIT_REFUSED, When(acts.today()), of=visit.name)
    audit.record(keyring.operator, "camplife.refused", f"{visit.camp.name} {visit.name}")


@crossing.act
def let_lapse(today: date) -> None:
    """Whatever was refused until a day that is past is owed again. Nobody is signed in."""
    rows = Refusal.objects.filter(refused__isnull=False, is_over=False, until__lt=today)
    for refusal in rows.select_related("visit__camp"):
        visit = refusal.visit
        Refusal.objects.filter(pk=refusal.pk).update(is_over=True)
        if visit.stands and not visit.made:
            acts.happen_in_camp(visit.camp, C.VISIT_OWED_AGAIN, When(refusal.until), of=visit.name)


def visit_of(camp: Camp, pk: int) -> Visit:
    """Raises `NoSuchVisit`."""
    visit = Visit.objects.filter(camp=camp, pk=pk).select_related("camp").first()
    if visit is None:
        raise NoSuchVisit
    return visit


def refused_now(visit: Visit) -> Refusal | None:
    """The refusal that holds."""
    standing = [one for one in visit.refusals.all() if one.refused is not None and not one.is_over]
    return standing[-1] if standing else None


def proposed(visit: Visit) -> Refusal | None:
    """The refusal that waits for a second person; it counts only while its proposal stands."""
    last = next(reversed(list(visit.refusals.all())), None)
    return last if last is not None and last.refused is None and approvals.standing(REFUSAL, str(visit.pk)) else None


def digest(visit: Visit, told: RefusalTold) -> str:
    """Names what somebody has read: they approve that and nothing that took its place. It is salted, as what is told is."""
    return hashlib.sha256(_content(visit, told)).hexdigest()


def held(visit: Visit) -> Visit:
    """The visit as it is now, for an act: others wait."""
    Visit.objects.select_for_update().get(pk=visit.pk)
    return Visit.objects.select_related("camp").get(pk=visit.pk)


def _owed_no_more(visit: Visit, made: date) -> None:
    """A refusal that ended after they had come, before anybody entered it, made nothing owed."""
    later = Event.objects.filter(
        camp=visit.camp, of=visit.name, kind=C.VISIT_OWED_AGAIN.value, stands=True, happened__gt=made
    )
    for row in later:
        acts.strike_in_camp(visit.camp, row.pk)


def _content(visit: Visit, told: RefusalTold) -> bytes:
    return bytes(visit.token) + msgspec.json.encode(told)
