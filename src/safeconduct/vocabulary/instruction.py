# SPDX-License-Identifier: AGPL-3.0-or-later
"""To whom a conversation is sealed, as the desk tells it and an edge reads it (JSON). Without one: to intake.

It lies in the spool under `KIND` and the conversation's id, belongs to the conversation, and is erased with it. The desk
signs it; the key itself stands on the board alone, so that no instruction can bring a key of its own.
"""

from typing import Annotated, Literal

import msgspec

from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES

KIND = "sealed-to"
DAYS = 3650  # longer than any conversation: one that ended before it would open the way back to intake by itself

_Id = Annotated[bytes, msgspec.Meta(min_length=IDENTIFIER_BYTES, max_length=IDENTIFIER_BYTES)]


class Instruction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From now on what this conversation says is sealed to that team. `serial` grows with each one of a conversation.

    `key_id` and `version` are of the key that the desk's team held when it was given.
    """

    conversation: _Id
    serial: Annotated[int, msgspec.Meta(ge=1)]
    team: Literal["intake", "handover"]
    version: Annotated[int, msgspec.Meta(ge=1)]
    key_id: _Id


def encode(instruction: Instruction) -> bytes:
    """The content to be signed."""
    return msgspec.json.encode(instruction)


def decode(content: bytes) -> Instruction:
    """Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(content, type=Instruction)
