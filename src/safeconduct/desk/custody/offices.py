# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which office says what. An event that stands in no line cannot be entered by hand: an act of its own makes it."""

from collections.abc import Iterable

from safeconduct.desk.custody.duties import Event
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, Office, PersonEvent

P, C = PersonEvent, CampEvent

_ENTERS: dict[Office, tuple[Event, ...]] = {
    Office.REGISTRAR: (
        P.DEPARTED, P.ARRIVED, P.RIGHTS_READ, P.CARD_SENT,
        P.TRANSFER_TOLD, P.TRANSFERRED, P.RELEASED, P.REPATRIATED, P.ESCAPED, P.DIED, P.DEATH_CERTIFIED,
        P.BURIED, P.INQUIRY_OPENED, P.MAY_BE_MINOR, P.AGE_REVIEWED, P.FEAR_STATED,
        P.SPONTANEOUS_OFFER, C.RETURN_PLANNED, C.CLOSED, C.LANGUAGE_PRESENT, C.LANGUAGE_GONE,
    ),
    Office.CAMP: (
        P.QUARTERED, P.CLOTHED, P.RIGHTS_READ,
        C.LANGUAGE_PRESENT, C.CONVENTION_POSTED, C.ORDERS_POSTED,
        C.MORNING_MEAL, C.MIDDAY_MEAL, C.EVENING_MEAL, C.WATER, C.HYGIENE_INSPECTED, C.WORSHIP_OFFERED, C.RECREATION_OFFERED,
    ),
    Office.MEDICAL: (
        P.REVIEWED, P.FELL_SICK, P.TAKEN_TO_HOSPITAL, P.SERIOUSLY_ILL, P.NO_LONGER_SERIOUSLY_ILL,
        P.TRANSFER_PASSED, P.TRANSFER_REFUSED, P.TO_BE_SENT_HOME_SICK, P.DEATH_CERTIFIED,
        P.MAY_BE_MINOR,
    ),
    Office.MAIL: (
        P.MAIL_OFFERED, P.MAIL_REDIRECTED, P.CARD_SENT,  # what comes and is handed over stands in the ledger
    ),
    Office.BUREAU: (P.BUREAU_TOLD_HEALTH,),  # that it was notified, its own acknowledgement says
    Office.COUNSEL: (
        P.COUNSEL_SAW, P.ILL_TREATMENT_TAKEN_UP, P.COMPLAINT_FORWARDED, P.ILL_TREATMENT_REPORTED, P.COMPLAINED, P.SPONTANEOUS_OFFER,
        P.FEAR_STATED,
    ),
    Office.MONITOR: (),
}  # fmt: skip


# Said against somebody, or of a wish that binds nobody (R30, R37, R42): all may write it down, in rooms that seal the words, and
# only these see or correct that it happened.
GUARDED: frozenset[Event] = frozenset(
    {
        P.COMPLAINED, P.COMPLAINT_FORWARDED, P.ILL_TREATMENT_REPORTED, P.ILL_TREATMENT_TAKEN_UP,
        P.SPONTANEOUS_OFFER, P.COUNSEL_SAW,
    }
)  # fmt: skip
# Entered on pages of their own, never by hand; that it never happened, or on another day, the same office says (R23). Who is to travel
# stands on a list that names a day: of a word alone nobody would hear that they never left (R24, R34).
_OF_PAGES: dict[Office, frozenset[Event]] = {
    Office.REGISTRAR: frozenset(
        {P.EFFECTS_RECEIPTED, P.EFFECTS_RETURNED, P.EFFECTS_SENT_ON, P.LISTED_FOR_EVACUATION, P.TRANSFER_PLANNED}
    )
}
# What keeps somebody from being sent back is not struck by those who send (R41), nor that somebody may be a minor: a review ends
# it (R13).
_KEPT: frozenset[Event] = frozenset({P.FEAR_STATED, P.MAY_BE_MINOR})
# That people of a language are in a camp, and are no more, ends with whoever answers for the register, not for the camp (art. 41).
_REGISTERED: frozenset[Event] = frozenset({C.LANGUAGE_PRESENT})
# Why somebody is not sent back is known to those who decide it and those who watch that it is decided (R43).
_OF_RETURN: frozenset[Event] = frozenset({P.FEAR_STATED, P.RETURN_DECIDED})
_GUARDS = frozenset({Office.COUNSEL, Office.MONITOR})


def office_of(role: Role) -> Office | None:
    """None for who has none, such as an administrator."""
    return next((office for office in Office if office.value == role.value), None)


def entered_by(role: Role) -> tuple[Event, ...]:
    """What a person of this role may say has happened."""
    office = office_of(role)
    return _ENTERS[office] if office else ()


def corrected_by(role: Role) -> frozenset[Event]:
    """What a person of this role may strike or date anew."""
    office = office_of(role)
    kept = _REGISTERED if office is Office.CAMP else frozenset()
    theirs = frozenset(entered_by(role)) | (_OF_PAGES.get(office, frozenset()) if office else frozenset())
    return theirs - kept - (frozenset() if office in _GUARDS else GUARDED | _KEPT)


def hidden_from(role: Role) -> frozenset[Event]:
    """What stands on no page of this role."""
    office = office_of(role)
    if office in _GUARDS:
        return frozenset()
    return GUARDED if office is Office.REGISTRAR else GUARDED | _OF_RETURN


def of_persons(events: Iterable[Event]) -> list[PersonEvent]:
    return [event for event in events if isinstance(event, PersonEvent)]


def of_camps(events: Iterable[Event]) -> list[CampEvent]:
    return [event for event in events if isinstance(event, CampEvent)]
