# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public board says, as the desk writes it and an edge reads it (JSON). Signatures travel beside it.

Entries: `teams` (TeamKeys), `line` (LineNotice), and for each language `texts/<tag>` (the catalogue's content hash, in
hexadecimal, as plain ASCII).
"""

import re
from typing import Annotated, Literal

import msgspec

TEAMS = "teams"
LINE = "line"
TEXTS = "texts/"  # followed by the language's tag

INTAKE = "intake"  # the team that first contacts are sealed to
HANDOVER = "handover"  # the cell that brings people through; a line may be opened before it has one

UsualWait = Literal["within_hour", "within_day", "within_three_days"]
NEUTRAL_PLACE = "https://www.wikipedia.org/"  # where "leave this page" leads, unless the line names another place


class TeamKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A team's public key (base64 in JSON) and how often it has been rotated."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    key: bytes


class TeamKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The public key of each team, by the team's code."""

    teams: dict[str, TeamKey]


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One official way in: `kind` is a channel's code, or "onion"."""

    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,16}$")]
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

    def __post_init__(self) -> None:
        # A placeholder from a manual must not become an official address (Tor's rend-spec: 56 of base32).
        if self.kind == "onion" and not re.fullmatch(r"[a-z2-7]{56}\.onion", self.address):
            raise ValueError("an onion address has 56 letters or digits before .onion")


class LineNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the line says of itself: how long an answer usually takes, and its official addresses."""

    usual_wait: UsualWait
    ways: tuple[Way, ...] = ()
    leave: Annotated[str, msgspec.Meta(pattern=r"^https://[a-z0-9.-]+/$")] = NEUTRAL_PLACE
    bureau: Annotated[str, msgspec.Meta(max_length=200)] = ""  # where to ask about a person (R45); empty: not named


def encode(entry: TeamKeys | LineNotice) -> bytes:
    """The content to be signed and published."""
    return msgspec.json.encode(entry)


def decode_teams(content: bytes) -> TeamKeys:
    """Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(content, type=TeamKeys)


def decode_line(content: bytes) -> LineNotice:
    """Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(content, type=LineNotice)
