# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is the day on which the fighting ended."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("hostilities.proposed", _("proposed that the fighting has ended")),
    Act("hostilities.ended", _("confirmed that the fighting has ended")),
    Act("hostilities.doubted", _("proposed to take back that the fighting has ended")),
    Act("hostilities.taken_back", _("took back that the fighting has ended")),
    Act("hostilities.denied", _("was refused to decide on the end of the fighting")),
)
