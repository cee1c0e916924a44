# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of the pages on deaths."""

from django.utils.translation import gettext_lazy as _

from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import Manner

MANNERS = {
    Manner.NATURAL: _("natural: an illness or age, and nobody’s doing"),
    Manner.VIOLENT: _("violent: caused or suspected to have been caused by somebody"),
    Manner.UNKNOWN: _("unknown"),
}
DAYS = {
    PersonEvent.DIED: _("Day of death"),
    PersonEvent.DEATH_CERTIFIED: _("Certified on"),
    PersonEvent.BURIED: _("Buried on"),
    PersonEvent.INQUIRY_OPENED: _("Inquiry opened on"),
}
