# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("custody.searched", _("searched for a person, and opened these")),
    Act("custody.names_indexed", _("made the tokens by which names are found")),
)
