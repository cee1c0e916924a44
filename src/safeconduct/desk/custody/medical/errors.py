# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses, each with its sentence for whoever is at the page.

MedicalError
├── NotWeighed        an inspection has a weight, and one that a person can have
├── HeightRefused     no person is so tall
├── InspectedThatDay  one inspection a day; another weight of that day is a correction
├── NoSuchInspection  there is none (any more)
├── NoTransfer        nobody plans to transfer this person
├── WordsNeeded       a word for the Bureau, or against a transfer, says why
├── NobodyEntered     a page for many was sent empty
└── RowsRefused       `why`: of some people on that page, the reason; nothing of it was entered
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError


class MedicalError(CustodyError):
    """Base of all errors of this room."""


class NotWeighed(MedicalError):
    sentence = _("Enter a weight in kilograms, such as 72.4, between 20 and 300.")


class HeightRefused(MedicalError):
    sentence = _("Enter a height in centimetres, between 100 and 250.")


class InspectedThatDay(MedicalError):
    sentence = _("This person was inspected on that day already. Correct that inspection on their sheet.")


class NoSuchInspection(MedicalError):
    sentence = _("There is no such inspection any more.")


class NoTransfer(MedicalError):
    sentence = _("No transfer of this person is planned.")


class WordsNeeded(MedicalError):
    sentence = _("Say it in words.")


class NobodyEntered(MedicalError):
    sentence = _("Nobody’s weight was entered.")


class RowsRefused(MedicalError):
    sentence = _("Nothing was entered yet. Mend what is marked and send the page again.")

    def __init__(self, why: Mapping[str, CustodyError]) -> None:
        super().__init__()
        self.why = why
