# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). What is said is recorded nowhere."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ANSWERED = "telephone.answered"
ACTS = (Act(ANSWERED, _("answered a call")),)
