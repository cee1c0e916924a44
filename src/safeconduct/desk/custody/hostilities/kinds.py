# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two people decide here. A subject is the day on which the fighting ended."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals.registry import Kind

ENDED: Final = "hostilities.ended"
TAKEN_BACK: Final = "hostilities.taken_back"
_ACT = "custody.hostilities"


def _page(_day: str) -> str:
    return reverse("hostilities:hostilities")


KINDS = (
    Kind(ENDED, _("That the fighting has ended"), _ACT, _ACT, page=_page),
    Kind(TAKEN_BACK, _("To take back that the fighting has ended"), _ACT, _ACT, page=_page),
)
