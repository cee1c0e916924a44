# SPDX-License-Identifier: AGPL-3.0-or-later
"""R26: a worry that the Power's knowing would harm somebody goes to counsel. The Bureau is told at once to wait with the Power's copy.

It rings at counsel until they have decided. Nothing here can stop, delay or shorten a package: the Agency learns all, and when.
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, sealed
from safeconduct.desk.custody.bureau import alarms, making
from safeconduct.desk.custody.bureau.errors import NoWorry, WorryWaits
from safeconduct.desk.custody.bureau.models import WITHIN, Worry
from safeconduct.desk.custody.errors import NobodyReads
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.bureau import Grounds, Word


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody of whom the Power learns nothing until counsel has decided."""

    person: Person
    raised: date
    due: date
    is_late: bool


GROUNDS = sealed.Page("worry", Grounds, ("counsel",))


@crossing.act
def raise_worry(actor: Operator, person: Person, words: str) -> Worry:
    """Counsel is asked, and the Bureau waits with the Power's copy. Raises `WorryWaits`, `NobodyReads`."""
    Person.objects.select_for_update().get(pk=person.pk)
    try:
        with transaction.atomic():
            worry = Worry.objects.create(person=person, raised=acts.today())
    except IntegrityError:
        raise WorryWaits from None
    _write(person, words)
    making.make(person, Word.POWER_WAITS.value)
    alarms.ring(acts.today(), is_anew=True)
    audit.record(actor, "custody.worry", person.number)
    return worry


@crossing.act
def decide(actor: Operator, person: Person, words: str, *, power_may_know: bool) -> None:
    """Counsel's answer, which they can give anew by taking up another worry. Raises `NoWorry`, `NobodyReads`."""
    Person.objects.select_for_update().get(pk=person.pk)
    worry = Worry.objects.filter(person=person, decided=None).first()
    if worry is None:
        raise NoWorry
    worry.decided, worry.power_may_know = acts.today(), power_may_know
    worry.save(update_fields=["decided", "power_may_know"])
    _write(person, words)
    making.make(person, (Word.POWER_MAY_KNOW if power_may_know else Word.POWER_WAITS).value)
    alarms.ring(acts.today())
    audit.record(actor, "custody.worry_decided", person.number)


def waiting(today: date) -> list[Waiting]:
    """Who waits for counsel's decision, the longest first. Nothing is opened."""
    rows = Worry.objects.filter(decided=None).select_related("person__camp").order_by("raised", "pk")
    return [Waiting(row.person, row.raised, row.raised + WITHIN, is_late=row.raised + WITHIN < today) for row in rows]


@crossing.act
def grounds(keyring: Keyring, person: Person) -> list[sealed.Written[Grounds]]:
    """What was feared and what was decided, oldest first; for counsel. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "custody.worry_read", person.number)
    return sealed.every(keyring, person, GROUNDS)


def _write(person: Person, words: str) -> None:
    try:
        sealed.keep(person, GROUNDS, Grounds(words=words), entered=acts.today())
    except UnknownTeam:
        raise NobodyReads from None
