# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is the inquiry's number. Nothing rings: all offices hear an alarm (R45)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("custody.inquiry", _("entered an inquiry")),
    Act("custody.inquiry_read", _("read an inquiry")),
    Act("custody.inquiry_answered", _("answered an inquiry")),
)
