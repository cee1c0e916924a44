# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49), and the alerts that it raises itself."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators import roles

LATE = "clock.late"
DOUBTFUL = "clock.doubtful"
TRANSPORT = "alerts.transport"
SETTINGS = "alerts.settings"

ACTS = (
    Act("alerts.raised", _("raised an alert")),
    Act("alerts.acknowledged", _("took an alert")),
    Act("alerts.escalated", _("asked the next, because nobody had taken an alert")),
)
_HEALTH = roles.ACTS["desk.health"]
KINDS = (
    Kind(
        LATE,
        _("Something that the desk does by itself is late. The administrator sees what, under Health."),
        lasts=True,
        asks=_HEALTH,
    ),
    Kind(
        DOUBTFUL,
        _(
            "The machine's clock cannot be believed: nothing is sent or destroyed by it until the administrator has looked."
        ),
        lasts=True,
        asks=_HEALTH,
    ),
    Kind(
        TRANSPORT,
        _("Alert messages do not get through. The administrator sees where, under Health."),
        lasts=True,
        asks=_HEALTH,
    ),
    Kind(
        SETTINGS,
        _("The settings of the alerts (alerts.toml) cannot be used: no message goes out."),
        lasts=True,
        asks=_HEALTH,
    ),
)
