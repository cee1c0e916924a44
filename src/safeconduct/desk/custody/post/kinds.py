# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of the post. The strings are stored."""

from enum import Enum

from safeconduct.vocabulary.custody import PersonEvent


class Kind(Enum):
    LETTER = "letter"
    CARD = "card"
    PARCEL = "parcel"


class Way(Enum):
    """`IN` came for the person, `OUT` was handed in by them."""

    IN = "in"
    OUT = "out"


class Before(Enum):
    """Before whom a parcel was opened (art. 76)."""

    PERSON = "person"
    REPRESENTATIVE = "representative"


class Outcome(Enum):
    """How a piece's way ended. There is no other: nothing is withheld (arts. 71, 72)."""

    HANDED_OVER = "given"
    SENT = "sent"
    SHARED = "shared"  # among the sick, when the person wished it or is not held any more
    SENT_ON = "sent-on"  # after who is not held any more


class Sheet(Enum):
    """What one page of many lines is about."""

    CAME = "came"
    HANDED_IN = "handed-in"
    FORMS = "forms"


class Deed(Enum):
    """What is done with many pieces on one page."""

    DONE = "done"
    CENSORED = "censored"
    REDIRECTED = "redirected"
    SHARED = "shared"


class Entry(Enum):
    """What was entered of a piece and may have been an error."""

    CAME = "came"
    CENSORED = "censored"
    DONE = "done"


CAME = {
    Kind.LETTER: PersonEvent.MAIL_RECEIVED,
    Kind.CARD: PersonEvent.MAIL_RECEIVED,
    Kind.PARCEL: PersonEvent.PARCEL_RECEIVED,
}
_MAIL = {Outcome.HANDED_OVER: PersonEvent.MAIL_DELIVERED, Outcome.SENT_ON: PersonEvent.MAIL_SENT_ON}
ENDS = {
    Kind.LETTER: _MAIL,
    Kind.CARD: _MAIL,
    Kind.PARCEL: {
        Outcome.HANDED_OVER: PersonEvent.PARCEL_DELIVERED,
        Outcome.SENT_ON: PersonEvent.PARCEL_SENT_ON,
        Outcome.SHARED: PersonEvent.PARCEL_SHARED,
    },
}
DUTIES = {Kind.LETTER: "mail", Kind.CARD: "mail", Kind.PARCEL: "parcels"}
