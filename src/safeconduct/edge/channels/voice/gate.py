# SPDX-License-Identifier: AGPL-3.0-or-later
"""For half a minute the kernel drops all that a flooding network sends to the SIP sockets, before the library sees it (T7).

The library makes a call of every INVITE before anybody is asked, and searches lists whose length is that of the flood. A
socket filter (Linux, no privilege needed) costs next to nothing. The network is the one from which the kernel had the calls
(sources.py), so that naming somebody else's shuts nobody out; who can forge the source of a datagram still can, for UDP.
Nothing is kept but the shut networks of this half minute.
"""

import asyncio
import contextlib
import ctypes
import ipaddress
import os
import socket
import struct
from collections.abc import Sequence
from pathlib import Path

from safeconduct.edge.channels.voice.floods import Address, address_of

SHUT_SECONDS = 30.0
_MOST = 32  # networks; a filter jumps over 255 instructions at most

_ATTACH, _DETACH = 26, 27  # SO_ATTACH_FILTER, SO_DETACH_FILTER
_INSTRUCTION = struct.Struct("=HBBI")
_LOAD, _LOAD_HALF, _LOAD_BYTE, _AND, _EQUAL, _RETURN = 0x20, 0x28, 0x30, 0x54, 0x15, 0x06
_IP_HEADER = 0xFFF00000  # SKF_NET_OFF
_SOURCE_4, _SOURCE_6 = _IP_HEADER + 12, _IP_HEADER + 8
_VERSION, _VERSION_4 = 0xF0, 0x40
_NEAR = 0xFFFFFF00
_ALL = 0xFFFFFFFF

Code = tuple[int, int, int, int]


class Gate:
    def __init__(self, address: str, ports: tuple[int, ...]) -> None:
        is_any = ipaddress.ip_address(address).is_unspecified  # the library then listens on each address by itself
        self._ports, self._address = ports, None if is_any else address
        self._shut: dict[Address, None] = {}

    def shut(self, source: str) -> None:
        """The network of a source: an IPv4 /24, an IPv6 /48."""
        network = network_of(source)
        if network is None or network in self._shut or len(self._shut) >= _MOST:
            return
        self._shut[network] = None
        asyncio.get_running_loop().call_later(SHUT_SECONDS, self._open, network)
        self._apply()

    def _open(self, network: Address) -> None:
        del self._shut[network]
        self._apply()

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


def network_of(source: str) -> Address | None:
    """Its first address."""
    if (address := address_of(source)) is None:
        return None
    return ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False).network_address  # noqa: PLR2004


def program(networks: Sequence[Address]) -> bytes:
    """Classic BPF: drop what comes from one of these, let all else through. It asks each packet which version it is."""
    narrow = _narrow([int(one) for one in networks if one.version == 4])  # noqa: PLR2004
    wide = _wide([one.packed for one in networks if one.version == 6])  # noqa: PLR2004
    code: list[Code] = [(_LOAD_BYTE, 0, 0, _IP_HEADER), (_AND, 0, 0, _VERSION), (_EQUAL, 0, len(narrow), _VERSION_4)]
    return b"".join(_INSTRUCTION.pack(*one) for one in [*code, *narrow, *wide])


def _narrow(networks: Sequence[int]) -> list[Code]:
    code: list[Code] = [(_LOAD, 0, 0, _SOURCE_4), (_AND, 0, 0, _NEAR)]
    code += [(_EQUAL, len(networks) - at, 0, network) for at, network in enumerate(networks)]
    return [*code, (_RETURN, 0, 0, _ALL), (_RETURN, 0, 0, 0)]


def _wide(networks: Sequence[bytes]) -> list[Code]:
    """48 bits are looked at in two steps."""
    code: list[Code] = []
    for packed in networks:
        first, second = int.from_bytes(packed[:4], "big"), int.from_bytes(packed[4:6], "big")
        code += [(_LOAD, 0, 0, _SOURCE_6), (_EQUAL, 0, 3, first), (_LOAD_HALF, 0, 0, _SOURCE_6 + 4)]
        code += [(_EQUAL, 0, 1, second), (_RETURN, 0, 0, 0)]
    return [*code, (_RETURN, 0, 0, _ALL)]


def _descriptors(address: str | None, ports: tuple[int, ...]) -> list[int]:
    """The sockets of this process that listen there: the library does not hand them out."""
    found = []
    for name in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if not str(name.readlink()).startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(name.name))) as one:
                if one.family not in {socket.AF_INET, socket.AF_INET6}:
                    continue
                host, port, *_ = one.getsockname()
                if port in ports and address in {None, host}:
                    found.append(int(name.name))
    return found
