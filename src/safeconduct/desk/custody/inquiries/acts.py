# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking, looking and answering. `matching` proposes and a person decides; what was answered stays (art. 123, R45)."""

from dataclasses import dataclass
from datetime import date

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing
from safeconduct.desk.custody.inquiries import alarms, sealed
from safeconduct.desk.custody.inquiries.errors import NoSuchInquiry, NothingAsked, NoWords
from safeconduct.desk.custody.inquiries.models import WITHIN, Inquiry
from safeconduct.desk.custody.names import search
from safeconduct.desk.custody.names.search import Answer
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.bureau import Inquiry as Asked
from safeconduct.vocabulary.bureau import InquiryAnswer
from safeconduct.vocabulary.reception import Received


@dataclass(frozen=True, slots=True)
class Opened:
    """An inquiry as the Bureau's people see it."""

    row: Inquiry
    asked: Asked
    answers: list[InquiryAnswer]


def due(inquiry: Inquiry) -> date:
    return inquiry.entered + WITHIN


@crossing.act
def ask(actor: Operator, asked: Asked) -> Inquiry:
    """Somebody looks for a person. Raises `NothingAsked`, `NobodyReads`."""
    if not (asked.name or asked.service_number):
        raise NothingAsked
    inquiry = Inquiry.objects.create(entered=register.today())
    sealed.keep(inquiry, sealed.ASKED, asked)
    audit.record(actor, "custody.inquiry", str(inquiry.pk))
    return inquiry


def inquiry_of(pk: int) -> Inquiry:
    """Raises `NoSuchInquiry`."""
    inquiry = Inquiry.objects.filter(pk=pk).first()
    if inquiry is None:
        raise NoSuchInquiry
    return inquiry


@crossing.act
def read(keyring: Keyring, inquiry: Inquiry) -> Opened:
    """Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "custody.inquiry_read", str(inquiry.pk))
    (asked,) = sealed.every(keyring, inquiry, sealed.ASKED, Asked)
    return Opened(inquiry, asked, sealed.every(keyring, inquiry, sealed.ANSWERED, InquiryAnswer))


def proposals(keyring: Keyring, asked: Asked) -> Answer:
    """Who of the register could be meant: at most fifty are opened, and the record says which. Raises `NotAdmitted`, `Tampered`."""
    who = Received(
        surname=asked.name,
        spellings=asked.spellings,
        birth=asked.birth,
        service_number=asked.service_number,
        language=asked.language,
    )
    return search.find(keyring, who)


@crossing.act
def answer(actor: Operator, inquiry: Inquiry, words: str, prisoner: str = "") -> None:
    """What the Bureau answered, about whom a person decided that it is: a number, or nobody here. A second answer stands beside the first.

    Raises `NoWords`, `NoSuchPerson`, `NobodyReads`.
    """
    if not words:
        raise NoWords
    number = register.person_of(prisoner).number if prisoner else ""
    row = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    sealed.keep(row, sealed.ANSWERED, InquiryAnswer(words=words, prisoner=number))
    row.answered = row.answered or register.today()
    row.save(update_fields=["answered"])
    alarms.ring_late(register.today())
    audit.record(actor, "custody.inquiry_answered", str(row.pk))
