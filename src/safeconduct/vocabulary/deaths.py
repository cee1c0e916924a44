# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written down when a prisoner of war has died (GC III, arts. 120 to 122, Annex IV.D). All of it is sealed.

Lines and words are as long as the printed record can hold.
"""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec

LINE_MOST, WORDS_MOST = 200, 2_000

Line = Annotated[str, msgspec.Meta(max_length=LINE_MOST)]
Words = Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]


class Manner(Enum):
    """What an examination found. All but the first opens an inquiry (art. 121). The strings are stored."""

    NATURAL = "natural"
    VIOLENT = "violent"
    UNKNOWN = "unknown"

    @property
    def needs_inquiry(self) -> bool:
        return self is not Manner.NATURAL


class CauseOfDeath(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="cause-of-death/1"):
    """The medical examination: what a doctor found, and who examined."""

    manner: Manner
    cause: Words = ""
    examined_by: Line = ""


class DeathTold(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="death/1"):
    """What the certificate and article 120 ask for besides the cause. The newest page counts."""

    place: Line = ""
    account: Words = ""  # what led to it, and who was there
    certified_by: Line = ""
    burial_place: Line = ""
    grave: Line = ""  # how it is marked, so that it can always be found
    cremation_reasons: Line = ""  # health, the person's religion or their own wish; else nobody is cremated
    will_received: date | None = None
    will_sent: date | None = None
    effects: Words = ""
    effects_sent: date | None = None
    inquiry_by: Line = ""
