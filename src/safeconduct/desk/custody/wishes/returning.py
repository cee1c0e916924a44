# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known before anybody is returned: their wish, their fear, and how it was decided by itself (arts. 109, 118; R41)."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

import msgspec
from django.utils import timezone

from safeconduct.desk.alerts import clock
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as deciding
from safeconduct.desk.approvals.errors import ApprovalsError
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, days, holding, sealed
from safeconduct.desk.custody.acts import When, today
from safeconduct.desk.custody.errors import DayRefused, NobodyReads
from safeconduct.desk.custody.models import Event, Person
from safeconduct.desk.custody.wishes import records, sheets
from safeconduct.desk.custody.wishes.counting import (
    RELEASES,
    Fear,
    Ground,
    Standing,
    same_name,
    standing,
    stops_release,
)
from safeconduct.desk.custody.wishes.errors import (
    AnotherStands,
    DecisionIncomplete,
    NotApprovable,
    NothingToDecide,
    ReleaseIncomplete,
    ReturnStopped,
)
from safeconduct.desk.custody.wishes.kinds import RETURN
from safeconduct.desk.custody.wishes.models import Clearance
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampEvent, PersonEvent, Precision
from safeconduct.vocabulary.wishes import Decision, Outcome

CLEARED_FOR = timedelta(hours=72)
_DECIDERS = 2


def standing_of(keyring: Keyring, person: Person) -> Standing:
    """What counts of all that a person said of their wish. The caller records that it was read."""
    told = [one.record for one in sealed.every(keyring, person, records.WISH)]
    return standing(told, sheets.VERSIONS)


def is_feared(person: Person) -> bool:
    """Whether a fear was entered on which nobody has decided since. To date a fear anew is to enter none (as `owing` has it)."""
    rows = person.events.filter(kind__in=(PersonEvent.FEAR_STATED.value, PersonEvent.RETURN_DECIDED.value), stands=True)
    told = sorted(rows.select_related("corrects"), key=holding.first_entry)
    return bool(told) and told[-1].kind == PersonEvent.FEAR_STATED.value


def fear_of(keyring: Keyring, person: Person) -> Fear:
    """What has become of a person's fear."""
    if is_feared(person):
        return Fear.OPEN
    decided = sealed.newest(keyring, person, records.DECISION)
    if decided is None:
        return Fear.NONE
    return Fear.ANSWERED if decided.outcome is Outcome.MAY_RETURN else Fear.UPHELD


def grounds_of(person: Person) -> set[Ground]:
    """What stands in the register today on which a way home can rest: no registrar's choice on a form stands for it."""
    sick = person.events.filter(kind=PersonEvent.TO_BE_SENT_HOME_SICK.value, stands=True)
    over = Event.objects.filter(kind=CampEvent.HOSTILITIES_OVER.value, person=None, stands=True)
    stands = {Ground.TO_BE_SENT_HOME_SICK: sick.exists(), Ground.HOSTILITIES_OVER: over.exists()}
    return {ground for ground, is_so in stands.items() if is_so}


def forget_lapsed(now: datetime) -> None:
    """A precise time stands in clear only while something waits. Called by the clock."""
    Clearance.objects.filter(lapses__lte=now).delete()


@crossing.act
def propose(keyring: Keyring, person: Person, decision: Decision) -> None:
    """A decision on one person's return, written down; another registrar compares it with the paper and confirms it.

    Raises `DecisionIncomplete`, `ReleaseIncomplete`, `ReturnStopped`, `DayRefused`, `NotApprovable`, `NobodyReads`.
    """
    names = tuple(one for one in decision.decided_by if one.strip())
    if not decision.grounds.strip() or len({same_name(one) for one in names}) < _DECIDERS:
        raise DecisionIncomplete
    drafted = msgspec.structs.replace(decision, decided_by=names, salt=secrets.token_hex(16))
    if drafted.outcome in RELEASES:
        _require_whole_release(keyring, person, drafted)
        _require_wished(keyring, person, drafted)
    try:
        sealed.keep(person, records.DRAFT, drafted, entered=today())
        deciding.propose(keyring.operator, RETURN, person.number, _content(person, drafted))
    except UnknownTeam:
        raise NobodyReads from None
    except ApprovalsError:
        raise NotApprovable from None
    audit.record(keyring.operator, "custody.return_drafted", person.number)


