# SPDX-License-Identifier: AGPL-3.0-or-later
"""What needs two people here."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals.registry import Kind

LIFT, DESTROY, DRILL = "emergency.lift", "emergency.destroy", "emergency.destroy-drill"
DESK = "desk"  # the subject: there is one


def _page(subject: str) -> str:
    del subject
    return reverse("emergency:page")


KINDS = (
    Kind(LIFT, _("Open the desk again for everybody"), "emergency.lift", "emergency.lift", days=1, page=_page),
    Kind(DESTROY, _("Destroy the keys"), "emergency.destroy", "emergency.destroy", days=1, page=_page),
    Kind(DRILL, _("Drill destroying the keys"), "emergency.destroy", "emergency.destroy", days=1, page=_page),
)
