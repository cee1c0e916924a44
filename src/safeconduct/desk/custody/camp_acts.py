# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided of a camp after it was opened: what it has, opening it again, who lives where, and who commands it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, places
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import CampOpen, DayRefused, KindKept, NoCommander, NoSuchCamp
from safeconduct.desk.custody.models import Camp, Command, Person, Quarters
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, Category, Need, PersonEvent


@dataclass(frozen=True, slots=True)
class Standing:
    """What a camp has: places, address, and what it speaks and serves."""

    kind: CampKind
    places: Mapping[Category, int]
    address: str = ""
    languages: Iterable[str] = ()
    needs: Iterable[Need] = ()


@transaction.atomic
def change(actor: Operator, camp: Camp, now: Standing) -> None:
    """What the camp has from now on. Fewer places than people put nobody out: it alarms.

    Its kind stays while people are held there: a hospital takes people whom no list names (R24). Raises `KindKept`.
    """
    held = Camp.objects.select_for_update().get(pk=camp.pk)
    if held.kind != now.kind.value and held.people.exists():
        raise KindKept
    _write(camp, now)
    places.watch_all()
    audit.record(actor, "custody.camp_changed", camp.name)


@transaction.atomic
def reopen(actor: Operator, camp: Camp, when: When) -> None:
    """A camp that was closed takes people again, and owes every day from then on. Raises `CampOpen`, `DayRefused`."""
    camp = Camp.objects.select_for_update().get(pk=camp.pk)
    if camp.is_open:
        raise CampOpen
    closed = camp.events.filter(kind=CampEvent.CLOSED.value, stands=True).order_by("-happened").first()
    if closed is not None and when.day <= closed.happened:
        raise DayRefused("reopened")
    Camp.objects.filter(pk=camp.pk).update(is_open=True)
    acts.happen_in_camp(camp, CampEvent.OPENED, when)
    audit.record(actor, "custody.camp_reopened", camp.name)


@crossing.act
def give_quarters(actor: Operator, people: Mapping[Person, Category], when: When) -> None:
    """Quarters of a category in the camp where each person is; nobody is left without for want of places (art. 25).

    Raises `NoSuchCamp` for who is not held, `DayRefused`.
    """
    acts.hold([person.pk for person in people])
    for person, category in people.items():
        _lodge(person, category)
        acts.happen(actor, person, PersonEvent.QUARTERED, when)
    for camp in {person.camp for person in people}:
        places.watch(camp)
    names = sorted({person.camp.name for person in people if person.camp})
    audit.record(actor, "custody.quarters", f"{', '.join(names)}: {len(people)}")


@transaction.atomic
def bind(actor: Operator, commander: Operator, camp: Camp) -> None:
    """The commander sees this camp. Raises `NoCommander`."""
    if commander.plays is not Role.CAMP_COMMANDER or not commander.active:
        raise NoCommander
    Command.objects.get_or_create(operator=commander, camp=camp)
    audit.record(actor, "custody.bound", f"{commander.name}: {camp.name}")


@transaction.atomic
def free(actor: Operator, commander: Operator, camp: Camp) -> None:
    """Whoever was bound sees this camp no more, whatever their account may do by now."""
    Command.objects.filter(operator=commander, camp=camp).delete()
    audit.record(actor, "custody.unbound", f"{commander.name}: {camp.name}")


def bound_to(pk: int, camp: Camp) -> Operator:
    """Whoever is bound to the camp. Raises `NoCommander`."""
    found = Operator.objects.filter(pk=pk, commands__camp=camp).first()
    if found is None:
        raise NoCommander
    return found


def commander_of(pk: int) -> Operator:
    """Whoever can be bound. Raises `NoCommander`."""
    found = Operator.objects.filter(pk=pk, role=Role.CAMP_COMMANDER.value, active=True).first()
    if found is None:
        raise NoCommander
    return found


def _write(camp: Camp, now: Standing) -> None:
    Camp.objects.filter(pk=camp.pk).update(
        kind=now.kind.value,
        address=now.address,
        languages=" ".join(sorted(set(now.languages))),
        needs=" ".join(sorted(need.value for need in set(now.needs))),
    )
    for category in Category:
        places = now.places.get(category, 0)
        Quarters.objects.update_or_create(camp=camp, category=category.value, defaults={"places": places})


def _lodge(person: Person, category: Category) -> None:
    if person.camp is None:
        raise NoSuchCamp
    quarters, _ = Quarters.objects.get_or_create(camp=person.camp, category=category.value, defaults={"places": 0})
    Person.objects.filter(pk=person.pk).update(quarters=quarters)
