# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of events, camps and refusals on custody's pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safeconduct.desk.custody.duties import Event
from safeconduct.desk.custody.errors import (
    BirthEitherWay,
    CampClosed,
    CampOpen,
    CampTaken,
    CustodyError,
    DayRefused,
    FieldRefused,
    KindKept,
    LanguageNeeded,
    LastArrival,
    MovesBySide,
    MovesRest,
    NobodyReads,
    NoCommander,
    NoSuchCamp,
    NoSuchPerson,
    NotYours,
    NumberRefused,
    NumberTaken,
    StillHeld,
    UnknownNumbers,
)
from safeconduct.vocabulary.custody import CampEvent, CampKind, Category, Need, PersonEvent, Precision
from safeconduct.vocabulary.reception import RetainedPersonnel

P, C = PersonEvent, CampEvent

EVENTS: dict[Event, str | Promise] = {
    P.REGISTERED: _("registered"),
    P.RENUMBERED: _("number corrected"),
    P.EFFECTS_TAKEN: _("effects taken"),
    P.EFFECTS_RECEIPTED: _("receipt for effects given"),
    P.EFFECTS_DUE_BACK: _("effects to be given back"),
    P.EFFECTS_RETURNED: _("effects given back"),
    P.EFFECTS_DUE_ON: _("effects to be sent to the Bureau"),
    P.EFFECTS_SENT_ON: _("effects sent to the Bureau"),
    P.LISTED_FOR_EVACUATION: _("listed for evacuation"),
    P.EVACUATION_CALLED_OFF: _("evacuation called off"),
    P.DEPARTURE_DUE: _("still here on the day that their list names"),
    P.DEPARTED: _("departed"),
    P.ARRIVED: _("arrived"),
    P.QUARTERED: _("given quarters"),
    P.CLOTHED: _("given clothing"),
    P.RIGHTS_READ: _("rights explained"),
    P.CARD_SENT: _("capture card sent"),
    P.CARD_DUE: _("capture card due again"),
    P.BUREAU_NOTIFIED: _("Bureau notified"),
    P.BUREAU_TOLD_HEALTH: _("Bureau told of the state of health"),
    P.INSPECTED: _("medical inspection with weight"),
    P.REVIEW_DUE: _("medical review needed"),
    P.REVIEWED: _("medical review"),
    P.FELL_SICK: _("fell sick"),
    P.TAKEN_TO_HOSPITAL: _("taken to hospital"),
    P.SERIOUSLY_ILL: _("seriously ill"),
    P.NO_LONGER_SERIOUSLY_ILL: _("no longer seriously ill"),
    P.MAIL_OFFERED: _("letter and card forms given"),
    P.MAIL_RECEIVED: _("mail came"),
    P.MAIL_DELIVERED: _("mail handed over"),
    P.PARCEL_RECEIVED: _("parcel came"),
    P.PARCEL_DELIVERED: _("parcel handed over"),
    P.MAIL_SENT_ON: _("mail sent on"),
    P.PARCEL_SENT_ON: _("parcel sent on"),
    P.PARCEL_SHARED: _("parcel shared out among the sick"),
    P.COMPLAINED: _("complaint made"),
    P.COMPLAINT_FORWARDED: _("complaint forwarded"),
    P.ILL_TREATMENT_REPORTED: _("ill-treatment reported"),
    P.ILL_TREATMENT_TAKEN_UP: _("report of ill-treatment taken up"),
    P.MAY_BE_MINOR: _("may be a minor"),
    P.AGE_REVIEWED: _("age reviewed"),
    P.TRANSFER_PLANNED: _("transfer planned"),
    P.TRANSFER_TOLD: _("told of the transfer and the new address"),
    P.TRANSFER_PASSED: _("fit to be transferred, a doctor says"),
    P.TRANSFER_REFUSED: _("not to travel, a doctor says"),
    P.TRANSFER_CALLED_OFF: _("transfer called off"),
    P.TRANSFER_DEPARTED: _("set out on a transfer"),
    P.TRANSFERRED: _("transferred"),
    P.MAIL_REDIRECTED: _("mail sent after them"),
    P.TO_BE_SENT_HOME_SICK: _("to be sent home, seriously sick or wounded"),
    P.FEAR_STATED: _("said that they fear to return"),
    P.RETURN_DECIDED: _("decision on their return"),
    P.SPONTANEOUS_OFFER: _("counsel asked for"),
    P.WISH_TAKEN: _("asked about their wish"),
    P.COUNSEL_SAW: _("spoke with counsel"),
    P.RELEASED: pgettext_lazy("a prisoner", "released"),
    P.REPATRIATED: _("repatriated"),
    P.ESCAPED: _("escaped"),
    P.DIED: _("died"),
    P.DEATH_EXAMINED: _("body examined"),
    P.DEATH_CERTIFIED: _("death certified"),
    P.BURIED: _("buried"),
    P.DEATH_UNEXPLAINED: _("death violent or unexplained"),
    P.INQUIRY_OPENED: _("inquiry opened"),
    C.OPENED: _("camp opened"),
    C.CLOSED: _("camp closed"),
    C.LANGUAGE_PRESENT: _("somebody of a language is here"),
    C.LANGUAGE_GONE: _("nobody of a language is here"),
    C.CONVENTION_POSTED: _("Convention posted"),
    C.ORDERS_POSTED: _("orders posted"),
    C.MORNING_MEAL: _("morning meal"),
    C.MIDDAY_MEAL: _("midday meal"),
    C.EVENING_MEAL: _("evening meal"),
    C.WATER: _("drinking water"),
    C.HYGIENE_INSPECTED: _("hygiene inspected"),
    C.WORSHIP_OFFERED: _("worship offered"),
    C.RECREATION_OFFERED: _("recreation offered"),
    C.ELECTED: _("representatives elected"),
    C.VISIT_ASKED: _("visit asked for"),
    C.VISITED: _("visit made"),
    C.VISIT_REFUSED: _("visit refused"),
    C.VISIT_OWED_AGAIN: _("visit owed again"),
    C.HOSTILITIES_OVER: _("hostilities ended"),
    C.RETURN_PLANNED: _("return planned"),
}
KINDS = {CampKind.TRANSIT: _("transit camp"), CampKind.PERMANENT: _("permanent camp"), CampKind.HOSPITAL: _("hospital")}
CATEGORIES = {Category.OFFICERS: _("officers"), Category.OTHER_RANKS: _("other ranks"), Category.WOMEN: _("women")}
RETAINED = {
    RetainedPersonnel.MEDICAL: _("medical personnel"),
    RetainedPersonnel.CHAPLAIN: _("chaplain"),
}
NEEDS = {
    Need.BED: _("care in bed, day and night"),
    Need.STEP_FREE: _("ways without steps"),
    Need.ISOLATION: _("a room apart for who could infect others"),
    Need.MATERNITY: _("care before and after a birth"),
    Need.MINORS: _("quarters apart for who may be a minor"),
    Need.DIET: _("food for a diet"),
}
PRECISIONS = {Precision.DAY: _("that day"), Precision.MONTH: _("that month"), Precision.YEAR: _("that year")}


