# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of this room that the register leads to."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.rooms import Group, Link

PERSONS = (
    Link("movements:comrades", "custody.move", _("Comrades"), Group.MOVEMENTS),
    Link("movements:allocate", "custody.move", _("Find a camp"), Group.MOVEMENTS),
)
CAMPS = (
    Link("movements:quarters", "custody.quarters", _("Who lives where"), Group.MOVEMENTS),
    Link("movements:draw-up", "custody.move", _("Draw up a list"), Group.MOVEMENTS),
    Link("movements:allocate-all", "custody.move", _("Find camps"), Group.MOVEMENTS),
)
