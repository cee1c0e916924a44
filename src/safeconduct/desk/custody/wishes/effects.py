# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room has to do with what the register enters: the gate before a return, and what follows from an event."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts import clock
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.approvals import acts as approvals
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.rooms import Group, Link
from safeconduct.desk.custody.wishes import access
from safeconduct.desk.custody.wishes.audited import ASKED, NOBODY, UNHEARD
from safeconduct.desk.custody.wishes.errors import NotCleared, ReleaseNotCleared
from safeconduct.desk.custody.wishes.kinds import RETURN
from safeconduct.desk.custody.wishes.models import Clearance
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import LEAVES, CampEvent, PersonEvent

LINKS = (
    Link("wishes:wish", "custody.wish", _("Wish"), Group.WISHES),
    Link("wishes:return", "custody.return_read", _("Return"), Group.MOVEMENTS),
    Link("wishes:to-counsel", "custody.to_counsel", _("For counsel"), Group.WISHES),
)
# After any of these what was checked before holds no more, whatever was said or decided: it is checked again.
_ENDS = {
    event.value
    for event in (
        PersonEvent.WISH_TAKEN,
        PersonEvent.FEAR_STATED,
        PersonEvent.RETURN_DECIDED,
        PersonEvent.TO_BE_SENT_HOME_SICK,
        PersonEvent.REPATRIATED,
        PersonEvent.RELEASED,
    )
}
_LEAVES = {event.value for event in LEAVES}
_FEARED = (PersonEvent.FEAR_STATED.value, PersonEvent.RETURN_DECIDED.value)


def gate(_actor: Operator, person: Person, event: PersonEvent, _camp: Camp | None) -> None:
    """Nobody is entered as returned whose wish has not been looked at (R41), nor by a clock that was set back.

    A release is no return, and nobody's wish is asked for it. But whoever feared to return is not let out of the register by that
    word while the fear is open or was found right: how it was decided is sealed, so every one of them is checked with the keys.
    A decision that lets them go here or to a third country clears the way for itself (`returning.py`).
    Raises `NotCleared`, `ReleaseNotCleared`.
    """
    if event is PersonEvent.REPATRIATED and not _is_cleared(person):
        raise NotCleared
    if event is PersonEvent.RELEASED and _was_feared(person) and not _is_cleared(person):
        raise ReleaseNotCleared


def _is_cleared(person: Person) -> bool:
    return Clearance.objects.filter(person=person, lapses__gt=clock.latest(timezone.now())).exists()


def _was_feared(person: Person) -> bool:
    return person.events.filter(kind__in=_FEARED, stands=True).exists()


def follow(row: EventRow) -> None:
    if row.kind in _ENDS:
        Clearance.objects.filter(person=row.person_id).delete()
    if row.kind == CampEvent.HOSTILITIES_OVER.value and not row.stands:
        Clearance.objects.all().delete()  # nothing in clear says who was cleared on that ground
    if row.kind == PersonEvent.SPONTANEOUS_OFFER.value and row.stands:
        raise_alert(ASKED)
        if not access.is_counsel_there():
            raise_alert(NOBODY)
    if row.kind in _LEAVES and row.stands and access.waits_for_counsel(row.person_id):
        raise_alert(UNHEARD)


def renumber(_person: Person, old: str) -> None:
    """A decision on a return waits under a number: it is proposed anew under the right one."""
    approvals.supersede(RETURN, old)
