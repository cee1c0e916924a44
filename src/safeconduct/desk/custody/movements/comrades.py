# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who served or arrived together stays together, unless they agree to part (art. 22). The mark that they share is random and says no more."""

import secrets
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody.acts import today
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.movements.errors import ComradesParted, NoSuchComrades
from safeconduct.desk.custody.movements.models import Comrade
from safeconduct.desk.operators.models import Operator

_BYTES = 16


@transaction.atomic
def together(actor: Operator, people: Sequence[Person]) -> None:
    """They are comrades; with whom each was before, they all are now. Raises `NoSuchComrades` for fewer than two."""
    people = list({person.pk: person for person in people}.values())
    if len(people) < 2:  # noqa: PLR2004 - a pair
        raise NoSuchComrades
    party = secrets.token_hex(_BYTES)
    known = Comrade.objects.filter(person__in=people).values_list("party", flat=True)
    Comrade.objects.filter(party__in=list(known)).update(party=party)
    for person in people:
        Comrade.objects.get_or_create(person=person, defaults={"party": party})
    audit.record(actor, "movements.together", " ".join(person.number for person in people[:8]))


@transaction.atomic
def agree_to_part(actor: Operator, person: Person) -> None:
    """The person has agreed to go without the others. Raises `NoSuchComrades`."""
    if not Comrade.objects.filter(person=person).update(parted=today()):
        raise NoSuchComrades
    audit.record(actor, "movements.parted", person.number)


@transaction.atomic
def rejoin(actor: Operator, person: Person) -> None:
    """The person goes with the others again. Raises `NoSuchComrades`."""
    if not Comrade.objects.filter(person=person).update(parted=None):
        raise NoSuchComrades
    audit.record(actor, "movements.rejoined", person.number)


def parties(people: Sequence[Person]) -> dict[int, str]:
    """By row of a person, the mark of those they are not to be parted from."""
    rows = Comrade.objects.filter(person__in=people, parted=None)
    return dict(rows.values_list("person_id", "party"))


def parted_by(origin: Camp, leaves: Sequence[Person]) -> list[str]:
    """Who would leave comrades behind in that camp though neither agreed: the numbers of those who leave."""
    party_of = parties(leaves)
    stay = Comrade.objects.filter(party__in=set(party_of.values()), parted=None, person__camp=origin)
    left_behind = set(stay.exclude(person__in=leaves).values_list("party", flat=True))
    numbers = defaultdict(list)
    for person in leaves:
        numbers[party_of.get(person.pk, "")].append(person.number)
    return sorted(number for party in left_behind for number in numbers[party])


def require_together(origin: Camp, leaves: Sequence[Person]) -> None:
    """Raises `ComradesParted`."""
    if numbers := parted_by(origin, leaves):
        raise ComradesParted(numbers)
