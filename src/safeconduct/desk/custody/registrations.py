# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""A registration that was an error, or on another day: two registrars say the same, each from the papers, and nothing is erased (R27, R50).

The number goes on finding whoever was entered under it, and says whose it is. What was sealed to counsel and what was said of a
return stays owed: no two registrars end it.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as deciding
from safeconduct.desk.approvals.errors import ApprovalsError, ContentChanged
from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, holding, offices
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.audited import TAKEN_BACK
from safeconduct.desk.custody.errors import CustodyError, NoSuchPerson
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent

P = PersonEvent
REGISTRATION = "custody.registration"
# What others than registrars decide on, and what the Bureau has said.
_STAYS = {event.value for event in (*offices.GUARDED, P.FEAR_STATED, P.RETURN_DECIDED, P.BUREAU_NOTIFIED)}


class AnotherSaid(CustodyError):
    sentence = _(
        "A colleague says something else of this registration. Compare both with the papers; they can withdraw theirs under Approvals."
    )


class NotRegistered(CustodyError):
    sentence = _("This registration was taken back already.")


class OneselfMeant(CustodyError):
    sentence = _("This is the same registration. Enter the other number of this person.")


@dataclass(frozen=True, slots=True)
class Wrong:
    """`day`: the registration was on another day. Without one it was an error, and the person is `other`, if they are anybody here."""

    other: Person | None = None
    day: date | None = None


def _page(number: str) -> str:
    return reverse("custody:registration", args=[number])


KINDS = (Kind(REGISTRATION, _("A registration put right"), "custody.take_back", "custody.take_back", page=_page),)


@crossing.act
def say(actor: Operator, person: Person, wrong: Wrong) -> bool:
    """Whether it is done: the first says it, and another registrar says exactly the same.

    Raises `NotRegistered`, `OneselfMeant`, `NoSuchPerson`, `AnotherSaid`, and what `acts.amend` raises.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    _require_sense(person, wrong)
    if not _is_second(actor, person, _content(person, wrong)):
        audit.record(actor, "custody.registration_doubted", person.number)
        return False
    _put_right(actor, person, wrong)
    return True


def is_taken_back(person: Person) -> bool:
    """Whether the registration was struck, and none stands."""
    rows = person.events.filter(kind=P.REGISTERED.value).values_list("stands", flat=True)
    return bool(rows) and not any(rows)


def whose(person: Person) -> Person | None:
    """Who the person is, where their registration was another's."""
    struck = person.events.filter(kind=P.REGISTERED.value, stands=False).exclude(of="").last()
    return Person.objects.filter(pk=int(struck.of)).first() if struck and is_taken_back(person) else None


def others(person: Person) -> list[str]:
    """The numbers under which the same person was registered in error."""
    struck = Event.objects.filter(kind=P.REGISTERED.value, stands=False, of=str(person.pk))
    return list(struck.order_by("pk").values_list("person__number", flat=True))


def renumber(_person: Person, old: str) -> None:
    """What waits under a number is said anew under the right one."""
    deciding.supersede(REGISTRATION, old)


def gate(_actor: Operator, person: Person, event: PersonEvent, _camp: Camp | None) -> None:
    """Nobody arrives or leaves under a number that is nobody's. Raises `NotRegistered`."""
    if event in holding.PLACES and is_taken_back(person):
        raise NotRegistered


def _require_sense(person: Person, wrong: Wrong) -> None:
    if is_taken_back(person):
        raise NotRegistered
    if wrong.other == person:
        raise OneselfMeant
    if wrong.other is not None and is_taken_back(wrong.other):
        raise NoSuchPerson


def _is_second(actor: Operator, person: Person, content: bytes) -> bool:
    waits = approvals.standing(REGISTRATION, person.number)
    try:
        if waits is None or waits.proposed_by_id == actor.pk:
            deciding.propose(actor, REGISTRATION, person.number, content)
            return False
        if waits.is_open:
            deciding.approve(actor, waits.pk, content)
        deciding.spend(waits.pk, content, actor=actor)
    except (ContentChanged, ApprovalsError):
        raise AnotherSaid from None
    return True


def _put_right(actor: Operator, person: Person, wrong: Wrong) -> None:
    if wrong.day is not None:
        registered = person.events.get(kind=P.REGISTERED.value, stands=True)
        acts.amend(person, registered.pk, When(wrong.day))
        audit.record(actor, "custody.registration_dated", person.number)
        return
    rows = person.events.filter(stands=True).exclude(kind__in=_STAYS).order_by("pk")
    acts.unregister(person, list(rows.values_list("pk", flat=True)), of=str(wrong.other.pk) if wrong.other else "")
    raise_alert(TAKEN_BACK)
    named = f"{person.number} is {wrong.other.number}" if wrong.other else person.number
    audit.record(actor, "custody.registration_taken_back", named)


def _content(person: Person, wrong: Wrong) -> bytes:
    other = bytes(wrong.other.token).hex() if wrong.other else ""
    return f"{bytes(person.token).hex()} {other} {wrong.day or ''}".encode()
