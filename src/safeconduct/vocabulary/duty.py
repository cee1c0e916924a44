# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is on duty now, as the desk tells it and an edge reads it (JSON): a signal of two minutes. Silence means nobody.

It lies in the spool under `KIND` and `KEY`, signed by the desk. An operator's phone in it is sealed to the channel that
rings it, because a SIP URI says who works here and where. With it goes the number by which colleagues reach the operator.
"""

import re
from typing import Annotated

import msgspec

from safeconduct.vocabulary.skills import Skill

KIND, KEY = "duty", b"now"
CHANNEL = "voice"  # whose delivery key the phones are sealed to
SIGNAL_SECONDS = 120
PHONES_MAX = 100

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
_SIP = re.compile(
    rf"sips?:\+?[A-Za-z0-9][A-Za-z0-9._~-]{{0,62}}@(?:{_HOST}|\[[0-9A-Fa-f:.]{{2,45}}\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?:;transport=(?:udp|tcp|tls))?"
)
_NUMBER = re.compile(r"[0-9]{1,8}")
_LONGEST = 200
_LAST_PORT = 65_535

Tag = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{2,8})*\Z", max_length=35)]


class SealedPhone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phone that may ring. `uri` (base64 in JSON) opens with the delivery key of `CHANNEL` alone: see `read_phone`."""

    uri: Annotated[bytes, msgspec.Meta(max_length=4096)]
    languages: tuple[Tag, ...]
    skills: tuple[Skill, ...] = ()


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds from `made` to `until` (unix seconds): the languages of all who are on duty, phone or not."""

    made: int
    until: int
    languages: tuple[Tag, ...] = ()
    phones: Annotated[tuple[SealedPhone, ...], msgspec.Meta(max_length=PHONES_MAX)] = ()

    def __post_init__(self) -> None:
        if not 0 < self.until - self.made <= SIGNAL_SECONDS:
            raise ValueError(f"the signal holds for at most {SIGNAL_SECONDS} seconds")


def encode(duty: Duty) -> bytes:
    """The content to be signed."""
    return msgspec.json.encode(duty)


def decode(content: bytes) -> Duty:
    """Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(content, type=Duty)


def is_phone(uri: str) -> bool:
    """Whether this is a SIP URI that may be dialled: user, host, perhaps port and transport, and nothing besides.

    No display name, password, header or further parameter (RFC 3261, 19.1): each could steer more than whom to ring.
    """
    found = _SIP.fullmatch(uri) if len(uri) <= _LONGEST else None
    return found is not None and int(found["port"] or 0) <= _LAST_PORT


def numbered_phone(uri: str, number: str) -> str:
    """What is sealed to the channel: the phone, and the operator's number, which no name of a phone could tell."""
    return f"{uri} {number}"


def read_phone(said: str) -> tuple[str, str] | None:
    """URI and number. One of a shift that began before phones had numbers rings all the same, and its number is empty."""
    uri, space, number = said.partition(" ")
    if not is_phone(uri) or (space and not _NUMBER.fullmatch(number)):
        return None
    return uri, number
