# SPDX-License-Identifier: AGPL-3.0-or-later
"""The night: everything that is owed is worked out anew, the day is written down, and what is late rings. Nobody is signed in."""

from datetime import date

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody import owing
from safeconduct.desk.custody.audited import DEATH_STRUCK, DIED, ESCAPED, LATE, LATE_APART, LATE_COUNSEL, NOWHERE
from safeconduct.desk.custody.duties import TABLE
from safeconduct.desk.custody.models import Event, Kept, Owed, Person
from safeconduct.vocabulary.custody import LEAVES, Office, PersonEvent

# What more offices than the register's may know of: the rest is in no alarm and no sum that everybody sees (R30, R37, R43).
_FEW = frozenset({Office.REGISTRAR, Office.COUNSEL, Office.MONITOR})
TOLD = [duty.code for duty in TABLE if duty.seen_by - _FEW]
_APART = [duty.code for duty in TABLE if Office.REGISTRAR in duty.seen_by and duty.seen_by <= _FEW]
_OF_COUNSEL = ["counsel"]


@transaction.atomic
def work_out(today: date) -> None:
    """Once a day and after downtime; the same again changes nothing."""
    owing.work_out()
    rows = Owed.objects.values("camp", "duty").annotate(owed=Count("pk"), late=Count("pk", filter=Q(due__lt=today)))
    Kept.objects.filter(day=today).delete()
    Kept.objects.bulk_create(
        Kept(day=today, camp_id=row["camp"], duty=row["duty"], owed=row["owed"], late=row["late"])
        for row in rows.order_by()
    )
    ring(today)
    watch_nowhere()


def figures(today: date) -> tuple[int, int]:
    """How much is owed, and how much of it late, as far as everybody may know: no complaint is counted (R30, R37)."""
    told = Owed.objects.filter(duty__in=TOLD)
    return told.count(), told.filter(due__lt=today).count()


def ring(today: date) -> None:
    """One alarm for all that is late; which duty and whose stands on the board.

    What few may know (a fear, an inquiry, a return) rings at them alone: whoever else heard it would look for what their board does
    not show. That counsel has not come rings at counsel and the monitor (R42); complaints have an alarm of their own.
    """
    for kind, duties in ((LATE, TOLD), (LATE_APART, _APART), (LATE_COUNSEL, _OF_COUNSEL)):
        if Owed.objects.filter(due__lt=today, duty__in=duties).exists():
            raise_alert(kind)
        else:
            settle_alert(kind)


def watch_nowhere() -> None:
    """Whoever was registered is held somewhere, or an event that stands says how they left (R27). No act leads here; a fault might."""
    theirs = Event.objects.filter(person=OuterRef("pk"))
    left = theirs.filter(kind__in=[event.value for event in LEAVES], stands=True)
    registered = theirs.filter(kind=PersonEvent.REGISTERED.value)
    taken_back = Exists(registered.filter(stands=False)) & ~Exists(
        registered.filter(stands=True)
    )  # by two people, and it rang
    if Person.objects.filter(~Exists(left), ~taken_back, camp=None).exists():
        raise_alert(NOWHERE)
    else:
        settle_alert(NOWHERE)


def ring_left(event: PersonEvent) -> None:
    """After an escape or a death nothing is owed to a person every day: somebody of another office looks into each."""
    if event is PersonEvent.ESCAPED:
        raise_alert(ESCAPED)
    elif event is PersonEvent.DIED:
        raise_alert(DIED)


def ring_struck(event: PersonEvent) -> None:
    """A death that was never one is looked into like a death."""
    if event is PersonEvent.DIED:
        raise_alert(DEATH_STRUCK)
