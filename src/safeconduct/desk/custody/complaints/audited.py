# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). The subject is a complaint's number, never whose it is."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("complaints.sealed", _("wrote down a complaint")),
    Act("complaints.read", _("read a complaint")),
    Act("complaints.printed", _("printed a complaint")),
    Act("complaints.forwarded", _("forwarded a complaint")),
    Act("complaints.taken_up", _("took up a report of ill-treatment")),
    Act("complaints.answered", _("answered a complaint")),
)

SAID, ILL_TREATMENT, LATE = "complaints.said", "complaints.ill", "complaints.late"
_APART = frozenset({Role.COUNSEL, Role.MONITOR})
KINDS = (
    Kind(ILL_TREATMENT, _("Ill-treatment was reported: take it up"), "complaints:list", audience=_APART),
    Kind(SAID, _("A complaint came: forward it today"), "complaints:list", audience=_APART),
    Kind(LATE, _("A complaint waits longer than it may"), "complaints:list", lasts=True, audience=_APART),
)
