# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of the pages of a camp's life."""

from django.utils.translation import gettext_lazy as _

from safeconduct.vocabulary.camplife import Body, Ended, Way

BODIES = {
    Body.PROTECTING_POWER: _("Protecting Power"),
    Body.RED_CROSS: _("International Committee of the Red Cross"),
    Body.OTHER: _("another society or body"),
}
WAYS = {Way.BALLOT: _("elected by secret ballot"), Way.SENIOR: _("senior officer")}
ENDED = {
    Ended.GAVE_UP: _("they gave it up themselves"),
    Ended.VOTED_OUT: _("the prisoners want another one"),
    Ended.UNABLE: _("they are not able to, or not here"),
    Ended.OTHER: _("another reason"),
}
