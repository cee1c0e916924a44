# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks the pure rules of `allocation.py` about people and camps as the register has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Q

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody.errors import CampClosed
from safeconduct.desk.custody.models import Camp, Person, Quarters
from safeconduct.desk.custody.movements import comrades, known, languages
from safeconduct.desk.custody.movements.allocation import Arrival, Choice, Proposal, allocate
from safeconduct.desk.custody.movements.audited import OVERFLOW
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import CampKind, Category, Need


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of somebody while a camp is looked for. Needs are kept nowhere. `category` None: by their rank."""

    category: Category | None = None
    needs: frozenset[Need] = frozenset()


@transaction.atomic
def propose(keyring: Keyring, people: Mapping[Person, Told]) -> dict[str, Proposal]:
    """A camp for everybody, by number. What fits nowhere alarms. Their languages and ranks open with the reader's key.

    Raises `CampClosed` while no camp at all is open.
    """
    sheets, party_of = known.sheets_of(keyring, people), comrades.parties(list(people))
    spoken = languages.spoken_by(sheets)
    arrivals = [
        Arrival(
            one.number,
            told.category or known.category_of(one, sheets.get(one.pk)),
            spoken.get(one.pk, ""),
            told.needs,
            party_of.get(one.pk, ""),
        )
        for one, told in people.items()
    ]
    camps = choices(list(people))
    if not camps:
        raise CampClosed
    proposed = allocate(arrivals, camps)
    if any(not one.fits for one in proposed.values()):
        raise_alert(OVERFLOW)
    audit.record(keyring.operator, "movements.proposed", " ".join(sorted(proposed)[:8]))
    return proposed


def choices(leaving: Sequence[Person] = ()) -> list[Choice]:
    """Every open camp with its free places, as if those who are about to get one lived nowhere."""
    gone = [one.pk for one in leaving]
    held = Count("people", filter=Q(people__camp=F("camp")) & ~Q(people__pk__in=gone))
    free: dict[int, dict[Category, int]] = {}
    for row in Quarters.objects.filter(camp__is_open=True).annotate(held=held):
        if row.places or row.held:
            free.setdefault(row.camp_id, {})[Category(row.category)] = row.places - row.held
    for camp, unlodged in _unlodged(gone).items():
        free[camp] = {category: places - unlodged for category, places in free.get(camp, {}).items()}
    return [
        Choice(one.pk, CampKind(one.kind), free.get(one.pk, {}), one.spoken, one.serves)
        for one in Camp.objects.filter(is_open=True)
    ]


def _unlodged(gone: Sequence[int]) -> dict[int, int]:
    """Who has no quarters yet will need some of any category: each counts in all, so that no place is promised twice."""
    rows = Person.objects.filter(camp__is_open=True, quarters=None).exclude(pk__in=gone)
    return dict(rows.order_by().values_list("camp").annotate(held=Count("pk")))
