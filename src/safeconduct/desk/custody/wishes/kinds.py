# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two people decide here."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals.registry import Kind

LIST, RETURN = "wishes.list", "wishes.return"


def _list_page(pk: str) -> str:
    return reverse("wishes:list", args=[int(pk)])


def _return_page(number: str) -> str:
    return reverse("wishes:return", args=[number])


# Three days: a confirmation is no older than 72 hours, and a list outlives none.
KINDS = (
    Kind(LIST, _("An exchange list"), "custody.exchange", "custody.exchange", days=3, page=_list_page),
    Kind(RETURN, _("A decision on who fears to return"), "custody.return", "custody.return", page=_return_page),
)
