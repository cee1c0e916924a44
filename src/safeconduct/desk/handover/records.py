# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies sealed in a handover (MessagePack, strict both ways). None of it has a `repr` that tells."""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec

from safeconduct.vocabulary.applications import HEAD_COUNT_MAX
from safeconduct.vocabulary.secrets import Plain

POINT_MAX, SIGNAL_MAX, FALLBACK_MAX, WHO_MAX = 160, 160, 200, 60
SECTOR_MAX, SECTORS_MAX = 60, 20
TOKENS_MAX = 1_000

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Token = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class _Silent(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class HoldFire(_Silent, frozen=True):
    """R19: who confirmed that own troops were told to hold fire, and when."""

    who: Words
    at: datetime


class Plan(_Silent, frozen=True, tag_field="record", tag="plan/1", kw_only=True):
    """R18's fields and R19's. `salt` is drawn anew with every edit, so that its hash tells nothing."""

    salt: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    unit: int
    point: Words  # free text, or a reference in the unit's own notation: nothing here draws a map
    begins: datetime
    ends: datetime
    head_count: Annotated[int, msgspec.Meta(ge=1, le=HEAD_COUNT_MAX)]
    wounded: Annotated[int, msgspec.Meta(ge=0, le=HEAD_COUNT_MAX)]
    language: str
    signal: Words
    abort: Words
    fallback: Words
    hold_fire: HoldFire | None
    planned_by: str


class Codes(_Silent, frozen=True, tag_field="record", tag="codes/1", kw_only=True):
    """R17: what the unit says and the person answers, once. Each proves itself to the other."""

    unit_says: str
    person_answers: str
    expires: datetime
    told: bool = False
    replies: tuple[bytes, ...] = ()  # the envelopes in which they were told


class Sheet(_Silent, frozen=True, tag_field="record", tag="sheet/1", kw_only=True):
    """What the receiving unit sees (R18), with abort and fallback (R19). No name, no channel, no number of a case."""

    number: str
    point: str
    begins: datetime
    ends: datetime
    zone: str
    head_count: int
    wounded: int
    language: str
    signal: str
    abort: str
    fallback: str
    unit_says: str
    person_answers: str
    words_until: datetime
    approved_by: str
    released_by: str


class Person(_Silent, frozen=True):
    """Somebody of a unit, and the key whose fingerprint was heard."""

    operator: int
    key: Annotated[bytes, msgspec.Meta(min_length=16, max_length=32)]


class UnitCard(_Silent, frozen=True, tag_field="record", tag="unit/1", kw_only=True):
    """Where a receiving unit works, in what languages and hours; `opens` = `closes` is round the clock."""

    sectors: Annotated[tuple[Words, ...], msgspec.Meta(max_length=SECTORS_MAX)]
    languages: tuple[str, ...]
    zone: str
    days: tuple[Annotated[int, msgspec.Meta(ge=0, le=6)], ...]  # 0 is Monday; the day on which the hours begin
    opens: Clock
    closes: Clock
    people: tuple[Person, ...] = ()


class Link(_Silent, frozen=True, tag_field="record", tag="link/1", kw_only=True):
    """R20: custody's random tokens of those who came. Nothing else of custody is known here."""

    tokens: Annotated[tuple[Token, ...], msgspec.Meta(max_length=TOKENS_MAX)]


Record = Plan | Codes | Sheet | UnitCard | Link
T = TypeVar("T", Plan, Codes, Sheet, UnitCard, Link)

_encoder = msgspec.msgpack.Encoder()


def encode(record: Record) -> Plain:
    """The bytes that are sealed, and for a plan those that are approved."""
    return Plain(_encoder.encode(record))


def decode(body: bytes, kind: type[T]) -> T:
    """Raises `msgspec.DecodeError`."""
    return msgspec.msgpack.decode(body, type=kind)
