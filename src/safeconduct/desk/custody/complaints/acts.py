# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing a complaint down, which any office does, and following it up, which the monitor and counsel do.

Of a complaint with a number that the register knows, its events follow, so that the duties of articles 13 and 78 run; `offices.GUARDED`
keeps them from everybody else's pages. A complaint without one runs by its own days.
"""

import hashlib

import msgspec
from django.db import IntegrityError, transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, days
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.complaints import alarms, sealed
from safeconduct.desk.custody.complaints.errors import NoSuchComplaint, NothingSaid, NotNamed
from safeconduct.desk.custody.complaints.models import Complaint
from safeconduct.desk.custody.complaints.sealed import Opened
from safeconduct.desk.custody.errors import DayRefused, NobodyReads, NoSuchPerson
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.complaints import OUTSIDE, Addressee, ComplaintStep, ComplaintTold
from safeconduct.vocabulary.custody import PersonEvent


@crossing.act
def write_down(actor: Operator, ticket: bytes, told: ComplaintTold) -> None:
    """Sealed to the monitor and counsel, who are told at once. From here on whoever typed it cannot read it back.

    It is counted nowhere against the person, and a number that nobody has hinders nothing. The same page sent again
    does nothing; other words on that page are another complaint.
    Raises `NothingSaid`, `NobodyReads`.
    """
    if not told.words.strip():
        raise NothingSaid
    row = _made(ticket, told)
    if row is None:
        return
    try:
        sealed.keep(row, told)
    except UnknownTeam:
        raise NobodyReads from None
    _happen(actor, told, PersonEvent.COMPLAINED)
    if told.is_ill_treatment:
        _happen(actor, told, PersonEvent.ILL_TREATMENT_REPORTED)
    alarms.ring(row)
    audit.record(actor, "complaints.sealed")


@crossing.act
def take_up(keyring: Keyring, pk: int, when: When) -> None:
    """Somebody independent sees to a report of ill-treatment (R37). Raises `NoSuchComplaint`, `DayRefused`."""
    known = _open(keyring, pk)
    if not known.row.is_ill_treatment or known.row.taken_up:
        raise NoSuchComplaint
    _step(known, when, ComplaintStep(day=when.day, by=keyring.operator.name))
    Complaint.objects.filter(pk=pk).update(taken_up=when.day)
    _happen(keyring.operator, known.told, PersonEvent.ILL_TREATMENT_TAKEN_UP, when)
    audit.record(keyring.operator, "complaints.taken_up", str(pk))


@crossing.act
def forward(keyring: Keyring, pk: int, to: Addressee, when: When) -> None:
    """It went to one of those whom the person named, or, where they named nobody, to one outside the camp.

    It is forwarded once everybody who was named has it. Raises `NotNamed`, `NoSuchComplaint`, `DayRefused`.
    """
    known = _open(keyring, pk)
    if to not in addressees(known.told):
        raise NotNamed
    _step(known, when, ComplaintStep(day=when.day, by=keyring.operator.name, to=to))
    if not known.row.forwarded and not missing(known, to):
        Complaint.objects.filter(pk=pk).update(forwarded=when.day)
        _happen(keyring.operator, known.told, PersonEvent.COMPLAINT_FORWARDED, when)
    audit.record(keyring.operator, "complaints.forwarded", str(pk))


@crossing.act
def answer(keyring: Keyring, pk: int, words: str, when: When) -> None:
    """What the person was told, or why nobody could be. Raises `NothingSaid`, `NoSuchComplaint`, `DayRefused`."""
    if not words.strip():
        raise NothingSaid
    known = _open(keyring, pk)
    _step(known, when, ComplaintStep(day=when.day, by=keyring.operator.name, words=words))
    Complaint.objects.filter(pk=pk, answered=None).update(answered=when.day)
    audit.record(keyring.operator, "complaints.answered", str(pk))


def addressees(told: ComplaintTold) -> tuple[Addressee, ...]:
    """To whom it may go, and to nobody else: those within the camp only where the person named them."""
    return told.addressees or OUTSIDE


def person_of(told: ComplaintTold) -> Person | None:
    """Whoever has the number that was written; None where nobody has."""
    try:
        return register.person_of(told.number)
    except NoSuchPerson:
        return None


def missing(known: Opened, *sent: Addressee) -> set[Addressee]:
    """Who still has to have it, once `sent` have. Where nobody was named, one is enough."""
    has = {step.to for step in known.steps if step.to} | set(sent)
    if not known.told.addressees:
        return set() if has else set(OUTSIDE)
    return set(known.told.addressees) - has


def _made(ticket: bytes, told: ComplaintTold) -> Complaint | None:
    """None for what was sealed before. The ticket is random, so that nobody can try words against what is stored."""
    name = hashlib.sha256(ticket + msgspec.json.encode(told)).digest()
    try:
        with transaction.atomic():
            return Complaint.objects.create(ticket=name, entered=days.here(), is_ill_treatment=told.is_ill_treatment)
    except IntegrityError:
        return None


def _open(keyring: Keyring, pk: int) -> Opened:
    """Two who follow up one complaint do so one after the other."""
    row = Complaint.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NoSuchComplaint
    return sealed.opened(keyring, row)


def _step(known: Opened, when: When, step: ComplaintStep) -> None:
    if when.day > days.here():
        raise DayRefused("ahead")
    sealed.keep(known.row, step)


def _happen(actor: Operator, told: ComplaintTold, event: PersonEvent, when: When | None = None) -> None:
    """The term runs from the day on which it came to a desk."""
    person = person_of(told)
    if person is not None:
        register.happen(actor, person, event, when or When(days.here()))
