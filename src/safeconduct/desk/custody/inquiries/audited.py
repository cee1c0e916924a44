# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is the inquiry's number. What rings rings at the Bureau alone (R45)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("custody.inquiry", _("entered an inquiry")),
    Act("custody.inquiry_read", _("read an inquiry")),
    Act("custody.inquiry_answered", _("answered an inquiry")),
    Act("custody.inquiries_again", _("compared who is new with inquiries that were answered")),
    Act("custody.inquiry_nobody", _("found nobody new for an inquiry")),
)
LATE, AGAIN = "custody.inquiry_late", "custody.inquiry_again"
_BUREAU = frozenset({Role.BUREAU})
KINDS = (
    Kind(LATE, _("An inquiry waits longer than a week"), "inquiries:inquiries", lasts=True, audience=_BUREAU),
    Kind(
        AGAIN,
        _("An inquiry that was answered may be about somebody who is new: look at it again"),
        "inquiries:inquiries",
        lasts=True,
        audience=_BUREAU,
    ),
)
