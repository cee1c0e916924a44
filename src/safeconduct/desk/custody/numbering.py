# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number that was entered wrongly is put right: the old one goes on finding the person, and who was told it is told anew."""

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, days, numbers, rooms
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent


@crossing.act
def renumber(actor: Operator, person: Person, typed: str) -> Person:
    """The Bureau is told (art. 122), and of whoever is held a capture card is owed anew (art. 70).

    Raises `NumberRefused`, `NumberSame`, `NumberTaken`, `NumberGiven`.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    person = Person.objects.select_related("camp").get(pk=person.pk)
    old = numbers.replace(person, typed, acts.today())
    person.refresh_from_db(fields=["number"])
    events = [PersonEvent.RENUMBERED, *([PersonEvent.CARD_DUE] if person.camp else [])]
    acts.happen_to_all(actor, [person], events, When(days.here()))
    rooms.tell_renumbered(person, old)
    audit.record(actor, "custody.renumbered", f"{old} now {person.number}")
    return person
