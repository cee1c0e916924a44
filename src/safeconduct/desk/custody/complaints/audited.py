# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). The subject is a complaint's number, never whose it is."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("complaints.sealed", _("wrote down a complaint")),
    Act("complaints.read", _("read a complaint")),
    Act("complaints.printed", _("printed a complaint")),
    Act("complaints.forwarded", _("forwarded a complaint")),
    Act("complaints.taken_up", _("took up a report of ill-treatment")),
    Act("complaints.answered", _("answered a complaint")),
)
