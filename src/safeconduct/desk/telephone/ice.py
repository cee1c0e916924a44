# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which addresses and ports the browser's sound may use: our own, and no third party's server (R10).

aioice offers every address of the machine at random ports, never the loopback (its issues 2 and 47, both open), and looks
up host names that stand in an offer. So the sockets are opened here, and candidates are read before it sees them.
"""

import asyncio
import ipaddress
import random
from collections.abc import Sequence

from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aioice.ice import Connection, StunProtocol
from aiortc import rtcicetransport

MOST_CANDIDATES = 10
_ADDRESS, _PROTOCOL, _LEAST_FIELDS = 4, 2, 8
_CANDIDATE = "a=candidate:"


class OwnSockets(Connection):
    """Opens one socket for each of `hosts`, at a free port of `ports`."""

    hosts: Sequence[str] = ("127.0.0.1",)
    ports: Sequence[int] = range(40200, 40400)

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],  # noqa: ARG002 -- all of the machine's: those that were set count instead
        timeout: int = 5,  # noqa: ARG002, ASYNC109 -- nothing here waits for a network
    ) -> list[Candidate]:
        found = []
        for host in self.hosts:
            protocol = await self._open(host)
            if protocol is not None:
                self._protocols.append(protocol)
                protocol.local_candidate = _candidate(component, protocol)
                found.append(protocol.local_candidate)
        return found

    async def _open(self, host: str) -> StunProtocol | None:
        loop = asyncio.get_running_loop()
        for port in random.sample(self.ports, len(self.ports)):
            try:
                _, protocol = await loop.create_datagram_endpoint(lambda: StunProtocol(self), local_addr=(host, port))
            except OSError:
                continue
            return protocol
        return None


def _candidate(component: int, protocol: StunProtocol) -> Candidate:
    host, port = protocol.transport.get_extra_info("sockname")[:2]
    return Candidate(
        foundation=candidate_foundation("host", "udp", host),
        component=component,
        transport="udp",
        priority=candidate_priority(component, "host"),
        host=host,
        port=port,
        type="host",
    )


def bind(hosts: Sequence[str], ports: Sequence[int]) -> None:
    """From now on every connection of this process uses these."""
    OwnSockets.hosts, OwnSockets.ports = tuple(hosts), tuple(ports)
    rtcicetransport.Connection = OwnSockets  # type: ignore[attr-defined]  # its own name for it


def without_strangers(offer: str) -> str:
    """The offer with no more than a few UDP addresses: no host name that would be looked up, nothing else."""
    kept, left = [], MOST_CANDIDATES
    for line in offer.splitlines():
        if line.startswith(_CANDIDATE):
            if left == 0 or not _is_plain(line.split()):
                continue
            left -= 1
        kept.append(line)
    return "\r\n".join(kept) + "\r\n"


def _is_plain(fields: Sequence[str]) -> bool:
    if len(fields) < _LEAST_FIELDS or fields[_PROTOCOL].lower() != "udp":
        return False
    try:
        return bool(ipaddress.ip_address(fields[_ADDRESS]))
    except ValueError:
        return False
