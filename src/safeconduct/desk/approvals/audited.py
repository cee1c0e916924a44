# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("approvals.proposed", _("proposed what needs two people")),
    Act("approvals.approved", _("approved what a colleague proposed")),
    Act("approvals.refused", _("refused what a colleague proposed")),
    Act("approvals.withdrawn", _("withdrew a proposal")),
    Act("approvals.spent", _("used an approval")),
    Act("approvals.superseded", _("voided a proposal whose content had changed")),
    Act("approvals.denied", _("was not let propose, approve, refuse or withdraw")),
)
