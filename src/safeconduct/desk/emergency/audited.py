# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49, R51)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("emergency.locked", _("locked the desk for everybody")),
    Act("emergency.locked_drill", _("drilled locking the desk for everybody")),
    Act("emergency.lifted", _("opened the desk again for everybody")),
    Act("emergency.destroyed", _("destroyed the keys")),
    Act("emergency.destroyed_drill", _("drilled destroying the keys")),
)
