# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visit that was entered by mistake: what was entered stays to be read, an event says that it was an error, and duties follow."""

from django.db.models import QuerySet

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife import visits
from safeconduct.desk.custody.camplife.audited import STRUCK
from safeconduct.desk.custody.camplife.errors import OtherShown
from safeconduct.desk.custody.camplife.kinds import REFUSAL
from safeconduct.desk.custody.camplife.models import StruckVisit, Visit
from safeconduct.desk.custody.mistakes import Mistake
from safeconduct.desk.custody.models import Event
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent

C = CampEvent
ASKED, MADE = "asked", "made"
_OF_VISITS = [event.value for event in (C.VISIT_ASKED, C.VISIT_REFUSED, C.VISIT_OWED_AGAIN, C.VISITED)]


def what(visit: Visit) -> str:
    """What of a visit would be struck now: that it was made; else that it was ever asked for; nothing once that was."""
    if not visit.stands:
        return ""
    return MADE if visit.made else ASKED


@crossing.act
def strike(actor: Operator, visit: Visit, shown: str, why: Mistake) -> None:
    """It was an error, of which the page had `shown` what. The monitor hears of it: a visit that is struck is owed to nobody (R35).

    Raises `OtherShown`.
    """
    visit = visits.held(visit)
    if not shown or shown != what(visit):
        raise OtherShown
    StruckVisit.objects.create(
        visit=visit,
        what=shown,
        why=why.value,
        entered=acts.today(),
        day=visit.made or visit.asked,
        visitors=visit.visitors,
        is_everywhere=visit.is_everywhere,
        is_without_witnesses=visit.is_without_witnesses,
    )
    if shown == MADE:
        _never_made(visit)
    else:
        _never_asked(visit)
    approving.supersede(REFUSAL, str(visit.pk), actor=actor)
    raise_alert(STRUCK)
    audit.record(actor, "camplife.visit_struck", f"{visit.camp.name} {visit.name} {shown} {why.value}")


def _never_made(visit: Visit) -> None:
    """Owed as before, also where a refusal ended while it was thought to have been made."""
    visit.made, visit.visitors, visit.is_everywhere, visit.is_without_witnesses = None, 0, False, False
    visit.makings += 1
    visit.save()
    for row in _standing(visit).filter(kind=C.VISITED.value):
        acts.strike_in_camp(visit.camp, row.pk)
    ended = visit.refusals.filter(refused__isnull=False, is_over=True).last()
    if ended is None:
        return
    if not _standing(visit).filter(kind=C.VISIT_OWED_AGAIN.value, happened__gte=ended.until).exists():
        acts.happen_in_camp(visit.camp, C.VISIT_OWED_AGAIN, When(ended.until), of=visit.name)


def _never_asked(visit: Visit) -> None:
    visit.stands = False
    visit.save()
    for row in _standing(visit):
        acts.strike_in_camp(visit.camp, row.pk)


def _standing(visit: Visit) -> QuerySet[Event]:
    return Event.objects.filter(camp=visit.camp, person=None, kind__in=_OF_VISITS, of=visit.name, stands=True)
