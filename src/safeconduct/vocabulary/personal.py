# SPDX-License-Identifier: AGPL-3.0-or-later
"""R46: why each personal field of a sealed record is kept, on what ground, and until when. A field that is not here fails CI.

Consent carries little under pressure: what safe reception needs rests on the person's vital interest or on the public
task of the line, and consent only on what is truly optional.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import msgspec

from safeconduct.vocabulary import casework, records
from safeconduct.vocabulary.bureau import Grounds, Inquiry, InquiryAnswer, Notified, Particulars
from safeconduct.vocabulary.camplife import RefusalTold, VisitTold
from safeconduct.vocabulary.complaints import ComplaintStep, ComplaintTold
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.deaths import CauseOfDeath, DeathTold
from safeconduct.vocabulary.effects import Article, EffectsTaken
from safeconduct.vocabulary.identity import Birth, IdentityClaim, IdentityClaims
from safeconduct.vocabulary.medical import HealthWord, Inspection, MedicalNote, StateOnArrival
from safeconduct.vocabulary.post import ParcelContents
from safeconduct.vocabulary.reception import CardPrinted, Equivalence, HealthOnArrival, Received
from safeconduct.vocabulary.wishes import Decision, ForCounsel, Listed, Listing, Wish


class Basis(Enum):
    """The ground on which a field may be kept (in the words of Convention 108+ and of the GDPR, article 6)."""

    VITAL_INTEREST = "the person's vital interest"
    PUBLIC_TASK = "a task in the public interest"
    LEGAL_OBLIGATION = "a legal obligation: the Third Geneva Convention"
    CONSENT = "the person's own choice, asked for and refusable without effect"


class Retention(Enum):
    """Until when."""

    CASE = "until the person erases the conversation, or the case expires"
    WORDS = "30 days after the last contact, never before the first reading; 180 days if nobody reads it (R3)"
    CUSTODY = "as long as the Convention has the register kept (GC III, arts. 17, 120 and 122)"
    DELIVERY = "until the person erases the conversation; the address itself never reaches the desk"


@dataclass(frozen=True, slots=True)
class Declared:
    """What stands behind one field."""

    purpose: str
    basis: Basis
    retention: Retention


_REACH = Declared("to answer safely, where and when the person may be written to", Basis.VITAL_INTEREST, Retention.CASE)
_READ = Declared("to seal answers to the person's own inbox", Basis.PUBLIC_TASK, Retention.CASE)
_PLAN = Declared("to know how near and how many they are, and which help fits", Basis.VITAL_INTEREST, Retention.CASE)
_SAID = Declared("to understand what the person asks for", Basis.VITAL_INTEREST, Retention.WORDS)
_ANSWER = Declared(
    "to tell the person what they asked about, and colleagues what was said", Basis.PUBLIC_TASK, Retention.CASE
)
_DURESS = Declared("to freeze the case of somebody who is forced", Basis.VITAL_INTEREST, Retention.CASE)
_WORK = Declared("to let colleagues know what was done, and about whom", Basis.PUBLIC_TASK, Retention.CASE)
_TOLD_APART = Declared(
    "to find a person's earlier conversation, and to receive the right person safely",
    Basis.VITAL_INTEREST,
    Retention.CASE,
)
_CHOSEN = Declared("to find a person who chose to give it again", Basis.CONSENT, Retention.CASE)
_ANSWERED_BY = Declared("to let somebody answer who is trained for it", Basis.VITAL_INTEREST, Retention.CASE)
_RECORDED = Declared(
    "to record a prisoner of war and tell their family and Power (arts. 17, 70, 122)",
    Basis.LEGAL_OBLIGATION,
    Retention.CUSTODY,
)
_WISHED = Declared("to be found by their family under any spelling", Basis.CONSENT, Retention.CUSTODY)
_ASKED_FREELY = Declared(
    "to tell the family and the Agency, in the fields of the capture card and of article 122; refusing has no effect",
    Basis.CONSENT,
    Retention.CUSTODY,
)
_TREATED = Declared("to treat them by their rank (arts. 43 to 45)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY)
_RETAINED = Declared(
    "to give medical personnel and chaplains their duties and no others (art. 33)",
    Basis.LEGAL_OBLIGATION,
    Retention.CUSTODY,
)
_APART = Declared("to lodge women apart (arts. 14, 25)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY)
_HEALTH = Declared(
    "to give care at once and fill field 11 of the capture card", Basis.LEGAL_OBLIGATION, Retention.CUSTODY
)
_TAKEN = Declared("to give back what was taken from them (arts. 18, 119)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY)
_ASKED = Declared("to show that they were asked in a language they know", Basis.LEGAL_OBLIGATION, Retention.CUSTODY)
_TOLD_BUREAU = Declared(
    "to tell the Bureau, which tells the Power and the Agency (art. 122)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY
)
_SOUGHT = Declared("to answer who looks for somebody (art. 123)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY)
_FEARED = Declared(
    "to let counsel decide whether the Power's knowing would harm the person", Basis.VITAL_INTEREST, Retention.CUSTODY
)
_CARE = Declared(
    "to care for the person's health, and to see a loss of weight in time (arts. 15, 30, 31)",
    Basis.VITAL_INTEREST,
    Retention.CUSTODY,
)
_VISITED = Declared(
    "to show that visits were made, and why one was put off (art. 126)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY
)
_DIED = Declared(
    "to certify a death, find its cause and the grave, and send will and effects home (arts. 120 to 122)",
    Basis.LEGAL_OBLIGATION,
    Retention.CUSTODY,
)
_TOLD_HOME = Declared(
    "to tell the family and the Power how somebody seriously ill is (art. 122)",
    Basis.LEGAL_OBLIGATION,
    Retention.CUSTODY,
)
_PARCELS = Declared(
    "to show that nothing was taken from a parcel (arts. 72, 76)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY
)
_COMPLAINED = Declared(
    "to forward a complaint, see to ill-treatment and answer (arts. 13, 78)",
    Basis.LEGAL_OBLIGATION,
    Retention.CUSTODY,
)
_OWN_WISH = Declared(
    "to do what the person wishes about their return, and to show that they were asked freely (arts. 7, 109, 118)",
    Basis.LEGAL_OBLIGATION,
    Retention.CUSTODY,
)
_LISTED = Declared("to exchange those who wish it, and nobody else (R43)", Basis.LEGAL_OBLIGATION, Retention.CUSTODY)
_COUNSELLED = Declared(
    "to let independent counsel stand by the person (arts. 7, 130)", Basis.CONSENT, Retention.CUSTODY
)
_SENT = Declared("to tell whether an answer reached the person", Basis.PUBLIC_TASK, Retention.DELIVERY)

# None: says nothing about the person.
FIELDS: Mapping[type[msgspec.Struct], Mapping[str, Declared | None]] = {
    records.ApplicationFacts: {
        "type": _PLAN,
        "language": _REACH,
        "stage": _PLAN,
        "head_count": _PLAN,
        "channel": _REACH,
        "safe_contact": _REACH,
        "duress_word_set": _DURESS,
        "mailbox": _READ,
    },
    records.PersonText: {"text": _SAID, "duress": _DURESS},
    records.ReplyText: {"text": _ANSWER, "day": None},
    records.NoteText: {"text": _ANSWER},
    records.ErasureWish: {},
    records.ChatContact: {"channel": _REACH, "language": _REACH, "mailbox": _READ},
    records.FileSent: {"storage": None, "key": None, "size": None, "media_type": None, "name": _SAID},
    records.CallForPerson: {},
    records.DeliveryReport: {"reply": None, "outcome": _SENT},
    casework.CaseAct: {"act": _WORK, "reason": _WORK, "about": _WORK},
    casework.UnitCount: {"head_count": _PLAN},
    casework.UnitVoice: {"member": _WORK},
    casework.UnitMember: {"number": _WORK, "belongs": _WORK},
    casework.UnitOf: {"number": _WORK, "belongs": _WORK},
    casework.UnitArrival: {
        "received": _PLAN,
        "not_come": _PLAN,
        "aborted": _PLAN,
        "contact_lost": _PLAN,
        "corrects": None,
    },
    casework.CaseNeed: {"said": _ANSWERED_BY},
    IdentityClaims: {"claims": _TOLD_APART, "language": _REACH},
    IdentityClaim: {
        "name": _TOLD_APART,
        "spellings": _TOLD_APART,
        "birth": _TOLD_APART,
        "unit": _CHOSEN,
        "service_number": _CHOSEN,
    },
    Received: {
        "surname": _RECORDED,
        "first_names": _RECORDED,
        "rank": _RECORDED,
        "birth": _RECORDED,
        "service_number": _RECORDED,
        "spellings": _WISHED,
        "power": _RECORDED,
        "in_power_since": _RECORDED,
        "language": _ASKED,
        "equivalent": _TREATED,
        "fathers_first_name": _ASKED_FREELY,
        "mothers_maiden_name": _ASKED_FREELY,
        "birth_place": _ASKED_FREELY,
        "next_of_kin_address": _ASKED_FREELY,
        "person_to_inform": _ASKED_FREELY,
        "person_to_inform_address": _ASKED_FREELY,
        "correspondence_address": _ASKED_FREELY,
        "retained": _RETAINED,
        "is_woman": _APART,
    },
    Equivalence: {"grade": _TREATED, "version": None, "army": _TREATED, "agreed": None},
    CardPrinted: {"number": _RECORDED, "camp": _RECORDED, "since": None, "day": None, "by": None},
    HealthOnArrival: {"states": _HEALTH},
    EffectsTaken: {"number": None} | dict.fromkeys(("articles", "ordered_by", "register_entry", "issued_by"), _TAKEN),
    Article: dict.fromkeys(("kind", "what", "amount", "condition", "reason"), _TAKEN),
    Notified: dict.fromkeys(
        (
            "number",
            "token",
            "prisoner",
            "kind",
            "day",
            "precision",
            "made",
            "camp",
            "corrects",
            "stands",
            "power_waits",
            "about",
        ),
        _TOLD_BUREAU,
    ),
    Particulars: dict.fromkeys(
        (
            "surname",
            "first_names",
            "spellings",
            "rank",
            "service_number",
            "birth",
            "birth_place",
            "power",
            "fathers_first_name",
            "mothers_maiden_name",
            "person_to_inform",
            "person_to_inform_address",
            "correspondence_address",
        ),
        _TOLD_BUREAU,
    ),
    Inquiry: dict.fromkeys(
        ("name", "spellings", "birth", "service_number", "asks", "relation", "answer_to", "words", "language"), _SOUGHT
    ),
    InquiryAnswer: {"words": _SOUGHT, "prisoner": _SOUGHT},
    Grounds: {"words": _FEARED},
    VisitTold: dict.fromkeys(("visitors", "arrived", "left", "places"), _VISITED),
    RefusalTold: {"reason": _VISITED, "until": None, "salt": None},
    CauseOfDeath: dict.fromkeys(("manner", "cause", "examined_by"), _DIED),
    DeathTold: dict.fromkeys(
        (
            "place",
            "account",
            "certified_by",
            "burial_place",
            "grave",
            "cremation_reasons",
            "will_received",
            "will_sent",
            "effects",
            "effects_sent",
            "inquiry_by",
        ),
        _DIED,
    ),
    Inspection: {"event": None} | dict.fromkeys(("grams", "health", "contagious", "treatment", "signed"), _CARE),
    StateOnArrival: dict.fromkeys(("centimetres", "state", "known"), _CARE),
    MedicalNote: {"event": None, "words": _CARE, "signed": _CARE},
    HealthWord: {"course": _TOLD_HOME, "words": _TOLD_HOME},
    ParcelContents: {"parcel": None, "contents": _PARCELS},
    ComplaintTold: dict.fromkeys(
        (
            "words",
            "is_ill_treatment",
            "addressees",
            "surname",
            "first_names",
            "number",
            "camp",
            "said_on",
            "received_by",
        ),
        _COMPLAINED,
    ),
    ComplaintStep: dict.fromkeys(("day", "by", "to", "words"), _COMPLAINED),
    Wish: dict.fromkeys(
        (
            "kind",
            "said",
            "has_time",
            "language",
            "sheet",
            "interpreter",
            "witness",
            "witness_office",
            "is_signed",
            "copy_given",
            "name",
            "refuses_if_sick",
            "fears_return",
            "words",
            "entered_by",
        ),
        _OWN_WISH,
    )
    | {"fill": None},
    Decision: dict.fromkeys(("outcome", "grounds", "decided_by", "country", "day"), _OWN_WISH) | {"salt": None},
    ForCounsel: {"words": _COUNSELLED},
    Listing: {"entries": _LISTED, "struck": _LISTED, "salt": None, "told": _LISTED},
    Listed: {"number": _LISTED, "name": _LISTED, "camp": _LISTED},
    Birth: {"text": _TOLD_APART, "calendar": _TOLD_APART},
    SafeContactRule: dict.fromkeys(("channel", "from_", "to", "timezone", "neutral_text"), _REACH),
}
