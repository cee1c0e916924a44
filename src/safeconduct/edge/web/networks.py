# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which network a visitor comes from, for as long as one call lasts. Nothing here keeps or tells an address."""

import socket
from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import Scope

_FORWARDED = b"x-forwarded-for"
_LONGEST = 45  # characters of an IPv6 address
_MAPPED = bytes(10) + b"\xff\xff"  # an IPv4 address written as an IPv6 one
_LOOPBACK6 = bytes(15) + b"\x01"
_LOOPBACK4 = 127


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """Two prefixes of an address.

    `near` is one IPv4 address, or the /56 that a provider gives one IPv6 customer. A whole camp, or a thousand customers
    of a telephone company, can stand behind it: whoever judges by it may make people wait, never refuse them.
    `wide` is the IPv4 /24, or the IPv6 /32 that one provider holds, so that a rented block is not a crowd.
    """

    near: bytes
    wide: bytes


def packed(address: str) -> bytes | None:
    """4 or 16 bytes; None for what is no address, or has a port or a zone with it."""
    if len(address) > _LONGEST:
        return None
    try:
        if ":" not in address:
            return socket.inet_pton(socket.AF_INET, address)
        whole = socket.inet_pton(socket.AF_INET6, address)
    except (OSError, ValueError):  # ValueError: a NUL, or what ASCII cannot hold
        return None
    return whole[12:] if whole.startswith(_MAPPED) else whole


def network_of(scope: Scope, proxies: Collection[bytes]) -> Network | None:
    """Where a request comes from; None when that is not known or not looked at.

    Only what the line's own proxy added last is believed, since all before it is the client's. This machine itself is no
    visitor: it is the proxy without a header, or the onion service, whose visitors have no address.
    """
    if not proxies or not scope["client"]:
        return None
    whole = packed(scope["client"][0])
    if whole in proxies:
        whole = packed(_forwarded(scope))
    if whole is None or whole == _LOOPBACK6:
        return None
    if len(whole) == 4:  # noqa: PLR2004 - IPv4
        return None if whole[0] == _LOOPBACK4 else Network(whole, whole[:3])
    return Network(whole[:7], whole[:4])


def _forwarded(scope: Scope) -> str:
    """The last address of the last header of this name."""
    for name, value in reversed(scope["headers"]):
        if name == _FORWARDED:
            return str(value.rpartition(b",")[2].strip(), "latin-1")
    return ""
