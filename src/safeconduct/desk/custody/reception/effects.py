# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is taken from a person, the receipt they keep for it, and giving it back (art. 18; R23)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from django.db.models import Max

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, owing, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.reception import effects_owed
from safeconduct.desk.custody.reception.errors import (
    ArticleMissing,
    BeforeTaken,
    NeverTaken,
    NotDied,
    OrderMissing,
    OtherReceipts,
    ReceiptGone,
    StillOpen,
)
from safeconduct.desk.custody.reception.models import Receipt
from safeconduct.desk.custody.reception.never_taken import is_never_taken
from safeconduct.desk.custody.sealed import Page
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.effects import Article, ArticleKind, EffectsTaken

EFFECTS = Page("effects", EffectsTaken, (sealed.CUSTODY,))
_BY_ORDER = frozenset({ArticleKind.MONEY, ArticleKind.VALUABLE})


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt with its articles, as a registrar sees it."""

    receipt: Receipt
    said: EffectsTaken

    @property
    def stands(self) -> bool:
        return self.receipt.taken.stands

    @property
    def is_sent_on(self) -> bool:
        return self.receipt.back is not None and self.receipt.back.kind == PersonEvent.EFFECTS_SENT_ON.value


@crossing.act
def take(actor: Operator, person: Person, said: EffectsTaken, when: When, *, seen: str = "") -> Receipt:
    """Enter what was taken; a receipt is owed from then on. `said.number` is given here.

    `seen`: which receipts the page showed (`numbers_of`), so that two who enter one paper see each other's.
    Raises `NeverTaken`, `OrderMissing`, `ArticleMissing`, `OtherReceipts`, `DayRefused`.
    """
    _require_lawful(said)
    with _held(person):
        _require_seen(Receipt.objects.filter(person=person), seen)
        receipt = _taken(actor, person, said, when)
        effects_owed.settle(person)
    audit.record(actor, "reception.taken", person.number)
    return receipt


@crossing.act
def give_copy(actor: Operator, person: Person, number: int, when: When) -> None:
    """The receipt was signed, and the person has their copy. Raises `ReceiptGone`, `BeforeTaken`, `DayRefused`."""
    with _held(person):
        receipt = _standing(person, number)
        if receipt.given is not None:
            raise ReceiptGone
        if receipt.taken.happened > when.day:
            raise BeforeTaken
        receipt.given = acts.happen(actor, person, PersonEvent.EFFECTS_RECEIPTED, when)
        receipt.save(update_fields=["given"])
    audit.record(actor, "reception.copy", person.number)


@crossing.act
def give_back(actor: Operator, person: Person, when: When, *, seen: str) -> None:
    """All that the page showed as still kept was given back, and nothing else was kept by then.

    Raises `ReceiptGone`: nothing is kept; `OtherReceipts`, `BeforeTaken`, `DayRefused`.
    """
    _part(actor, person, PersonEvent.EFFECTS_RETURNED, when, seen)
    audit.record(actor, "reception.back", person.number)


@crossing.act
def send_on(actor: Operator, person: Person, when: When, *, seen: str) -> None:
    """The same of who died: the Bureau has it, and sends it to those whom it concerns (art. 122). Raises `NotDied` as well."""
    if not person.events.filter(kind=PersonEvent.DIED.value, stands=True, happened__lte=when.day).exists():
        raise NotDied
    _part(actor, person, PersonEvent.EFFECTS_SENT_ON, when, seen)
    audit.record(actor, "reception.sent_on", person.number)


@crossing.act
def strike(actor: Operator, person: Person, number: int) -> None:
    """Nothing of this receipt was taken: it was an error. Raises `ReceiptGone`, `StillOpen`."""
    with _held(person):
        receipt = _standing(person, number)
        if receipt.given is not None or receipt.back is not None:
            raise StillOpen
        acts.amend(person, receipt.taken_id, None)
    audit.record(actor, "reception.struck", person.number)


def numbers_of(receipts: Iterable[Receipt]) -> str:
    """Which receipts a page showed: none of them changes, and no number is given twice."""
    return " ".join(str(one.number) for one in receipts)


@crossing.act
def read(keyring: Keyring, person: Person) -> list[Paper]:
    """Every receipt of a person, struck ones too, in their order. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "reception.effects_read", person.number)
    return papers_of(keyring, person)


def papers_of(keyring: Keyring, person: Person) -> list[Paper]:
    """The same without an act of reading, for an act of its own."""
    said = {one.record.number: one.record for one in sealed.every(keyring, person, EFFECTS)}
    receipts = Receipt.objects.filter(person=person).select_related("taken", "given", "back")
    return [Paper(one, said[one.number]) for one in receipts if one.number in said]


@contextmanager
def _held(person: Person) -> Iterator[None]:
    """Two who enter something of one person's effects do so one after the other."""
    with owing.together():
        acts.hold([person.pk])
        yield


def _require_seen(receipts: Iterable[Receipt], seen: str) -> None:
    if numbers_of(receipts) != seen:
        raise OtherReceipts


def _part(actor: Operator, person: Person, event: PersonEvent, when: When, seen: str) -> None:
    with _held(person):
        kept = effects_owed.kept(person)
        if not kept.exists():
            raise ReceiptGone
        _require_seen(kept, seen)
        if kept.filter(taken__happened__gt=when.day).exists():
            raise BeforeTaken
        kept.update(back=acts.happen(actor, person, event, when))
        effects_owed.settle(person)


def _taken(actor: Operator, person: Person, said: EffectsTaken, when: When) -> Receipt:
    taken = acts.happen(actor, person, PersonEvent.EFFECTS_TAKEN, when)
    last = Receipt.objects.filter(person=person).aggregate(last=Max("number"))["last"] or 0
    page = msgspec.structs.replace(said, number=last + 1)
    sealed.keep(person, EFFECTS, page, entered=acts.today())
    return Receipt.objects.create(person=person, number=page.number, taken=taken)


def _standing(person: Person, number: int) -> Receipt:
    receipt = Receipt.objects.filter(person=person, number=number).select_related("taken", "given", "back").first()
    if receipt is None or not receipt.taken.stands:
        raise ReceiptGone
    return receipt


def _require_lawful(said: EffectsTaken) -> None:
    if not said.articles:
        raise ArticleMissing
    if any(is_never_taken(one.what) for one in said.articles):
        raise NeverTaken
    if not any(one.kind in _BY_ORDER for one in said.articles):
        return
    if not (said.ordered_by and said.register_entry):
        raise OrderMissing
    if any(one.kind is ArticleKind.MONEY and not one.amount for one in said.articles):
        raise ArticleMissing


def lines_of(articles: tuple[Article, ...]) -> list[str]:
    """Each article in one line."""
    return [" · ".join(part for part in (one.what, one.amount, one.condition, one.reason) if part) for one in articles]
