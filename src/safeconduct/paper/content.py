# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on each paper. Every field may be empty: an empty form is what is printed for writing by hand.

No form has a field for how somebody came (R20, R21), for an image or a print of a body (R47), or for service (R42).
"""

from typing import Annotated

import msgspec

from safeconduct.vocabulary.complaints import Addressee
from safeconduct.vocabulary.reception import Health
from safeconduct.vocabulary.wishes import WishKind

LINE_MOST = 200
WORDS_MOST = 4_000
ROWS_MOST = 500

Line = Annotated[str, msgspec.Meta(max_length=LINE_MOST)]
Words = Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]


class _Paper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every form and of every row of one."""


class CaptureCard(_Paper, frozen=True, kw_only=True, tag="capture_card"):
    """GC III, Annex IV.B, fields 1 to 13; 14 is the signature. There is no field for remarks."""

    power: Line = ""
    surname: Line = ""
    first_names: Line = ""
    fathers_first_name: Line = ""
    birth_date: Line = ""
    birth_place: Line = ""
    rank: Line = ""
    service_number: Line = ""
    next_of_kin_address: Line = ""
    taken_on: Line = ""
    coming_from: Line = ""
    health: tuple[Health, ...] = ()
    prisoner_number: Line = ""
    camp: Line = ""
    date: Line = ""


class Reception(_Paper, frozen=True, kw_only=True, tag="reception"):
    """Art. 17: five answers are owed; everything else is optional, and refusing has no effect (R22)."""

    surname: Line = ""
    first_names: Line = ""
    rank: Line = ""
    birth_date: Line = ""
    service_number: Line = ""
    name_as_written: Line = ""
    other_spellings: Line = ""
    power: Line = ""
    fathers_first_name: Line = ""
    mothers_maiden_name: Line = ""
    birth_place: Line = ""
    person_to_inform: Line = ""
    person_to_inform_address: Line = ""
    health: Words = ""
    needs: Words = ""
    comrades: Words = ""
    fell_into_power_of: Line = ""
    fell_into_power_on: Line = ""
    prisoner_number: Line = ""
    camp: Line = ""
    arrived: Line = ""
    language_used: Line = ""
    interpreter: Line = ""
    recorded_by: Line = ""
    may_be_minor: bool = False


class Effect(_Paper, frozen=True, kw_only=True):
    """One article or sum on a receipt."""

    what: Line = ""
    amount: Line = ""
    condition: Line = ""
    reason: Line = ""
    given_back: Line = ""


class EffectsReceipt(_Paper, frozen=True, kw_only=True, tag="effects_receipt"):
    """Art. 18."""

    surname: Line = ""
    first_names: Line = ""
    rank: Line = ""
    prisoner_number: Line = ""
    camp: Line = ""
    effects: Annotated[tuple[Effect, ...], msgspec.Meta(max_length=ROWS_MOST)] = ()
    ordered_by: Line = ""
    register_entry: Line = ""
    issued_by: Line = ""
    date: Line = ""


class Inspection(_Paper, frozen=True, kw_only=True):
    """One monthly inspection."""

    date: Line = ""
    weight: Line = ""
    health: Line = ""
    contagious: Line = ""
    treatment: Line = ""
    signed: Line = ""


class MedicalSheet(_Paper, frozen=True, kw_only=True, tag="medical_sheet"):
    """Arts. 30 and 31; readable by the medical role only (R28)."""

    surname: Line = ""
    first_names: Line = ""
    prisoner_number: Line = ""
    camp: Line = ""
    birth_date: Line = ""
    height: Line = ""
    state_on_arrival: Words = ""
    known: Words = ""
    inspections: Annotated[tuple[Inspection, ...], msgspec.Meta(max_length=ROWS_MOST)] = ()


class WishRecord(_Paper, frozen=True, kw_only=True, tag="wish_record"):
    """R38 to R41, with everything that makes a wish valid. `wish` None is an empty form; a record says a kind."""

    surname: Line = ""
    first_names: Line = ""
    prisoner_number: Line = ""
    camp: Line = ""
    wish: WishKind | None = None
    fears_return: bool = False
    refuses_if_sick: bool = False
    own_words: Words = ""
    language_used: Line = ""
    sheet_version: Line = ""
    sheet_understood: bool = False
    interpreter: Line = ""
    witness: Line = ""
    witness_office: Line = ""
    copy_given: bool = False
    date: Line = ""


