# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses, each with its sentence for whoever is at the page.

CamplifeError
├── NothingTicked    a day's page was sent empty
├── WrongWay         officers' camps have their senior officer; elsewhere the prisoners elect (art. 79)
├── CountsRefused    more votes than were cast, or more cast than there are voters
├── SeniorCounted    nobody votes for a senior officer
├── NobodyElected    an election elects somebody of this camp
├── ElectedAlready   this election is entered, and whom it elected stands
├── EndNeeded        nobody ends a representative's office without a word why
├── AlreadyDecided   somebody has approved or refused them, or they are no representative any more
├── BeforeElection   nothing was decided of somebody before they were elected
├── PowerNotTold     the Protecting Power is told why a representative is refused (art. 79)
├── NoSuchVisit      there is none in this camp
├── LeftBefore       visitors left before they arrived
├── VisitOver        it was made already, or is refused for now
├── ReasonNeeded     a visit is refused for a reason of imperative military necessity, in words (art. 126)
├── TermRefused      a refusal ends, within 14 days (ours)
├── NoRefusal        nobody has asked that this visit be refused, or it changed meanwhile
├── OtherShown       another refusal is asked for than the one that was read
└── NeedsAnother     nobody approves what they asked for themselves
"""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError


class CamplifeError(CustodyError):
    """Base of all errors of this room."""


class NothingTicked(CamplifeError):
    sentence = _("Nothing new was ticked.")


class WrongWay(CamplifeError):
    sentence = _("Where officers are held their senior officer represents the prisoners; where none are, they elect.")


class CountsRefused(CamplifeError):
    sentence = _("The counts cannot be: compare who could vote, votes cast, and votes for each.")


class SeniorCounted(CamplifeError):
    sentence = _("Nobody votes for a senior officer: leave votes and counts empty, or choose the ballot.")


class NobodyElected(CamplifeError):
    sentence = _("Enter the numbers of persons of this camp, each on a line of its own, with their votes.")


class ElectedAlready(CamplifeError):
    sentence = _("An election of this day is entered already. If that one is wrong, say that it did not happen first.")


class EndNeeded(CamplifeError):
    sentence = _("Say why they are a representative no more.")


class AlreadyDecided(CamplifeError):
    sentence = _("This was decided already.")


class BeforeElection(CamplifeError):
    sentence = _("This is before the election.")


class PowerNotTold(CamplifeError):
    sentence = _("Enter the day on which the Protecting Power was told the reason of the refusal.")


class NoSuchVisit(CamplifeError):
    sentence = _("There is no such visit.")


class LeftBefore(CamplifeError):
    sentence = _(
        "By these times the visitors left before they arrived. If they left on a later day, write that day beside the time."
    )


class VisitOver(CamplifeError):
    sentence = _("This visit was made already, or is refused for now.")


class ReasonNeeded(CamplifeError):
    sentence = _("Say which imperative military necessity it is.")


class TermRefused(CamplifeError):
    sentence = _("A refusal ends on a day of the next 14.")


class NoRefusal(CamplifeError):
    sentence = _("Nobody asks that this visit be refused, or it changed meanwhile.")


class OtherShown(CamplifeError):
    sentence = _("Something else is asked for now. Nothing was approved: read it and decide anew.")


class NeedsAnother(CamplifeError):
    sentence = _("Another person has to approve it.")
