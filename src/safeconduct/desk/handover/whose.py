# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which other handovers are under way for the same person, or for whoever goes with them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from safeconduct.desk.cases import bound
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import LIVING

_LIVING = sorted(one.value for one in LIVING)


def of_person(case: Case) -> Handover | None:
    """The handover under way in another conversation of this person."""
    return _living(bound.joined({case.pk}) - {case.pk}).first()


def beside(hand: Hand, case: Case) -> list[str]:
    """The numbers of the handovers under way in the person's other conversations, or for anybody of their unit."""
    theirs = bound.joined({case.pk, *bound.companions(hand, case)}) - {case.pk}
    return list(_living(theirs).values_list("number", flat=True))


def _living(pks: Iterable[int]) -> QuerySet[Handover]:
    return Handover.objects.filter(case__in=pks, state__in=_LIVING)