class Complaint(_Paper, frozen=True, kw_only=True, tag="complaint"):
    """Art. 78, R30, R37. Name and number may be left empty."""

    addressees: tuple[Addressee, ...] = ()
    about_ill_treatment: bool = False
    words: Words = ""
    surname: Line = ""
    first_names: Line = ""
    prisoner_number: Line = ""
    camp: Line = ""
    date: Line = ""
    received: Line = ""
    received_by: Line = ""
    forwarded: Line = ""


class Transferred(_Paper, frozen=True, kw_only=True):
    """One person on a transfer list."""

    prisoner_number: Line = ""
    name: Line = ""
    rank: Line = ""
    fit_to_travel: Line = ""
    baggage: Line = ""
    told_on: Line = ""


class TransferList(_Paper, frozen=True, kw_only=True, tag="transfer_list"):
    """Arts. 46 to 48, R34."""

    from_camp: Line = ""
    to_camp: Line = ""
    new_address: Line = ""
    departure: Line = ""
    notice_given: Line = ""
    prisoners: Annotated[tuple[Transferred, ...], msgspec.Meta(max_length=ROWS_MOST)] = ()


class Exchanged(_Paper, frozen=True, kw_only=True):
    """One person on an exchange list: there is room for nothing else (R43)."""

    prisoner_number: Line = ""
    name: Line = ""


class ExchangeList(_Paper, frozen=True, kw_only=True, tag="exchange_list"):
    """Whoever validly wishes to be exchanged, by the name that they confirmed."""

    date: Line = ""
    prisoners: Annotated[tuple[Exchanged, ...], msgspec.Meta(max_length=ROWS_MOST)] = ()


class Visit(_Paper, frozen=True, kw_only=True):
    """One visit to a camp."""

    arrived: Line = ""
    left: Line = ""
    visitors: Line = ""
    places: Line = ""
    without_witnesses: Line = ""


class VisitPutOff(_Paper, frozen=True, kw_only=True):
    """A visit that was put off: why, by whom, until when (R35)."""

    visitors: Line = ""
    reason: Line = ""
    approved_by: Line = ""
    until: Line = ""


class VisitLog(_Paper, frozen=True, kw_only=True, tag="visit_log"):
    """Art. 126."""

    camp: Line = ""
    visits: Annotated[tuple[Visit, ...], msgspec.Meta(max_length=ROWS_MOST)] = ()
    put_off: Annotated[tuple[VisitPutOff, ...], msgspec.Meta(max_length=ROWS_MOST)] = ()


class DeathRecord(_Paper, frozen=True, kw_only=True, tag="death_record"):
    """Arts. 120 and 121, after Annex IV.D."""

    power: Line = ""
    surname: Line = ""
    first_names: Line = ""
    fathers_first_name: Line = ""
    birth_place: Line = ""
    birth_date: Line = ""
    rank: Line = ""
    service_number: Line = ""
    prisoner_number: Line = ""
    camp: Line = ""
    next_of_kin_address: Line = ""
    fell_into_power_of: Line = ""
    fell_into_power_on: Line = ""
    died: Line = ""
    cause: Words = ""
    is_violent_or_unknown: bool = False
    inquiry_opened: Line = ""
    examined: Line = ""
    burial_place: Line = ""
    grave_marked: Line = ""
    cremation_reasons: Line = ""
    effects: Line = ""
    will: Line = ""
    account: Words = ""
    authority: Line = ""


Form = (
    CaptureCard
    | Reception
    | EffectsReceipt
    | MedicalSheet
    | WishRecord
    | Complaint
    | TransferList
    | ExchangeList
    | VisitLog
    | DeathRecord
)
FORMS: tuple[type[Form], ...] = (
    CaptureCard,
    Reception,
    EffectsReceipt,
    MedicalSheet,
    WishRecord,
    Complaint,
    TransferList,
    ExchangeList,
    VisitLog,
    DeathRecord,
)


def name_of(form: type[Form]) -> str:
    """Its stable name, such as `capture_card`: of the template, of a file, of a word on the command line."""
    return str(form.__struct_config__.tag)
