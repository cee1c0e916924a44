# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two people decide here."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.handover import links
from safeconduct.desk.handover.acts import KIND


def _page(number: str) -> str:
    return reverse("handover:handover", args=[number])


def _link(number: str) -> str:
    return reverse("handover:link", args=[number])


# Three days: a plan whose window lies further ahead is looked at again.
KINDS = (
    Kind(KIND, _("The plan of a handover"), "handover.plan", "handover.approve", days=3, page=_page),
    Kind(links.SEAL, _("A link to custody, to be sealed"), "handover.link", "handover.link", days=3, page=_link),
    Kind(links.OPEN, _("A link to custody, to be opened"), "handover.link", "handover.link", days=3, page=_link),
)
