# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk writes into a case beside words: who did what, and what is known of a unit. Sealed, and only ever added to.

A correction is a new record. No record of a case names a person: colleagues stand beside it, other cases by number.
"""

from collections.abc import Iterable
from typing import Annotated, Self

import msgspec

from safeconduct.vocabulary.applications import HEAD_COUNT_MAX

REASON_MAX = 2_000
NEED_WIDTH = 200
Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}-[0-9]{4,9}$")]  # of a case, as it is said aloud
Count = Annotated[int, msgspec.Meta(ge=0, le=HEAD_COUNT_MAX)]


class CaseAct(msgspec.Struct, frozen=True, tag_field="record", tag="act/1"):
    """Somebody at the desk did something with the case. `reason` where one is asked for; `about` another case."""

    act: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    reason: Annotated[str, msgspec.Meta(max_length=REASON_MAX)] = ""
    about: Number | None = None


class UnitCount(msgspec.Struct, frozen=True, tag_field="record", tag="unit-count/1"):
    """How many people this case stands for, as far as is known now."""

    head_count: Annotated[int, msgspec.Meta(ge=1, le=HEAD_COUNT_MAX)]


class UnitVoice(msgspec.Struct, frozen=True, tag_field="record", tag="unit-voice/1"):
    """Who speaks for the unit: the member of this case, or whoever writes in the unit's own."""

    member: Number | None


class UnitMember(msgspec.Struct, frozen=True, tag_field="record", tag="unit-member/1"):
    """In the unit's case: a member has a case of their own, or is no longer of the unit."""

    number: Number
    belongs: bool


class UnitOf(msgspec.Struct, frozen=True, tag_field="record", tag="unit-of/1"):
    """In the member's case: to which unit's case they belong, or no longer."""

    number: Number
    belongs: bool


class UnitArrival(msgspec.Struct, frozen=True, tag_field="record", tag="unit-arrival/1"):
    """How many of the unit came, and what became of the others, at one attempt. It may correct an earlier record."""

    received: Count = 0
    not_come: Count = 0
    aborted: Count = 0
    contact_lost: Count = 0
    corrects: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)] | None = None


class CaseNeed(msgspec.Struct, frozen=True, tag_field="record", tag="need/1"):
    """What whoever answers should be trained for; nothing but spaces when anybody may, again. The newest counts.

    Always of one length: the size of what is sealed tells nobody which need it is, nor whether there is any.
    """

    said: Annotated[str, msgspec.Meta(min_length=NEED_WIDTH, max_length=NEED_WIDTH, pattern=r"^[a-z ]*\Z")]

    @classmethod
    def of(cls, skills: Iterable[str]) -> Self:
        return cls(" ".join(skills).ljust(NEED_WIDTH))

    @property
    def skills(self) -> tuple[str, ...]:
        return tuple(self.said.split())


Casework = CaseAct | UnitCount | UnitVoice | UnitMember | UnitOf | UnitArrival | CaseNeed
