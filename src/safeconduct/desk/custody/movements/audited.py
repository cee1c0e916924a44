# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room records (R49), and its alarms. A subject is a list, a number of a person or the name of a camp."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("movements.drawn_up", _("drew up a list of who travels")),
    Act("movements.added", _("put people on a list")),
    Act("movements.struck", _("took a person off a list")),
    Act("movements.told", _("told those on a list where they go")),
    Act("movements.passed", _("said who on a list may travel")),
    Act("movements.refused", _("said who on a list is not to travel")),
    Act("movements.departed", _("let a list depart")),
    Act("movements.arrived", _("let a list arrive")),
    Act("movements.arrived_late", _("entered who arrived later than their list")),
    Act("movements.called_off", _("called a list off")),
    Act("movements.paper", _("printed a list of who travels")),
    Act("movements.proposed", _("had camps proposed")),
    Act("movements.together", _("wrote down who are comrades")),
    Act("movements.parted", _("wrote down that a person agrees to go without their comrades")),
    Act("movements.rejoined", _("wrote down that a person goes with their comrades again")),
)
MISSING = "movements.missing"
STAYED = "movements.stayed"
OVERFLOW = "movements.overflow"
_REGISTRARS = frozenset({Role.REGISTRAR})
KINDS = (
    Kind(MISSING, _("Somebody on a list did not arrive"), "movements:lists", lasts=True, asks=_REGISTRARS),
    Kind(STAYED, _("Somebody on a list did not depart"), "movements:lists", asks=_REGISTRARS),
    Kind(OVERFLOW, _("No camp has a fitting place for somebody"), "movements:allocation", asks=_REGISTRARS),
)
