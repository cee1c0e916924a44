# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which handover a case's page leads to."""

from safeconduct.desk.cases.models import Case
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import LIVING


def number_of(case: Case) -> str:
    """Of the one that is under way, or nothing."""
    living = Handover.objects.filter(case=case, state__in=[state.value for state in LIVING])
    return living.order_by("-pk").values_list("number", flat=True).first() or ""
