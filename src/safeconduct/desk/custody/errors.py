# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What custody refuses.

CustodyError
├── NoSuchPerson     nobody has this number
├── NoSuchCamp       there is no such camp
├── NoSuchEvent      there is no such event of this person, or it was corrected already
├── NumberTaken      another person has this number
├── NumberRefused    a number is 1 to 20 letters, digits and dashes
├── CampTaken        another camp has this name
├── CampClosed       the camp is closed: nobody arrives there
├── DayRefused       `why`: the day cannot be: ahead of today, or before there was anything it could tell of
├── CampOpen         the camp is open already
├── NoCommander      there is no such camp commander
├── KindKept         a camp keeps its kind while people are held in it
├── LastArrival      nothing else says where this person is held
├── MovesBySide      a correction would take somebody to another camp without a list
├── MovesRest        a later move rests on what is to be struck
├── LanguageNeeded   what is posted is posted in a language
├── WrittenMeanwhile a colleague wrote the same page after it was opened
├── NobodyReads      a team that has to read a page has no key yet
├── PaperFailed      the printer took too long or broke; nothing was lost
├── PaperRefused     something on a paper does not fit, or no font has its letters
├── StillHeld        a camp in which somebody is held is not closed
└── NotYours         an office enters only what is its own to say
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CustodyError(Exception):
    """Base of all errors of this package. A room's own say what to do about it."""

    sentence: ClassVar[str | Promise] = ""


class NoSuchPerson(CustodyError):
    pass


class NoSuchCamp(CustodyError):
    pass


class NoSuchEvent(CustodyError):
    pass


class NumberTaken(CustodyError):
    pass


class NumberRefused(CustodyError):
    pass


class CampTaken(CustodyError):
    pass


class CampClosed(CustodyError):
    pass


class CampOpen(CustodyError):
    pass


class NoCommander(CustodyError):
    pass


class DayRefused(CustodyError):
    """`why`: "ahead", "before", "died", "moved", "reopened" or "none"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotYours(CustodyError):
    pass


class KindKept(CustodyError):
    pass


class LastArrival(CustodyError):
    pass


class MovesBySide(CustodyError):
    pass


class MovesRest(CustodyError):
    pass


class LanguageNeeded(CustodyError):
    pass


class WrittenMeanwhile(CustodyError):
    sentence = _("A colleague has written this since you opened the page. Open it again and compare.")


class NobodyReads(CustodyError):
    pass


class StillHeld(CustodyError):
    pass


class PaperRefused(CustodyError):
    pass


class PaperFailed(CustodyError):
    pass
