# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many new calls each place and each number has begun of late, in memory of a fixed size, under a random key (T7).

A table of moments, indexed by a keyed hash: a flood from a million places fills no memory, and nothing in it tells an
address or a number. What is refused here has cost a few microseconds of ours and no audio.
"""

import hashlib
import ipaddress
import secrets
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

KEY_SECONDS = 3600.0

_SLOTS = 1 << 14
_KEY_BYTES = 16
_DIGEST_BYTES = 4

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Share:
    """So many at once, then one more every so many seconds."""

    at_once: int
    every: float


PLACE = Share(30, 0.2)
NUMBER = Share(6, 5.0)  # a telephone that is used by several calls again and again; a flood does not wait
ALL = Share(100, 0.02)
CROWD = Share(100, 0.1)  # more calls than these from one place, refused ones too, are no crowd: it is shut out


class Floods:
    """One for a process. `trunks` are the networks from which everybody's calls come: there only the number tells people apart."""

    def __init__(self, trunks: Sequence[Network] = (), *, clock: Callable[[], float] = time.monotonic) -> None:
        self._trunks = tuple(trunks)
        self._clock = clock
        self._tables = {share: array("d", bytes(8 * _SLOTS)) for share in (PLACE, NUMBER, ALL, CROWD)}
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._key_until = clock() + KEY_SECONDS

    def admit(self, place: str, number: str | None) -> bool:
        """Whether a call that begins now may go on. What is refused is not counted: it spoils no other's share."""
        now = self._clock()
        self._renew(now)
        asked = [(ALL, 0)]
        if not self._is_trunk(place):
            asked.append((PLACE, self._slot(_prefix(place))))
        if number is not None:
            asked.append((NUMBER, self._slot(number.encode())))
        if not all(self._has(share, slot, now) for share, slot in asked):
            return False
        for share, slot in asked:
            self._count(share, slot, now)
        return True

    def is_flood(self, place: str) -> bool:
        """Count a call, whatever becomes of it; whether there have been so many that nothing more should be listened to."""
        if self._is_trunk(place):
            return False
        now = self._clock()
        self._renew(now)
        slot = self._slot(_prefix(place))
        has = self._has(CROWD, slot, now)
        if has:
            self._count(CROWD, slot, now)
        return not has

    def _has(self, share: Share, slot: int, now: float) -> bool:
        return self._tables[share][slot] - now < share.every * (share.at_once - 0.5)  # half: sums are not exact

    def _count(self, share: Share, slot: int, now: float) -> None:
        table = self._tables[share]
        table[slot] = max(table[slot], now) + share.every

    def _is_trunk(self, place: str) -> bool:
        address = address_of(place)
        return address is not None and any(address in network for network in self._trunks)

    def _slot(self, what: bytes) -> int:
        digest = hashlib.blake2b(what, key=self._key, digest_size=_DIGEST_BYTES).digest()
        return int.from_bytes(digest, "big") % _SLOTS

    def _renew(self, now: float) -> None:
        if now < self._key_until:
            return
        self._key, self._key_until = secrets.token_bytes(_KEY_BYTES), now + KEY_SECONDS
        for share in self._tables:
            self._tables[share] = array("d", bytes(8 * _SLOTS))


def _prefix(place: str) -> bytes:
    """An IPv4 /24 or an IPv6 /48, so that a rented block is not a crowd; a name as it is."""
    address = address_of(place)
    if address is None:
        return place.encode()
    return address.packed[: 3 if address.version == 4 else 6]  # noqa: PLR2004 - IPv4


def address_of(place: str) -> Address | None:
    """None for a name; of an IPv4 source that an IPv6 socket shows, the IPv4 address."""
    try:
        address = ipaddress.ip_address(place)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
