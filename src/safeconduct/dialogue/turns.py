# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes into the engine and what comes out of it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from safeconduct.dialogue.answers import Answers
from safeconduct.dialogue.forms import Read
from safeconduct.dialogue.scripts import Field, Option, Promise


class Position(msgspec.Struct, frozen=True):
    """Where a person is: step, question, language, closed choices. Never a word that they wrote freely.

    `field` is None before the first question of a step and after its last. Of free text, `closed` says at most that it
    was given.
    """

    script: str
    step: str
    field: str | None
    language: str
    closed: dict[str, str] = {}
    channel: str = "web"  # where the person writes; copied on, never dropped

    def to_bytes(self) -> bytes:
        """For the door to keep, encrypted, for 24 hours."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Position":
        """Raises `msgspec.DecodeError`. What is inside need not be sound: `advance` mends it."""
        return msgspec.msgpack.decode(data, type=cls)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """The `value` of an offered option."""

    value: str


@dataclass(frozen=True, slots=True)
class Told:
    """The door's word on an `Act` or `Finish`: one of the step's outcomes, and values for what its sentence names."""

    outcome: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


Input = Said | Pressed | Told


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the person this sentence."""

    msgid: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promised:
    """Tell the person one sentence of what the law promises, and its article."""

    promise: Promise


@dataclass(frozen=True, slots=True)
class Ways:
    """Show the signed list of addresses, which the door has."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell the person why this answer could not be taken; the question follows again."""

    msgid: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask this question."""

    field: Field


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Show what was understood so far."""

    answers: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """The ways on: the answers or acts of this moment, and always back, stop and human."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Hear:
    """Free text, letter by letter, handed out at once: seal it (or, for the duress word, keep its mark) and forget it.

    `field` is the question that it answers, or "message" when it answers none.
    """

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """The door must do this now and say by `Told` what came of it."""

    name: str


@dataclass(frozen=True, slots=True)
class Finish:
    """All questions are answered: make the facts (`record.facts_from`), store, and say by `Told` what came of it."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class Leave:
    """The person has gone: forget the position. Another message begins again."""


@dataclass(frozen=True, slots=True)
class Human:
    """The person wants to talk to a person: let an operator see that."""


Effect = Say | Promised | Ways | Refuse | Ask | ReadBack | Offer | Hear | Act | Finish | Leave | Human


@dataclass(frozen=True, slots=True)
class Turn:
    """The next position, and what the door does now, in this order."""

    position: Position
    effects: tuple[Effect, ...]
