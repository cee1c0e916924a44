# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receiving units: who they are, and whose keys a sheet is sealed to. One transaction and one entry each."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager

from django.db import IntegrityError, transaction
from msgspec.structs import replace

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import gates, hours, plans, sealed
from safeconduct.desk.handover.errors import CardRefused, KeyChanged, NoSuchUnit, UnitTaken
from safeconduct.desk.handover.models import ReceivingUnit, SheetReader, UnitMember
from safeconduct.desk.handover.plans import Known
from safeconduct.desk.handover.records import SECTOR_MAX, SECTORS_MAX, Person, UnitCard
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.languages import LANGUAGES

PEOPLE_MAX = 15  # as many as an envelope has room for
_NAME = re.compile(r"[^\W_](?:[\w .-]{0,38}[^\W_])?")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def card_of(  # noqa: PLR0913 - all that a form says, by name
    *, sectors: str, languages: Sequence[str], zone: str, days: Sequence[str], opens: str, closes: str
) -> UnitCard:
    """From a form; one sector a line. Raises `CardRefused` with the field."""
    named = tuple(dict.fromkeys(line.strip() for line in sectors.splitlines() if line.strip()))
    if not 0 < len(named) <= SECTORS_MAX or any(len(one) > SECTOR_MAX or not one.isprintable() for one in named):
        raise CardRefused("sectors")
    if not languages or not set(languages) <= set(LANGUAGES):
        raise CardRefused("languages")
    if not hours.is_zone(zone):
        raise CardRefused("zone")
    if not days or not set(days) <= set("0123456"):
        raise CardRefused("days")
    for field, text in (("opens", opens), ("closes", closes)):
        if not _CLOCK.fullmatch(text):
            raise CardRefused(field)
    spoken = tuple(tag for tag in LANGUAGES if tag in languages)
    return UnitCard(
        sectors=named, languages=spoken, zone=zone, days=tuple(sorted(map(int, set(days)))), opens=opens, closes=closes
    )


def add(hand: Hand, name: str, card: UnitCard) -> ReceivingUnit:
    """Raises `CardRefused`, `UnitTaken`."""
    called = " ".join(name.split())
    with _act(hand, called if _NAME.fullmatch(called) else ""):
        if not _NAME.fullmatch(called):
            raise CardRefused("name")
        try:
            with transaction.atomic():
                unit = ReceivingUnit.objects.create(name=called, card=sealed.close_card(hand, card))
        except IntegrityError:
            raise UnitTaken(called) from None
        audit.record(hand.operator, "units.add", called)
        return unit


def change(hand: Hand, pk: int, card: UnitCard) -> None:
    """Sectors, languages and hours; its people stay. Raises `NoSuchUnit`."""
    with _act(hand, str(pk)):
        known = _take(hand, pk)
        people = known.card.people if known.card else ()
        _keep(hand, known.unit, replace(card, people=people), "units.change")


def retire(hand: Hand, pk: int) -> None:
    """It is offered no more, and its people see no sheet. The record keeps its name."""
    with _act(hand, str(pk)):
        unit = _take(hand, pk).unit
        SheetReader.objects.filter(operator__receiving_unit__unit=unit).delete()
        unit.members.all().delete()
        unit.retired = True
        unit.save(update_fields=["retired"])
        audit.record(hand.operator, "units.retire", unit.name)


def assign(hand: Hand, pk: int, operator_pk: int, *, fingerprint: str) -> None:
    """Take a person in, after hearing them read their key's fingerprint: sheets are sealed to that key and to no other.

    Who was in another unit leaves it, and what was released there. Raises `NoSuchUnit`, `KeyChanged`, `CardRefused`.
    """
    with _act(hand, str(pk)):
        known = _take(hand, pk)
        person = Operator.objects.filter(pk=operator_pk, active=True, role=Role.RECEIVING_UNIT.value).first()
        if known.card is None or person is None:
            raise NoSuchUnit(str(pk))
        if person.fingerprint != fingerprint:
            raise KeyChanged(person.name)
        others = [one for one in _of_unit(known.unit, known.card.people) if one.operator != person.pk]
        if len(others) >= PEOPLE_MAX:
            raise CardRefused("people")
        _leave(person, but=known.unit)
        UnitMember.objects.update_or_create(operator=person, defaults={"unit": known.unit})
        people = (*others, Person(person.pk, bytes(person.key.key_id)))
        _keep(hand, known.unit, replace(known.card, people=people), "units.assign", about=person.name)


def dismiss(hand: Hand, operator_pk: int) -> None:
    """Take a person out: no sheet is sealed to them any more, and they see none. Raises `NoSuchUnit`."""
    with _act(hand, str(operator_pk)):
        place = UnitMember.objects.select_related("operator", "unit").filter(operator_id=operator_pk).first()
        if place is None:
            raise NoSuchUnit(str(operator_pk))
        _leave(place.operator, but=None)
        audit.record(hand.operator, "units.dismiss", f"{place.unit.name} {place.operator.name}")


def known_units(hand: Hand) -> list[Known]:
    """Every unit with its card, for the page that manages them. Recorded as a reading."""
    with gates.act_of(hand.operator, "units.see", "", denied="units.denied"):
        audit.record(hand.operator, "units.card")
        return plans.units(hand)


def one(hand: Hand, pk: int) -> Known:
    """One unit. Recorded as a reading. Raises `NoSuchUnit`."""
    with gates.act_of(hand.operator, "units.see", str(pk), denied="units.denied"):
        audit.record(hand.operator, "units.card", str(pk))
        return plans.unit_of(hand, pk)


def _take(hand: Hand, pk: int) -> Known:
    ReceivingUnit.objects.select_for_update().filter(pk=pk).first()
    return plans.unit_of(hand, pk)


def _keep(hand: Hand, unit: ReceivingUnit, card: UnitCard, act: str, *, about: str = "") -> None:
    """Whoever has left since stands in no new card."""
    unit.card = sealed.close_card(hand, replace(card, people=_of_unit(unit, card.people)))
    unit.save(update_fields=["card"])
    audit.record(hand.operator, act, f"{unit.name} {about}".strip())


def _of_unit(unit: ReceivingUnit, people: Sequence[Person]) -> tuple[Person, ...]:
    members = set(UnitMember.objects.filter(unit=unit).values_list("operator_id", flat=True))
    return tuple(one for one in people if one.operator in members)


def _leave(person: Operator, *, but: ReceivingUnit | None) -> None:
    place = UnitMember.objects.filter(operator=person).first()
    if place is not None and (but is None or place.unit_id != but.pk):
        SheetReader.objects.filter(operator=person).delete()
        place.delete()


def _act(hand: Hand, subject: str) -> AbstractContextManager[None]:
    return gates.act_of(hand.operator, "units.change", subject, denied="units.denied")
