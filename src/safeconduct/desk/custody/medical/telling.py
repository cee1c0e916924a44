# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of the medical pages."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.medical.weights import Loss
from safeconduct.vocabulary.medical import Course

WHY = {
    Loss.MONTH: _("5% less than lately"),
    Loss.ARRIVAL: _("10% less than the highest weight here"),
    Loss.THIN: _("body mass index under 18.5"),
}
COURSES = {Course.WORSE: _("worse"), Course.SAME: _("unchanged"), Course.BETTER: _("better")}
