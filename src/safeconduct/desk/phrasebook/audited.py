# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49), and what needs two people (R12)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.audit.registry import Act

VERSION = "phrasebook.version"

ACTS = (
    Act("phrasebook.proposed", _("proposed wordings of the phrasebook")),
    Act("phrasebook.approved", _("put approved wordings of the phrasebook into use")),
)


def _page(subject: str) -> str:
    return reverse("phrasebook:draft", kwargs={"subject": subject})


KINDS = (
    Kind(
        VERSION,
        _("New wordings of the phrasebook"),
        proposes="phrasebook.write",
        approves="phrasebook.approve",
        days=30,
        page=_page,
    ),
)
