# SPDX-License-Identifier: AGPL-3.0-or-later
"""The register's words: what happens to a prisoner of war and in a camp. The strings are stored, in clear, and never change.

Nothing here can say how a person came (R20). An event tells that something happened and on which day; what was found,
said or wished is sealed elsewhere.
"""

from enum import Enum


class Office(Enum):
    """Who works in custody (R20: nobody of the line is one of them)."""

    REGISTRAR = "registrar"
    MEDICAL = "medical"
    CAMP = "camp-commander"
    MAIL = "mail-office"
    BUREAU = "bureau"
    COUNSEL = "counsel"
    MONITOR = "monitor"


class Precision(Enum):
    """How much of a day that something happened on is known. The date kept is the first that it can have been."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class PersonEvent(Enum):
    """What happens to one person."""

    REGISTERED = "registered"
    RENUMBERED = "number.corrected"
    EFFECTS_TAKEN = "effects.taken"
    EFFECTS_RECEIPTED = "effects.receipted"
    EFFECTS_DUE_BACK = "effects.due_back"
    EFFECTS_RETURNED = "effects.returned"
    EFFECTS_DUE_ON = "effects.due_on"  # of who died: the Bureau has them next
    EFFECTS_SENT_ON = "effects.sent_on"
    LISTED_FOR_EVACUATION = "evacuation.listed"
    EVACUATION_CALLED_OFF = "evacuation.called_off"
    DEPARTURE_DUE = "departure.due"  # the day that their list names came, and they were still there
    DEPARTED = "evacuation.departed"
    ARRIVED = "arrived"
    QUARTERED = "quarters.given"
    CLOTHED = "clothing.given"
    RIGHTS_READ = "rights.explained"
    CARD_SENT = "card.sent"
    CARD_DUE = "card.due_again"  # for another reason than that they came, moved or fell sick
    BUREAU_NOTIFIED = "bureau.notified"
    BUREAU_TOLD_HEALTH = "bureau.health_told"
    INSPECTED = "medical.inspected"
    REVIEW_DUE = "medical.review_due"
    REVIEWED = "medical.reviewed"
    FELL_SICK = "sickness.began"
    TAKEN_TO_HOSPITAL = "hospital.entered"
    SERIOUSLY_ILL = "illness.serious"
    NO_LONGER_SERIOUSLY_ILL = "illness.over"
    MAIL_OFFERED = "mail.offered"
    MAIL_RECEIVED = "mail.received"
    MAIL_DELIVERED = "mail.delivered"
    PARCEL_RECEIVED = "parcel.received"
    PARCEL_DELIVERED = "parcel.delivered"
    MAIL_SENT_ON = "mail.sent_on"  # for good, after who is not held any more; a redirected piece is yet to be given
    PARCEL_SENT_ON = "parcel.sent_on"
    PARCEL_SHARED = "parcel.shared"
    COMPLAINED = "complaint.made"
    COMPLAINT_FORWARDED = "complaint.forwarded"
    ILL_TREATMENT_REPORTED = "ill_treatment.reported"
    ILL_TREATMENT_TAKEN_UP = "ill_treatment.taken_up"
    MAY_BE_MINOR = "minor.suspected"
    AGE_REVIEWED = "minor.reviewed"
    TRANSFER_PLANNED = "transfer.planned"
    TRANSFER_TOLD = "transfer.told"
    TRANSFER_PASSED = "transfer.passed_by_medical"
    TRANSFER_REFUSED = "transfer.refused_by_medical"
    TRANSFER_CALLED_OFF = "transfer.called_off"
    TRANSFER_DEPARTED = "transfer.departed"
    TRANSFERRED = "transferred"
    MAIL_REDIRECTED = "mail.redirected"
    TO_BE_SENT_HOME_SICK = "repatriation.medical"
    FEAR_STATED = "return.feared"
    RETURN_DECIDED = "return.decided"
    SPONTANEOUS_OFFER = "counsel.asked"
    WISH_TAKEN = "wish.taken"  # taken, revised or said again: one word for all, so that it tells nothing (R43)
    COUNSEL_SAW = "counsel.saw"
    RELEASED = "released"
    REPATRIATED = "repatriated"
    ESCAPED = "escaped"
    DIED = "died"
    DEATH_EXAMINED = "death.examined"
    DEATH_CERTIFIED = "death.certified"
    BURIED = "death.buried"
    DEATH_UNEXPLAINED = "death.unexplained"
    INQUIRY_OPENED = "death.inquiry"


class CampEvent(Enum):
    """What happens in a camp. `of` of such an event is a language or the like, where the table of duties says so."""

    OPENED = "camp.opened"
    CLOSED = "camp.closed"
    LANGUAGE_PRESENT = "language.present"
    LANGUAGE_GONE = "language.gone"
    CONVENTION_POSTED = "convention.posted"
    ORDERS_POSTED = "orders.posted"
    MORNING_MEAL = "meal.morning"
    MIDDAY_MEAL = "meal.midday"
    EVENING_MEAL = "meal.evening"
    WATER = "water"
    HYGIENE_INSPECTED = "hygiene.inspected"
    WORSHIP_OFFERED = "worship.offered"
    RECREATION_OFFERED = "recreation.offered"
    ELECTED = "representatives.elected"
    VISIT_ASKED = "visit.asked"
    VISITED = "visit.made"
    VISIT_REFUSED = "visit.refused"
    VISIT_OWED_AGAIN = "visit.owed_again"  # the refusal had an end
    HOSTILITIES_OVER = "hostilities.over"
    RETURN_PLANNED = "return.planned"


# After these the register owes a person no daily care: they are no longer in the hands of the power that holds them.
LEAVES = frozenset({PersonEvent.RELEASED, PersonEvent.REPATRIATED, PersonEvent.ESCAPED, PersonEvent.DIED})


class CampKind(Enum):
    """Evacuation leads to a transit camp; people live in a permanent one (art. 20, 24)."""

    TRANSIT = "transit"
    PERMANENT = "permanent"
    HOSPITAL = "hospital"


class Category(Enum):
    """Whose quarters they are (arts. 25, 43 to 45). Women live apart, whatever their rank."""

    OFFICERS = "officers"
    OTHER_RANKS = "other-ranks"
    WOMEN = "women"


class Need(Enum):
    """What a camp can do for who needs it. Of a person it stands nowhere in clear: it is told when a camp is looked for."""

    BED = "bed"
    STEP_FREE = "step-free"
    ISOLATION = "isolation"
    MATERNITY = "maternity"
    MINORS = "minors"
    DIET = "diet"