_REFUSED: dict[type[CustodyError], str | Promise] = {
    BirthEitherWay: _(
        "This date of birth can be read day first or month first. Ask which, write it so, and keep what was written in brackets: "
        "3 April 1990 (03/04/1990). If nobody can say: 1990 (03/04/1990)."
    ),
    NumberTaken: _("Another person has this number. Compare the papers before you give a new one."),
    NumberRefused: _("A number has 1 to 20 letters of the Latin alphabet, digits and dashes."),
    NoSuchPerson: _("One of these numbers leads to nobody here. Compare it with the papers."),
    CampClosed: _("This camp is closed."),
    CampOpen: _("This camp is open already."),
    NoCommander: _("Choose a camp commander."),
    CampTaken: _("Another camp has this name."),
    NoSuchCamp: _("Choose a camp."),
    KindKept: _("People are held in this camp. Its kind is changed only while nobody is."),
    LastArrival: _(
        "Nothing else says where this person is held. Correct the day, or enter what happened instead: a person is never struck out."
    ),
    MovesBySide: _(
        "This would take the person to another camp without a list. Correct what came after it first, from the last on."
    ),
    MovesRest: _("They were taken in elsewhere after that. If that was wrong, strike it first."),
    LanguageNeeded: _("Choose a language."),
    NobodyReads: _("A team that must read this has no key yet. An administrator knows which."),
    StillHeld: _("Somebody is held in this camp."),
    NotYours: _("Another office enters this."),
}
_DAYS = {
    "ahead": _("This day lies ahead. Only what has happened is entered."),
    "before": _("This is before the person arrived."),
    "died": _("This person had died by that day. If that was wrong, correct the death first."),
    "dead": _(
        "It is entered that this person died here, so they were not set free before. If that was wrong, correct the death first."
    ),
    "moved": _("This person arrived or was transferred after that day. If that was wrong, correct it first."),
    "left": _("This person was not held any more on that day, or left later. If that was wrong, correct it first."),
    "opened": _("The camp opened on that day, or between the two days. A closing stays between the same openings."),
    "reopened": _("The camp was closed on that day or later. If it never was, strike the closing."),
}
MISSING = _("A camp needs a name and a kind.")


class Marked(str):
    """A refusal, and what stands `beside` each field that it is about (`templatetags/marks.py`)."""

    __slots__ = ("beside",)
    beside: Mapping[str, str]


def refused(error: CustodyError) -> str | Promise:
    """What to do about it, for the person at the page. What was typed is not repeated."""
    if isinstance(error, FieldRefused):
        told = Marked(error.sentence)
        told.beside = error.beside
        return told
    if isinstance(error, DayRefused):
        return _DAYS.get(error.why, _("Enter a day."))
    if isinstance(error, UnknownNumbers):
        return error.told
    return error.sentence or _REFUSED.get(type(error), _("This could not be entered."))
