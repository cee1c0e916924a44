# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the register asks this room: nothing of a death without one, and an alarm while an inquiry is missing."""

from django.db.models import Exists, OuterRef

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.deaths.audited import UNEXPLAINED
from safeconduct.desk.custody.deaths.errors import NotDead
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent, Precision

P = PersonEvent
_AFTER = frozenset({P.DEATH_EXAMINED, P.DEATH_CERTIFIED, P.BURIED, P.DEATH_UNEXPLAINED, P.INQUIRY_OPENED})
_MATTERS = frozenset({P.DEATH_UNEXPLAINED.value, P.INQUIRY_OPENED.value})


def require_death(_actor: Operator, person: Person, event: PersonEvent, _camp: Camp | None) -> None:
    """Raises `NotDead`."""
    if event in _AFTER and not person.events.filter(kind=P.DIED.value, stands=True).exists():
        raise NotDead


def strike_what_followed(row: EventRow) -> None:
    """Who never died was not examined, buried or inquired into: nobody could end what that would owe.

    A death on an earlier day is unexplained from that day on: an inquiry may be older than the day that was believed.
    """
    person = row.person
    if person is None or row.kind != P.DIED.value:
        return
    kinds = (P.DEATH_UNEXPLAINED,) if row.stands else _AFTER
    when = When(row.happened, Precision(row.precision)) if row.stands else None
    followed = person.events.filter(kind__in=[event.value for event in kinds], stands=True)
    if row.stands:
        followed = followed.filter(happened__gt=row.happened)
    for pk in list(followed.order_by("pk").values_list("pk", flat=True)):
        acts.amend(person, pk, when)


def ring(row: EventRow) -> None:
    """After a death was found unexplained, or an inquiry opened."""
    if row.kind not in _MATTERS:
        return
    opened = EventRow.objects.filter(
        person=OuterRef("person"), kind=P.INQUIRY_OPENED.value, stands=True, happened__gte=OuterRef("happened")
    )
    if EventRow.objects.filter(~Exists(opened), kind=P.DEATH_UNEXPLAINED.value, stands=True).exists():
        raise_alert(UNEXPLAINED)
    else:
        settle_alert(UNEXPLAINED)
