# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two people decide here."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.custody.camplife.models import Visit

REFUSAL = "camplife.refusal"


def _page(subject: str) -> str:
    visit = Visit.objects.filter(pk=int(subject)).first() if subject.isdigit() else None
    return reverse("camplife:visit", args=[visit.camp_id, visit.pk]) if visit else ""


KINDS = (Kind(REFUSAL, _("The refusal of a visit"), "custody.visits", "custody.visit_approve", days=3, page=_page),)
