# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of this room's pages."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import telling as register
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.wishes import counting
from safeconduct.desk.custody.wishes.counting import Fear, Missing, Unlisted
from safeconduct.desk.custody.wishes.errors import ReturnStopped
from safeconduct.desk.custody.wishes.models import ListState
from safeconduct.vocabulary.wishes import Outcome, WayHome, WishKind, WitnessOffice

WISHES: dict[WishKind, str | Promise] = {
    WishKind.UNDECIDED: _("undecided"),
    WishKind.EXCHANGE: _("to be exchanged"),
    WishKind.NO_EXCHANGE: _("not to be exchanged"),
    WishKind.STAY: _("to stay in this country"),
    WishKind.RETURN_AFTER_HOSTILITIES: _("to return after the end of hostilities"),
    WishKind.THIRD_COUNTRY: _("to go to a third country"),
}
OFFICES: dict[WitnessOffice, str | Promise] = {
    WitnessOffice.PROTECTING_POWER: _("Protecting Power"),
    WitnessOffice.RED_CROSS: _("International Committee of the Red Cross"),
    WitnessOffice.OMBUDSMAN: _("Human rights commissioner"),
    WitnessOffice.COUNSEL: _("Independent counsel"),
    WitnessOffice.CHAPLAIN: _("Chaplain"),
}
MISSING: dict[Missing, str | Promise] = {
    Missing.LANGUAGE: _("the person's own language"),
    Missing.SHEET: _("the information sheet"),
    Missing.INTERPRETER: _("the interpreter"),
    Missing.WITNESS: _("the witness"),
    Missing.WITNESS_OFFICE: _("the office of the witness"),
    Missing.WITNESS_APART: _("a witness who is neither the interpreter nor the registrar"),
    Missing.SIGNATURE: _("the signature"),
    Missing.COPY: _("a copy for the person"),
}
APART = {"apart": counting.APART // timedelta(hours=1), "fresh": counting.CONFIRMED_FOR // timedelta(hours=1)}  # hours
UNLISTED: dict[Unlisted, str | Promise] = {
    Unlisted.NO_WISH: _("no valid record says that they wish to be exchanged"),
    Unlisted.DOUBT: _("they said something else last, in an incomplete record"),
    Unlisted.UNCONFIRMED: _(
        "not asked again within the last 72 hours, at least 12 hours after the first time, under the sheet in force"
    ),
    Unlisted.NO_NAME: _("they have not confirmed a name"),
    Unlisted.OTHER_NAME: _("they have confirmed another name since"),
    Unlisted.MOVED: _("no longer held where they were"),
    Unlisted.FEAR: _("they fear to return, or it was decided that they are not returned"),
    Unlisted.STRUCK: _("taken off"),
    Unlisted.LISTED: _("already on a list that is neither handed over nor dropped"),
}
WAYS: dict[WayHome, str | Promise] = {
    WayHome.EXCHANGE: _("by an exchange"),
    WayHome.SICK: _("as seriously sick or wounded, while hostilities last (art. 109)"),
    WayHome.AFTER_HOSTILITIES: _("after the end of hostilities (art. 118)"),
}
FEARS: dict[Fear, str | Promise] = {
    Fear.NONE: _("No fear to return was stated."),
    Fear.OPEN: _("The person fears to return, and nobody has decided on it: they are not returned."),
    Fear.UPHELD: _("It was decided that the person is not returned."),
    Fear.ANSWERED: _("It was decided that the person may be returned."),
}
OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.NOT_RETURNED: _("the person is not returned"),
    Outcome.MAY_RETURN: _("the person may be returned"),
    Outcome.RELEASED_HERE: _("the person is not returned, and is released in this country"),
    Outcome.RELEASED_ELSEWHERE: _("the person is not returned, and is released to a third country"),
}
STATES: dict[ListState, str | Promise] = {
    ListState.BUILT: _("waits for approval"),
    ListState.APPROVED: _("approved"),
    ListState.HANDED_OVER: _("handed over"),
    ListState.DROPPED: _("dropped"),
}


def refused(error: CustodyError) -> str | Promise:
    """What to do about it, for the person at the page."""
    return error.told if isinstance(error, ReturnStopped) else register.refused(error)