def confirm(keyring: Keyring, person: Person, read: str) -> None:
    """A second registrar: from now on the decision stands, if it is the one that they `read` on the page (as `named`).

    A release is looked at once more, and happens. Raises `NothingToDecide`, `AnotherStands`, `ReturnStopped`, `DayRefused`,
    `NotApprovable`.
    """
    waiting, drafted = waiting_proposal(person), sealed.newest(keyring, person, records.DRAFT)
    if waiting is None or drafted is None:
        raise NothingToDecide
    if read != named(person, waiting, drafted):
        raise AnotherStands
    _require_wished(keyring, person, drafted)
    content = _content(person, drafted)
    try:
        if waiting.is_open:
            deciding.approve(keyring.operator, waiting.pk, content)
        _decide(keyring, person, drafted, waiting.pk)
    except ApprovalsError:
        raise NotApprovable from None


def named(person: Person, proposal: Proposal, drafted: Decision) -> str:
    """What a page shows to be confirmed, as one word: the proposal, and a digest of what was decided, grounds and all."""
    return f"{proposal.pk}-{hashlib.sha256(_content(person, drafted)).hexdigest()}"


def waiting_proposal(person: Person) -> Proposal | None:
    """The decision on this person that has not taken effect yet."""
    return approvals.standing(RETURN, person.number)


@crossing.act
def _decide(keyring: Keyring, person: Person, decision: Decision, proposal: int) -> None:
    actor, person = keyring.operator, Person.objects.select_for_update().get(pk=person.pk)
    _require_wished(keyring, person, decision)  # nobody enters another wish from here on
    deciding.spend(proposal, _content(person, decision), actor=actor)
    sealed.keep(person, records.DECISION, decision, entered=today())
    register.happen(actor, person, PersonEvent.RETURN_DECIDED, When(days.here()))
    audit.record(actor, "custody.return_decided", person.number)
    if decision.outcome in RELEASES and decision.day is not None:
        _release(actor, person, decision.day)


def _release(actor: Operator, person: Person, day: date) -> None:
    """Two people have cleared it: what follows of it in clear, the word to the Bureau above all, is as of every release."""
    Clearance.objects.create(person=person, lapses=clock.latest(timezone.now()) + CLEARED_FOR)  # gone with the event
    register.happen(actor, person, PersonEvent.RELEASED, When(day))
    audit.record(actor, "custody.event", f"{person.number} {PersonEvent.RELEASED.value}")


def _require_whole_release(keyring: Keyring, person: Person, decision: Decision) -> None:
    """There is a day on which they can have been let go, and no third country is the Power that they fear."""
    known = sealed.identity(keyring, person)
    power, there = same_name(known.power) if known else "", same_name(decision.country)
    is_elsewhere = decision.outcome is Outcome.RELEASED_ELSEWHERE
    if decision.day is None or (is_elsewhere and (not there or there == power)):
        raise ReleaseIncomplete
    if decision.day > days.here():
        raise DayRefused("ahead")
    holding.day_of(holding.standing(person), PersonEvent.RELEASED, decision.day, Precision.DAY)


def _require_wished(keyring: Keyring, person: Person, decision: Decision) -> None:
    why = stops_release(standing_of(keyring, person), decision.outcome) if decision.outcome in RELEASES else None
    if why is not None:
        raise ReturnStopped(why)


def _content(person: Person, decision: Decision) -> bytes:
    return bytes(person.token) + msgspec.json.encode(decision)
