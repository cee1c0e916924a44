# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a registrar writes down of a prisoner of war (GC III, art. 17). It is sealed; no field tells how the person came (R20)."""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec

from safeconduct.vocabulary.identity import SPELLINGS_MAX, Birth, Name, Short

Tag = Annotated[str, msgspec.Meta(max_length=35)]


class Health(Enum):
    """Field 11 of the capture card, in the Annex's order. Nothing more of somebody's health is asked at the gate."""

    GOOD = "good"
    NOT_WOUNDED = "not_wounded"
    RECOVERED = "recovered"
    CONVALESCENT = "convalescent"
    SICK = "sick"
    SLIGHTLY_WOUNDED = "slightly_wounded"
    SERIOUSLY_WOUNDED = "seriously_wounded"


class RetainedPersonnel(Enum):
    """Kept to care for prisoners, and no prisoners of war themselves: at least as well protected, and put to no other work (art. 33)."""

    MEDICAL = "medical"
    CHAPLAIN = "chaplain"


class Equivalence(msgspec.Struct, frozen=True):
    """What one version of the table of ranks said of the words in which somebody told their rank (R33)."""

    grade: Annotated[str, msgspec.Meta(max_length=5)]  # OR-1 … OR-9, WO-1 … WO-5, OF-1 … OF-10
    version: Annotated[str, msgspec.Meta(max_length=12)]
    army: Annotated[str, msgspec.Meta(max_length=12)] = ""  # whose rank it is; empty where all armies mean the same
    agreed: bool = False  # by the Power itself (STANAG 2116); else the table's own choice


class Received(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="received/1"):
    """Art. 17 asks for the first five, and nobody may be made to answer more. Any of them may be empty: it was not said."""

    surname: Name = ""
    first_names: Name = ""
    rank: Short = ""  # in their own words; the table of ranks stands beside it
    birth: Birth | None = None
    service_number: Short = ""
    spellings: Annotated[tuple[Name, ...], msgspec.Meta(max_length=SPELLINGS_MAX)] = ()
    power: Short = ""
    in_power_since: date | None = None  # "fell into the power of … on DATE" (R21); there is no other phrase
    language: Tag = ""  # in which they were asked (R22)
    equivalent: Equivalence | None = None  # None: no version of the table knew this rank when it was written down
    fathers_first_name: Name = ""  # from here on what the capture card and article 122 have room for
    mothers_maiden_name: Name = ""
    birth_place: Name = ""
    next_of_kin_address: Name = ""  # where the capture card goes
    person_to_inform: Name = ""
    person_to_inform_address: Name = ""
    correspondence_address: Name = ""
    retained: RetainedPersonnel | None = None
    is_woman: bool = False  # said, so that her quarters are apart (arts. 14, 25); false says nothing


class CardPrinted(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="card-printed/1"):
    """A capture card that left the printer: which one it was, on what day, and who printed it. Whether it went is an event."""

    number: str
    camp: int | None
    since: date | None  # of the duty that it answers; None: none was owed
    day: date
    by: str


class HealthOnArrival(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="health/1"):
    """What the registrar ticked when the person came. Empty: nothing was said."""

    states: tuple[Health, ...] = ()
