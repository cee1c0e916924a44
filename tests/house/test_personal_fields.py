# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest

from safeconduct.vocabulary import personal, records
from safeconduct.vocabulary.bureau import Grounds, Inquiry, InquiryAnswer, Notified
from safeconduct.vocabulary.camplife import RefusalTold, VisitTold
from safeconduct.vocabulary.complaints import ComplaintStep, ComplaintTold
from safeconduct.vocabulary.deaths import CauseOfDeath, DeathTold
from safeconduct.vocabulary.effects import EffectsTaken
from safeconduct.vocabulary.medical import HealthWord, Inspection, MedicalNote, StateOnArrival
from safeconduct.vocabulary.post import ParcelContents
from safeconduct.vocabulary.reception import CardPrinted, HealthOnArrival, Received
from safeconduct.vocabulary.wishes import Decision, ForCounsel, Listing, Wish

WISHES = Wish | Decision | ForCounsel | Listing

COMPLAINTS = ComplaintTold | ComplaintStep
POST = ParcelContents
BUREAU_TELLS = Notified | Grounds | Inquiry | InquiryAnswer

MEDICAL = VisitTold | RefusalTold | CauseOfDeath | DeathTold | Inspection | StateOnArrival | MedicalNote | HealthWord


def structs_in(kind: object) -> Iterator[type[msgspec.Struct]]:
    """Every struct that can lie inside a value of this type."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for one in msgspec.structs.fields(kind):
            yield from structs_in(one.type)
    for part in get_args(kind):
        yield from structs_in(part)


@pytest.mark.rule("R46")
def test_every_field_of_every_sealed_record_declares_why_it_is_kept_and_until_when() -> None:
    found = {
        kind: [one.name for one in msgspec.structs.fields(kind)]
        for kind in structs_in(
            records.Record
            | WISHES
            | COMPLAINTS
            | POST
            | BUREAU_TELLS
            | MEDICAL
            | Received
            | CardPrinted
            | HealthOnArrival
            | EffectsTaken
        )
    }
    assert {kind: list(fields) for kind, fields in personal.FIELDS.items()} == found


@pytest.mark.rule("R46")
def test_a_declaration_says_something() -> None:
    declared = [one for fields in personal.FIELDS.values() for one in fields.values() if one is not None]
    assert all(one.purpose.startswith("to ") for one in declared)
