# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded themselves."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("audit.read", _("read the record")),
    Act("audit.exported", _("exported the record or a checkpoint")),
    Act("audit.countersigned", _("entered a countersigned checkpoint")),
)
