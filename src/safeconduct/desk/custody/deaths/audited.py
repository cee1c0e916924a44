# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is a person's number; what was found is in no record."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("deaths.read", _("read what is written of a death")),
    Act("deaths.written", _("wrote down a death")),
    Act("deaths.examined", _("entered the examination of a body")),
    Act("deaths.printed", _("printed a record of a death")),
)
UNEXPLAINED = "deaths.unexplained"
# Whoever held the person does not take it away (art. 121); counsel and the monitor see that it is opened.
_INQUIRE = frozenset({Role.REGISTRAR, Role.MONITOR, Role.COUNSEL})
KINDS = (
    Kind(
        UNEXPLAINED,
        _("A death needs an inquiry that nobody has opened"),
        "deaths:index",
        lasts=True,
        audience=_INQUIRE,
    ),
)
