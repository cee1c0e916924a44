# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is a person's number, or a camp and a day."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("reception.sheet", _("read a sheet of arrivals")),
    Act("reception.health", _("wrote down the health on arrival")),
    Act("reception.health_read", _("read the health on arrival")),
    Act("reception.minor", _("said that a person may be a minor")),
    Act("reception.effects_read", _("read what was taken from a prisoner")),
    Act("reception.taken", _("entered what was taken from a prisoner")),
    Act("reception.copy", _("gave a prisoner the receipt for what was taken")),
    Act("reception.back", _("gave a prisoner back what was taken")),
    Act("reception.sent_on", _("sent what was taken from a prisoner to the Bureau")),
    Act("reception.struck", _("struck a receipt for effects")),
    Act("reception.printed", _("printed a receipt for effects")),
)
