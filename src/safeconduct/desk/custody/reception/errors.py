# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What reception refuses, each with its sentence for whoever is at the page.

ReceptionError
├── TwiceOnSheet       a number stands twice on one sheet
├── NumberMissing      details without a number
├── NeverTaken         identity documents and the like stay with the person (art. 18)
├── OrderMissing       money and valuables are taken by an officer's order and a register's entry
├── ArticleMissing     a receipt says what was taken, and money how much
├── BeforeTaken        nothing is signed for, or given back, before it was taken
├── ReceiptGone        no such receipt, or it has gone this way already
├── NotDied            what is kept of who lives goes back to them
├── OtherReceipts      the receipts are not those that the page showed
└── StillOpen          a receipt that was given back, or handed over, is not struck
"""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError


class ReceptionError(CustodyError):
    """Base of all errors of this room."""


class TwiceOnSheet(ReceptionError):
    sentence = _("This number stands twice on the sheet. Two persons never have one number.")


class NumberMissing(ReceptionError):
    sentence = _("Details without a number. Enter the number on the person's papers.")


class NeverTaken(ReceptionError):
    sentence = _(
        "Identity documents, badges of rank, decorations, helmets and gas masks are never taken away: they stay with the person."
    )


class OrderMissing(ReceptionError):
    sentence = _("Money and valuables are taken only by order of an officer, and entered in the register. Enter both.")


class ArticleMissing(ReceptionError):
    sentence = _("Say of each article what it is and of which kind; of money, how much.")


class ReceiptGone(ReceptionError):
    sentence = _("There is no such receipt, or this was done already.")


class BeforeTaken(ReceptionError):
    sentence = _("On that day it had not been taken yet. Enter the day on which it was handed over.")


class StillOpen(ReceptionError):
    sentence = _("This receipt was handed over or given back: it stays.")


class OtherReceipts(ReceptionError):
    sentence = _(
        "A colleague has entered or changed a receipt since you opened this page. They are shown as they are now: compare, "
        "then send it again."
    )


class NotDied(ReceptionError):
    sentence = _(
        "On that day the register has this person alive. What was taken goes to the Bureau only after a death; correct the day, "
        "or enter the death first."
    )
