# SPDX-License-Identifier: AGPL-3.0-or-later
"""For half a minute the kernel drops all that a flooding network sends to the SIP sockets, before the library sees it (T7).

The library makes a call of every INVITE before anybody is asked, and searches lists whose length is that of the flood. A
socket filter (Linux, no privilege needed) costs next to nothing. The network is the one that the calls name themselves; the
kernel compares it with the true source. So whoever names somebody else's shuts that one out: when calls that name a shut
network still come in, the name was a lie, and it is opened again and not shut for an hour.
IPv4 only. Nothing is kept but the shut networks of this half minute, and hashes of the lies.
"""

import asyncio
import contextlib
import ctypes
import ipaddress
import os
import secrets
import socket
import struct
from hashlib import blake2b
from pathlib import Path

SHUT_SECONDS = 30.0
_LATE_SECONDS = 3.0  # what stood in a queue before it was shut may still come in
_LIE_SECONDS = 3600.0
_MOST = 32

_ATTACH, _DETACH = 26, 27  # SO_ATTACH_FILTER, SO_DETACH_FILTER
_INSTRUCTION = struct.Struct("=HBBI")
_LOAD, _AND, _EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_SOURCE = 0xFFF00000 + 12  # SKF_NET_OFF, the source in the IPv4 header
_NEAR = 0xFFFFFF00
_ALL = 0xFFFFFFFF


class Gate:
    def __init__(self, address: str, ports: tuple[int, ...]) -> None:
        is_any = ipaddress.ip_address(address).is_unspecified  # the library then listens on each address by itself
        self._ports, self._address = ports, None if is_any else address
        self._shut: dict[int, float] = {}
        self._lies: dict[bytes, None] = {}
        self._key = secrets.token_bytes(16)

    def shut(self, place: str) -> None:
        """The network of a place. What is no IPv4 address is left to the library."""
        network = _network(place)
        now = asyncio.get_running_loop().time()
        if network is None or self._hash(network) in self._lies or len(self._shut) >= _MOST:
            return
        if network in self._shut:
            if now - self._shut[network] > _LATE_SECONDS:
                self._learn_lie(network)
            return
        self._shut[network] = now
        asyncio.get_running_loop().call_later(SHUT_SECONDS, self._open, network)
        self._apply()

    def _learn_lie(self, network: int) -> None:
        lie = self._hash(network)
        self._lies[lie] = None
        asyncio.get_running_loop().call_later(_LIE_SECONDS, self._lies.pop, lie, None)
        self._open(network)

    def _open(self, network: int) -> None:
        if self._shut.pop(network, None) is not None:
            self._apply()

    def _hash(self, network: int) -> bytes:
        return blake2b(network.to_bytes(4, "big"), key=self._key, digest_size=8).digest()

    def _apply(self) -> None:
        code = program(list(self._shut))
        for descriptor in _descriptors(self._address, self._ports):
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as one:
                if self._shut:
                    buffer = ctypes.create_string_buffer(code, len(code))
                    count = len(code) // _INSTRUCTION.size
                    one.setsockopt(socket.SOL_SOCKET, _ATTACH, struct.pack("@HP", count, ctypes.addressof(buffer)))
                else:
                    one.setsockopt(socket.SOL_SOCKET, _DETACH, 0)


def program(networks: list[int]) -> bytes:
    """Classic BPF: drop what comes from one of these /24, let all else through."""
    code = [(_LOAD, 0, 0, _SOURCE), (_AND, 0, 0, _NEAR)]
    code += [(_EQUAL, len(networks) - at, 0, network) for at, network in enumerate(networks)]
    code += [(_RETURN, 0, 0, _ALL), (_RETURN, 0, 0, 0)]
    return b"".join(_INSTRUCTION.pack(*one) for one in code)


def _network(place: str) -> int | None:
    try:
        return int(ipaddress.IPv4Address(place)) & _NEAR
    except ValueError:
        return None


def _descriptors(address: str | None, ports: tuple[int, ...]) -> list[int]:
    """The sockets of this process that listen there: the library does not hand them out."""
    found = []
    for name in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if not str(name.readlink()).startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(name.name))) as one:
                if one.family != socket.AF_INET:
                    continue
                host, port = one.getsockname()
                if port in ports and address in (None, host):
                    found.append(int(name.name))
    return found
