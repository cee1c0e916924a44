# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new key of the handover cell, wrapped to every plan, code and unit's card that an older one opens."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.cases import keys
from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.rewrapping import rewrapped
from safeconduct.desk.handover import sealed
from safeconduct.desk.handover.models import Handover, ReceivingUnit
from safeconduct.desk.handover.records import Codes, Link, Plan, Record
from safeconduct.desk.operators.rewrapping import Pass, Rewrapper, Step
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary.board import HANDOVER
from safeconduct.vocabulary.secrets import Sealed

Row = TypeVar("Row", Handover, ReceivingUnit)


def _count_plans(team: str) -> int:
    kept = Handover.objects.exclude(plan=None, link=None)
    return kept.count() if team == HANDOVER else 0


def _count_cards(team: str) -> int:
    return ReceivingUnit.objects.count() if team == HANDOVER else 0


def _step_plans(way: Pass, after: int, limit: int) -> Step:
    rows = list(Handover.objects.filter(pk__gt=after).select_related("case").order_by("pk")[:limit])
    return _walk(rows, way, after, limit, _rewrap_plan)


def _step_cards(way: Pass, after: int, limit: int) -> Step:
    return _walk(
        list(ReceivingUnit.objects.filter(pk__gt=after).order_by("pk")[:limit]), way, after, limit, _rewrap_card
    )


REWRAPPERS = (
    Rewrapper("handover.plans", _("Plans of handovers"), _count_plans, _step_plans),
    Rewrapper("handover.cards", _("Cards of receiving units"), _count_cards, _step_cards),
)


def _walk(rows: list[Row], way: Pass, after: int, limit: int, one: Callable[[Row, Pass], bool]) -> Step:
    closed = 0
    for looked, row in enumerate(rows if way.team == HANDOVER else ()):
        try:
            is_kept = one(row, way)
        except CaseGone:  # erased a moment ago
            continue
        except SealingError:  # altered: it opens for nobody, and stays as it is
            closed += 1
            continue
        if not is_kept:  # somebody wrote it in this moment: the next step looks again
            return Step(after, looked, closed, is_end=False)
        after = row.pk
    return Step(rows[-1].pk if rows else after, len(rows), closed, is_end=len(rows) < limit)


def _rewrap_plan(row: Handover, way: Pass) -> bool:
    if row.case is None:
        return True
    desk, changes = keys.of_this_desk(), {}
    kinds: tuple[tuple[str, type[Record]], ...] = (("plan", Plan), ("codes", Codes), ("link", Link))
    for field, kind in kinds:
        kept = getattr(row, field)
        if kept is None:
            continue
        whole = sealed.whole(desk, row.case, row.number, kept, kind)
        changed = rewrapped(whole, way)
        if changed is not whole:
            changes[field] = sealed.reclose(desk, row.case, row.number, changed, kind)
    mine = Handover.objects.filter(pk=row.pk, plan=row.plan, codes=row.codes, link=row.link)
    return not changes or bool(mine.update(**changes))


def _rewrap_card(row: ReceivingUnit, way: Pass) -> bool:
    whole = sealing.parse(Sealed(row.card))
    changed = rewrapped(whole, way)
    if changed is whole:
        return True
    return bool(ReceivingUnit.objects.filter(pk=row.pk, card=row.card).update(card=sealing.serialise(changed)))
