# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is taken from a person, the receipt they keep for it, and giving it back (art. 18; R23)."""

from dataclasses import dataclass

from django.db.models import Max, QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.reception.errors import (
    ArticleMissing,
    NeverTaken,
    OrderMissing,
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
_FREE = frozenset(
    {PersonEvent.RELEASED.value, PersonEvent.REPATRIATED.value}
)  # art. 119: on the way home it is given back


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt with its articles, as a registrar sees it."""

    receipt: Receipt
    said: EffectsTaken

    @property
    def stands(self) -> bool:
        return self.receipt.taken.stands


@crossing.act
def take(actor: Operator, person: Person, said: EffectsTaken, when: When) -> Receipt:
    """Enter what was taken; a receipt is owed from then on. `said.number` is given here.

    Raises `NeverTaken`, `OrderMissing`, `ArticleMissing`, `DayRefused`.
    """
    _require_lawful(said)
    taken = acts.happen(actor, person, PersonEvent.EFFECTS_TAKEN, when)
    last = Receipt.objects.filter(person=person).aggregate(last=Max("number"))["last"] or 0
    receipt = Receipt.objects.create(person=person, number=last + 1, taken=taken)
    page = EffectsTaken(
        number=receipt.number,
        articles=said.articles,
        ordered_by=said.ordered_by,
        register_entry=said.register_entry,
        issued_by=said.issued_by,
    )
    sealed.keep(person, EFFECTS, page, entered=acts.today())
    audit.record(actor, "reception.taken", person.number)
    return receipt


@crossing.act
def give_copy(actor: Operator, person: Person, number: int, when: When) -> None:
    """The receipt was signed, and the person has their copy. Raises `ReceiptGone`, `DayRefused`."""
    receipt = _held(person, number)
    if receipt.given is not None:
        raise ReceiptGone
    receipt.given = acts.happen(actor, person, PersonEvent.EFFECTS_RECEIPTED, when)
    receipt.save(update_fields=["given"])
    audit.record(actor, "reception.copy", person.number)


@crossing.act
def give_back(actor: Operator, person: Person, when: When) -> None:
    """Everything that is still kept was given back. Raises `ReceiptGone`: nothing is kept; `DayRefused`."""
    receipts = list(_kept(person).select_for_update(of=("self",)))
    if not receipts:
        raise ReceiptGone
    back = acts.happen(actor, person, PersonEvent.EFFECTS_RETURNED, when)
    Receipt.objects.filter(pk__in=[one.pk for one in receipts]).update(back=back)
    audit.record(actor, "reception.back", person.number)


@crossing.act
def strike(actor: Operator, person: Person, number: int) -> None:
    """Nothing of this receipt was taken: it was an error. Raises `ReceiptGone`, `StillOpen`."""
    receipt = _held(person, number)
    if receipt.given is not None or receipt.back is not None:
        raise StillOpen
    acts.amend(person, receipt.taken_id, None)
    audit.record(actor, "reception.struck", person.number)


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


def follow(row: EventRow) -> None:
    """Who goes free is owed what is kept of theirs; who was said to be free by mistake is not yet."""
    if row.kind not in _FREE or row.person is None:
        return
    _unsay(row.person)
    if row.stands and _kept(row.person).exists():
        acts.follow_from(row, PersonEvent.EFFECTS_DUE_BACK)


def _unsay(person: Person) -> None:
    for pk in person.events.filter(kind=PersonEvent.EFFECTS_DUE_BACK.value, stands=True).values_list("pk", flat=True):
        acts.amend(person, pk, None)


def _kept(person: Person) -> QuerySet[Receipt]:
    return Receipt.objects.filter(person=person, back=None, taken__stands=True)


def _held(person: Person, number: int) -> Receipt:
    receipt = Receipt.objects.select_for_update().filter(person=person, number=number).first()
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
