# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses, each with its sentence for whoever is at the page.

DeathsError
├── NotDead           nobody wrote down that this person died
├── BeforeDeath       nothing of this happens before a death
├── CauseNeeded       an examination says what it found
└── NoInquiryNeeded   an inquiry is opened into a death that is violent or unexplained
"""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError


class DeathsError(CustodyError):
    """Base of all errors of this room."""


class NotDead(DeathsError):
    sentence = _("Enter the day of death first.")


class BeforeDeath(DeathsError):
    sentence = _("This lies before the day of death.")


class CauseNeeded(DeathsError):
    sentence = _("Say what the examination found: natural, violent or unknown.")


class NoInquiryNeeded(DeathsError):
    sentence = _("No violent or unexplained death of this person is entered.")
