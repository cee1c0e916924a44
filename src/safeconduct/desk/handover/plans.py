# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a plan may say, and which units it may name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import sealed, sheets
from safeconduct.desk.handover.errors import NoSuchUnit, PlanRefused, TooLong
from safeconduct.desk.handover.models import ReceivingUnit
from safeconduct.desk.handover.records import FALLBACK_MAX, POINT_MAX, SIGNAL_MAX, WHO_MAX, Plan, UnitCard
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary.languages import LANGUAGES

LONGEST_WINDOW = timedelta(hours=12)
FURTHEST_AHEAD = timedelta(days=14)
HOLD_FIRE_HOLDS = timedelta(hours=24)  # before the window begins; troops are relieved
_TOLERANCE = timedelta(minutes=5)
_LENGTHS = {"point": POINT_MAX, "signal": SIGNAL_MAX, "abort": SIGNAL_MAX, "fallback": FALLBACK_MAX}


@dataclass(frozen=True, slots=True)
class Known:
    """A receiving unit with its card opened. `card` is None for one that opens no more."""

    unit: ReceivingUnit
    card: UnitCard | None


def units(hand: Hand) -> list[Known]:
    """Every unit that works, by name."""
    return [Known(one, _card(hand, one)) for one in ReceivingUnit.objects.filter(retired=False)]


def offered(hand: Hand, *, language: str, sector: str, is_there: Callable[[UnitCard], bool]) -> list[Known]:
    """Those on duty that speak the language and have the sector; every sector when none is named."""
    return [one for one in units(hand) if one.card and _fits(one.card, language, sector) and is_there(one.card)]


def unit_of(hand: Hand, pk: int) -> Known:
    """Raises `NoSuchUnit`."""
    unit = ReceivingUnit.objects.filter(pk=pk, retired=False).first()
    if unit is None:
        raise NoSuchUnit(str(pk))
    return Known(unit, _card(hand, unit))


def zone_of(hand: Hand, plan: Plan) -> str:
    """Of its unit, also when that was retired meanwhile; UTC when its card does not open."""
    unit = ReceivingUnit.objects.filter(pk=plan.unit).first()
    card = _card(hand, unit) if unit else None
    return card.zone if card else "UTC"


def places_of(hand: Hand, plan: Plan) -> tuple[str, ...]:
    """Every text of a plan that could name where: its point, its fallback, and the unit's sectors if its card opens."""
    unit = ReceivingUnit.objects.filter(pk=plan.unit).first()
    card = _card(hand, unit) if unit else None
    return (plan.point, plan.fallback, *(card.sectors if card else ()))


def check_unit(hand: Hand, plan: Plan) -> UnitCard:
    """The unit's card. Raises `NoSuchUnit`; `PlanRefused` when the unit does not speak the person's language."""
    card = unit_of(hand, plan.unit).card
    if card is None:
        raise NoSuchUnit(str(plan.unit))
    if plan.language not in card.languages:
        raise PlanRefused("language")
    return card


def check(hand: Hand, plan: Plan, now: datetime) -> None:
    """Raises `PlanRefused` with the field, `TooLong`, `NoSuchUnit`."""
    for field, most in _LENGTHS.items():
        text = getattr(plan, field)
        if not text.strip() or len(text) > most or not text.isprintable():
            raise PlanRefused(field)
    if plan.language not in LANGUAGES:
        raise PlanRefused("language")
    if not 0 <= plan.wounded <= plan.head_count:
        raise PlanRefused("wounded")
    _check_window(plan, now)
    _check_hold_fire(plan, now)
    card = check_unit(hand, plan)
    if sheets.words(sheets.draft(plan, card)) > sheets.WORDS_MAX:
        raise TooLong


def _check_window(plan: Plan, now: datetime) -> None:
    if not now < plan.ends or plan.begins > now + FURTHEST_AHEAD:
        raise PlanRefused("ends" if plan.ends <= now else "begins")
    if not timedelta(0) < plan.ends - plan.begins <= LONGEST_WINDOW:
        raise PlanRefused("ends")


def _check_hold_fire(plan: Plan, now: datetime) -> None:
    told = plan.hold_fire
    if told is None:
        return
    if not told.who.strip() or len(told.who) > WHO_MAX or not told.who.isprintable():
        raise PlanRefused("hold_fire_who")
    if not plan.begins - HOLD_FIRE_HOLDS <= told.at <= now + _TOLERANCE:
        raise PlanRefused("hold_fire_at")


def _fits(card: UnitCard, language: str, sector: str) -> bool:
    sectors = {one.casefold() for one in card.sectors}
    return language in card.languages and (not sector or sector.casefold() in sectors)


def _card(hand: Hand, unit: ReceivingUnit) -> UnitCard | None:
    try:
        return sealed.open_card(hand, unit.card)
    except SealingError:  # altered, or of a key that this person does not have: it is shown as such
        return None
