# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Convention as one table: what starts a duty, what fulfils it, by when, and who sees that it is owed.

Nothing here computes: `owing.py` turns each row into SQL over the clear events. Terms that the law leaves open ("as soon as
possible", "regularly") are ours and say so. Articles are the Third Geneva Convention's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.vocabulary.custody import LEAVES, CampEvent, Office, PersonEvent

P, C = PersonEvent, CampEvent
Event = PersonEvent | CampEvent

CAMP = frozenset({Office.REGISTRAR, Office.CAMP, Office.MONITOR})
REGISTER = frozenset({Office.REGISTRAR, Office.MONITOR})
CARE = frozenset({Office.MEDICAL, Office.MONITOR})
POST = frozenset({Office.MAIL, Office.REGISTRAR, Office.MONITOR})
TOLD = frozenset({Office.BUREAU, Office.REGISTRAR, Office.MONITOR})
APART = frozenset({Office.COUNSEL, Office.MONITOR})  # R30, R37, R42: not those who may be complained about

DAY, WEEK, MONTH, HALF_YEAR = 1, 7, 31, 183  # days; a calendar month is never longer than 31


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. Days are whole: a duty within 1 is kept on the day itself or on the next.

    Without `again` each start is answered once: by the first fulfilment on its day or later. With `again` it is owed
    so many days after the start and after each fulfilment, until one of `ends`. Of what starts and ends on one day the last
    entered counts. With `alike` start and fulfilment must say the same word in `of` (a language). With `each` one fulfilment
    answers one start that was entered before it and no more: two complaints are forwarded twice. Which one it answers is not known:
    the day of the earliest that can still be open counts, but for `named`, where `of` of a fulfilment is the row of its start. With
    `anew` a fulfilment answers nothing that was entered after it, whatever its day. With `held` a camp owes it while somebody is held there, from the day on which
    the first of them came. `ours`: the law names no term. `promises`: what public texts say that this duty keeps.
    """

    code: str
    articles: str
    sentence: str | Promise
    starts: Sequence[Event]
    fulfils: Sequence[Event]
    within: int
    seen_by: frozenset[Office]
    again: int | None = None
    ends: Sequence[Event] = ()
    alike: bool = False
    each: bool = False
    named: bool = False
    anew: bool = False
    held: bool = False
    ours: bool = False
    rules: str = ""
    promises: Sequence[str] = ()

    @property
    def is_about_a_person(self) -> bool:
        return isinstance(self.starts[0], PersonEvent)


_LEFT = tuple(sorted(LEAVES, key=lambda event: event.value))
_STAYED = (P.TRANSFER_REFUSED, P.TRANSFER_CALLED_OFF, *_LEFT)
_SETS_OUT = (P.DEPARTED, P.TRANSFER_DEPARTED)
_GOES_NOWHERE = (P.EVACUATION_CALLED_OFF, *_STAYED, P.TRANSFERRED)  # to a hospital, say
_ALL_TOLD = (
    P.REGISTERED,
    P.RENUMBERED,
    P.TRANSFERRED,
    P.RELEASED,
    P.REPATRIATED,
    P.ESCAPED,
    P.TAKEN_TO_HOSPITAL,
    P.DIED,
)

TABLE: tuple[Duty, ...] = (
    Duty(
        "effects", "18", _("A receipt for what was taken"), [P.EFFECTS_TAKEN], [P.EFFECTS_RECEIPTED], 0, CAMP,
        each=True, rules="R23", promises=["belongings"],
    ),
    Duty("effects-back", "18, 119", _("What was taken given back to who goes free"), [P.EFFECTS_DUE_BACK], [P.EFFECTS_RETURNED], 0,
         CAMP, anew=True, rules="R23"),
    Duty("effects-on", "122", _("What was taken from who died sent to the Bureau"), [P.EFFECTS_DUE_ON], [P.EFFECTS_SENT_ON], MONTH, TOLD,
         anew=True, ours=True, rules="R23 R36"),
    Duty(
        "evacuation", "19, 20, 46", _("Arrival of who set out"), _SETS_OUT, [P.ARRIVED], 2, CAMP,
        # `anew`, although papers come late: whose departure is entered is where their list begins, and that list takes no arrival
        # before its departure. So what was entered before is how they came there, and their own can always still be entered.
        ends=_LEFT, ours=True, anew=True, rules="R24 R34", promises=["evacuation"],
    ),
    Duty("departure", "19, 20, 46", _("Departure of who is on a list, or an end of that list"), [P.DEPARTURE_DUE],
         (*_SETS_OUT, *_GOES_NOWHERE), 0, REGISTER, ours=True, each=True, rules="R24 R34"),
    Duty("quarters", "25", _("Quarters"), [P.ARRIVED], [P.QUARTERED], 0, CAMP, ends=_LEFT, anew=True, promises=["shelter"]),
    Duty("rights", "17, 41", _("The rights explained in the person's language"), [P.REGISTERED], [P.RIGHTS_READ], DAY, CAMP,
         ends=_LEFT, ours=True, promises=["five-questions"]),
    Duty("morning-meal", "26", _("Morning meal"), [C.OPENED], [C.MORNING_MEAL], DAY, CAMP, DAY, [C.CLOSED], held=True,
         promises=["food"]),
    Duty("midday-meal", "26", _("Midday meal"), [C.OPENED], [C.MIDDAY_MEAL], DAY, CAMP, DAY, [C.CLOSED], held=True),
    Duty("evening-meal", "26", _("Evening meal"), [C.OPENED], [C.EVENING_MEAL], DAY, CAMP, DAY, [C.CLOSED], held=True),
    Duty("water", "26", _("Drinking water"), [C.OPENED], [C.WATER], DAY, CAMP, DAY, [C.CLOSED], held=True),
    Duty("clothing", "27", _("Clothing and footwear"), [P.ARRIVED], [P.CLOTHED], 2, CAMP, ends=_LEFT, ours=True, anew=True),
    Duty(
        "hygiene", "29, 30", _("Inspection of hygiene and care"), [C.OPENED], [C.HYGIENE_INSPECTED], WEEK, CAMP, WEEK, [C.CLOSED],
        held=True, ours=True,
    ),
    Duty(
        "inspection", "31", _("Monthly medical inspection with weight"), [P.ARRIVED], [P.INSPECTED], MONTH, CARE | CAMP, MONTH,
        _LEFT, rules="R28", promises=["medical-care"],
    ),
    Duty("review", "26, 31", _("Medical review after a loss of weight"), [P.REVIEW_DUE], [P.REVIEWED], 3, CARE | CAMP, ends=_LEFT, ours=True,
         anew=True, rules="R28"),
    Duty("worship", "34", _("Worship offered"), [C.OPENED], [C.WORSHIP_OFFERED], WEEK, CAMP, WEEK, [C.CLOSED], held=True, ours=True,
         rules="R32", promises=["faith"]),
    Duty("recreation", "38", _("Recreation offered"), [C.OPENED], [C.RECREATION_OFFERED], WEEK, CAMP, WEEK, [C.CLOSED], held=True,
         ours=True, rules="R32"),
    Duty(
        "convention", "41", _("The Convention posted in the language"), [C.LANGUAGE_PRESENT], [C.CONVENTION_POSTED], DAY, CAMP,
        alike=True, ends=[C.LANGUAGE_GONE], ours=True, rules="R32", promises=["rights-stay"],
    ),
    Duty(
        "orders", "41", _("The camp's orders posted in the language"), [C.LANGUAGE_PRESENT], [C.ORDERS_POSTED], DAY, CAMP,
        alike=True, ends=[C.LANGUAGE_GONE], ours=True, rules="R32",
    ),
    Duty("transfer-told", "48", _("Notice of a transfer with the new address"), [P.TRANSFER_PLANNED], [P.TRANSFER_TOLD], DAY, CAMP,
         ends=_STAYED, anew=True, ours=True, rules="R34"),
    Duty("transfer-health", "47", _("A doctor's word before a transfer"), [P.TRANSFER_PLANNED],
         [P.TRANSFER_PASSED, P.TRANSFER_REFUSED], DAY, CARE | CAMP, ends=_STAYED, anew=True, ours=True, rules="R34"),
    Duty("mail-redirected", "48", _("Mail and parcels sent after who was transferred"), [P.TRANSFERRED], [P.MAIL_REDIRECTED], WEEK,
         POST, ends=_LEFT, ours=True, anew=True, rules="R34"),
    Duty(
        "card", "70", _("Capture card to the family and the Agency"),
        [P.ARRIVED, P.FELL_SICK, P.TAKEN_TO_HOSPITAL, P.TRANSFERRED, P.CARD_DUE], [P.CARD_SENT], WEEK, POST, ends=_LEFT, anew=True,
        rules="R25", promises=["news-home"],
    ),
    Duty("letters", "71", _("Letter and card forms for the month"), [P.ARRIVED], [P.MAIL_OFFERED], MONTH, POST, MONTH, _LEFT,
         rules="R29", promises=["letters"]),
    Duty("mail", "71, 76", _("Mail handed over"), [P.MAIL_RECEIVED], [P.MAIL_DELIVERED, P.MAIL_SENT_ON], 3, POST, ours=True, each=True, rules="R29"),
    Duty("parcels", "72", _("Parcel handed over"), [P.PARCEL_RECEIVED],
         [P.PARCEL_DELIVERED, P.PARCEL_SENT_ON, P.PARCEL_SHARED], 3, POST, ours=True, each=True, rules="R29",
         promises=["parcels"]),
    Duty("complaint", "78", _("Complaint forwarded"), [P.COMPLAINED], [P.COMPLAINT_FORWARDED], 0, APART, each=True, rules="R30",
         promises=["complaints"]),
    Duty(
        "ill-treatment", "13, 130", _("A report of ill-treatment taken up"), [P.ILL_TREATMENT_REPORTED], [P.ILL_TREATMENT_TAKEN_UP],
        DAY, APART, ours=True, each=True, rules="R37", promises=["humane-treatment", "honour"],
    ),
    Duty("election", "79", _("Election of the prisoners' representatives"), [C.OPENED], [C.ELECTED], HALF_YEAR, CAMP, HALF_YEAR,
         [C.CLOSED], held=True, rules="R31"),
    Duty("minor", "16, AP I 77", _("Review of who may be a minor"), [P.MAY_BE_MINOR], [P.AGE_REVIEWED], DAY, CAMP, ends=_LEFT, ours=True,
         anew=True, rules="R13", promises=["equal-treatment"]),
    Duty("bureau", "122", _("Notification to the Bureau"), _ALL_TOLD, [P.BUREAU_NOTIFIED], DAY, TOLD, ours=True,
         each=True, named=True, rules="R26 R27", promises=["no-manner-of-capture"]),
    Duty(
        "seriously-ill", "122", _("Weekly word on who is seriously ill"), [P.SERIOUSLY_ILL], [P.BUREAU_TOLD_HEALTH], WEEK, TOLD,
        WEEK, [P.NO_LONGER_SERIOUSLY_ILL, *_LEFT], rules="R27",
    ),
    Duty("visit", "126", _("A visit that was asked for"), [C.VISIT_ASKED, C.VISIT_OWED_AGAIN], [C.VISITED, C.VISIT_REFUSED], WEEK, CAMP, alike=True, ours=True,
         rules="R35", promises=["visits"]),
    Duty("death-examined", "120", _("Medical examination of a body"), [P.DIED], [P.DEATH_EXAMINED], DAY, CARE | CAMP, ours=True,
         rules="R36"),
    Duty("death-certified", "120", _("Certificate of death"), [P.DIED], [P.DEATH_CERTIFIED], 2, CARE | TOLD, ours=True, rules="R36"),
    Duty("burial", "120", _("Burial with honour, and a marked grave"), [P.DIED], [P.BURIED], WEEK, CAMP, ours=True, rules="R36"),
    Duty("inquiry", "121", _("Inquiry into a death"), [P.DEATH_UNEXPLAINED], [P.INQUIRY_OPENED], 0, APART | REGISTER, rules="R36"),
    Duty(
        "home-sick", "109, 110", _("Return of who is seriously sick or wounded, if they wish it"), [P.TO_BE_SENT_HOME_SICK],
        # Being asked is all that stands in clear of a wish or a refusal (art. 109(3), R43): who is still here is asked again. A decision
        # on their return is none of it: who may return is still here (R41).
        [P.WISH_TAKEN], MONTH, REGISTER, MONTH, _LEFT, ours=True, rules="R41 R43", promises=["sick-and-wounded"],
    ),
    Duty("fear", "118", _("A decision by itself on who fears to return"), [P.FEAR_STATED], [P.RETURN_DECIDED], MONTH,
         APART | REGISTER, ends=_LEFT, ours=True, anew=True, rules="R41"),
    Duty("counsel", "7, 130", _("Independent counsel for who spoke of serving"), [P.SPONTANEOUS_OFFER], [P.COUNSEL_SAW], 3, APART,
         ends=_LEFT, ours=True, anew=True, rules="R42", promises=["no-service"]),
    Duty("return", "118", _("A plan for release and return after the fighting"), [C.HOSTILITIES_OVER], [C.RETURN_PLANNED], MONTH,
         REGISTER, ours=True, promises=["return"]),
)  # fmt: skip

# What a public text promises and no day can be named for: kept by what the register does not have, or by other law.
KEPT_BY_ABSENCE = {
    "no-attack": _("Binds those in the field; the receiving unit confirms that its troops hold fire (R19)."),
    "work": _("The register has no place for military or dangerous work."),
    "no-publicity": _(
        "Nothing here is published: no page, list or export leaves but to whom the Convention names (R44)."
    ),
}
BY_CODE = {duty.code: duty for duty in TABLE}
