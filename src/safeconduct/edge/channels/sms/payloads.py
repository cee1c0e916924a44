# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the SMSC sends: the header of a PDU, and a deliver_sm (SMPP 3.4, 4.6.1), read strictly.

The library's own reader is not used for these: it reads a 16-bit reference of a long message as 32 bits, drops the other
headers, refuses an empty message and numbering plans it does not know, and so would lose what a person wrote.
"""

import hashlib
import struct

import msgspec
from aiosmpplib import SmppCommand

HEADER = struct.Struct("!IIII")
LENGTH_MAX = 70_000  # a message_payload of 64 KiB and its frame

_MESSAGE_PAYLOAD, _RECEIPTED_MESSAGE_ID, _USER_MESSAGE_REFERENCE = 0x0424, 0x001E, 0x0204
_SAR_REFERENCE, _SAR_TOTAL, _SAR_INDEX = 0x020C, 0x020E, 0x020F
_CONCAT_8, _PORTS_8, _PORTS_16, _CONCAT_16 = 0x00, 0x04, 0x05, 0x08  # TS 23.040, 9.2.3.24
_HAS_HEADER = 0x40  # of esm_class
_FROM_A_PERSON = {0x00, 0x10}  # of the message types in esm_class: plain, and an answer typed by its user
_INTERNATIONAL = 1
_REFERENCE_MAX, _TOTAL_MAX = 0xFFFF, 0xFF


class Pdu(msgspec.Struct, frozen=True):
    command: int
    status: int
    sequence: int
    body: bytes = b""

    def __repr__(self) -> str:
        return "Pdu(…)"

    @property
    def is_request(self) -> bool:
        return not self.command & SmppCommand.GENERIC_NACK


class Part(msgspec.Struct, frozen=True):
    """Of a long message: which, of how many, and the sender's number for it."""

    reference: int
    total: int
    index: int


class Delivery(msgspec.Struct, frozen=True):
    """A deliver_sm. `octets` are without the user data header; `name` is the SMSC's own for the message, where it has one."""

    source: str
    destination: str
    is_from_person: bool
    coding: int
    octets: bytes
    is_for_program: bool = False  # addressed to a port of the phone: settings, pictures
    part: Part | None = None
    name: bytes = b""
    reference: bytes = b""  # the sender's own number for the message, where the SMSC passes it on

    def __repr__(self) -> str:
        return "Delivery(…)"

    def digest(self) -> bytes:
        """The same for a repeat; also the same when a person writes the same again, unless `name` or `reference` differ."""
        what = msgspec.msgpack.encode(
            [
                self.source,
                self.destination,
                self.name,
                self.reference,
                self.part,
                self.coding,
                b"" if self.name else self.octets,
            ]
        )
        return hashlib.blake2b(what, digest_size=16).digest()


def delivery(body: bytes) -> Delivery | None:
    """None when it is malformed."""
    try:
        return _delivery(_Reader(body))
    except (ValueError, struct.error, IndexError):
        return None


def _delivery(reader: "_Reader") -> Delivery:
    reader.text(6)  # service_type
    source = reader.number()
    destination = reader.number()
    esm_class = reader.take(3)[0]
    reader.text(17), reader.text(17)  # two times, which are empty here
    coding = reader.take(3)[2]
    octets = reader.take(reader.take(2)[1])
    options = reader.options()
    octets = octets or options.get(_MESSAGE_PAYLOAD, b"")
    elements: dict[int, bytes] = {}
    if esm_class & _HAS_HEADER:
        elements, octets = _header(octets)
    return Delivery(
        source,
        destination,
        is_from_person=esm_class & 0x3C in _FROM_A_PERSON,
        coding=coding,
        octets=octets,
        is_for_program=bool({_PORTS_8, _PORTS_16} & elements.keys()),
        part=_part(elements, options),
        name=options.get(_RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0"),
        reference=options.get(_USER_MESSAGE_REFERENCE, b"").lstrip(b"\0"),
    )


def _header(octets: bytes) -> tuple[dict[int, bytes], bytes]:
    """The information elements of a user data header, and what follows it."""
    reader = _Reader(octets)
    inside = _Reader(reader.take(reader.take(1)[0]))
    elements = {}
    while inside.is_more:
        kind, size = inside.take(2)
        elements[kind] = inside.take(size)
    return elements, reader.rest()


def _part(elements: dict[int, bytes], options: dict[int, bytes]) -> Part | None:
    """A reference that makes no sense is left out: then the part is a message of its own (TS 23.040 says to ignore it)."""
    if _CONCAT_8 in elements:
        found = Part(*struct.unpack("!BBB", elements[_CONCAT_8]))
    elif _CONCAT_16 in elements:
        found = Part(*struct.unpack("!HBB", elements[_CONCAT_16]))
    elif {_SAR_REFERENCE, _SAR_TOTAL, _SAR_INDEX} <= options.keys():
        found = Part(*(int.from_bytes(options[tag], "big") for tag in (_SAR_REFERENCE, _SAR_TOTAL, _SAR_INDEX)))
    else:
        return None
    is_possible = found.reference <= _REFERENCE_MAX and 1 <= found.index <= found.total <= _TOTAL_MAX
    return found if is_possible and found.total > 1 else None


class _Reader:
    def __init__(self, octets: bytes) -> None:
        self._octets, self._at = octets, 0

    @property
    def is_more(self) -> bool:
        return self._at < len(self._octets)

    def take(self, count: int) -> bytes:
        found = self._octets[self._at : self._at + count]
        if len(found) != count:
            raise ValueError("too short")
        self._at += count
        return found

    def rest(self) -> bytes:
        return self.take(len(self._octets) - self._at)

    def text(self, size: int) -> str:
        """A C-octet string of at most `size` octets with its end."""
        found = self._octets[self._at : self._octets.index(0, self._at)]
        if len(found) >= size:
            raise ValueError("too long")
        self._at += len(found) + 1
        return found.decode("ascii")

    def number(self) -> str:
        """As the SMSC writes it; a "+" before one that it says is international."""
        kind = self.take(2)[0]
        digits = self.text(21)
        return f"+{digits}" if kind == _INTERNATIONAL and digits.isdecimal() else digits

    def options(self) -> dict[int, bytes]:
        found = {}
        while self.is_more:
            tag, size = struct.unpack("!HH", self.take(4))
            found[tag] = self.take(size)
        return found
