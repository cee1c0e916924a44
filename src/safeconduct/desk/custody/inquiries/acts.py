# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking, looking and answering. `matching` proposes and a person decides; what was answered stays (art. 123, R45)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing
from safeconduct.desk.custody import sealed as pages
from safeconduct.desk.custody.inquiries import alarms, sealed
from safeconduct.desk.custody.inquiries.errors import NoSuchInquiry, NothingAsked, NoWords
from safeconduct.desk.custody.inquiries.models import WITHIN, Inquiry
from safeconduct.desk.custody.models import Sealed
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


def identities() -> QuerySet[Sealed]:
    """Every page that says who somebody is, as the Bureau's people may open it."""
    return Sealed.objects.filter(kind=pages.IDENTITY.kind, team=sealed.TEAM)


def newest_page() -> int:
    """The last of them."""
    last: int | None = identities().aggregate(last=Max("pk"))["last"]
    return last or 0


def described(asked: Asked) -> Received:
    """Who is looked for, in the words of the register."""
    return Received(
        surname=asked.name,
        spellings=asked.spellings,
        birth=asked.birth,
        service_number=asked.service_number,
        language=asked.language,
    )


def proposals(keyring: Keyring, asked: Asked) -> Answer:
    """Who of the register could be meant: at most fifty are opened, and the record says which. Raises `NotAdmitted`, `Tampered`."""
    return search.find(keyring, described(asked))


@crossing.act
def look(keyring: Keyring, inquiry: Inquiry, asked: Asked) -> Answer:
    """The same for whoever decides: who is registered or described from now on was not among them (`again.py`)."""
    last = newest_page()
    found = proposals(keyring, asked)
    Inquiry.objects.filter(pk=inquiry.pk).update(looked=last)
    return found


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
    row.answered, row.again = row.answered or register.today(), None
    row.save(update_fields=["answered", "again"])
    alarms.ring_late(register.today())
    alarms.ring_again()
    audit.record(actor, "custody.inquiry_answered", str(row.pk))


@crossing.act
def pass_over(actor: Operator, inquiry: Inquiry) -> None:
    """It was looked at again, and nobody new is meant: what was answered stays so. Once more changes nothing."""
    Inquiry.objects.filter(pk=inquiry.pk).update(again=None)
    alarms.ring_again()
    audit.record(actor, "custody.inquiry_nobody", str(inquiry.pk))
