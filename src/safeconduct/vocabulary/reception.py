# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a registrar writes down of a prisoner of war (GC III, art. 17). It is sealed; no field tells how the person came (R20)."""

from datetime import date
from typing import Annotated

import msgspec

from safeconduct.vocabulary.identity import SPELLINGS_MAX, Birth, Name, Short

Tag = Annotated[str, msgspec.Meta(max_length=35)]


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
