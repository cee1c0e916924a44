# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much each network has had of late, in memory of a fixed size, under a random key that lives for an hour (T7).

A table of moments, indexed by a keyed hash of the prefix: a flood from a million networks fills no memory, and whoever
takes the running machine cannot tell whose moment it is without trying addresses, nor even that once the key is gone.
Two networks may share a place; what that costs the second is a question and a wait.
"""

import asyncio
import hashlib
import secrets
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from safeconduct.edge.web.networks import Network

SLOTS = 1 << 16
KEY_SECONDS = 3600.0

_KEY_BYTES = 16
_DIGEST_BYTES = 4


@dataclass(frozen=True, slots=True)
class Share:
    """So many at once, then one more every so many seconds."""

    at_once: int
    every: float


NEAR = Share(10, 15.0)  # several people behind one address; a camp's hundreds wait half a minute, and only in a flood
WIDE = Share(80, 2.0)


class Shares:
    """One for a door."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._near = _Table(NEAR)
        self._wide = _Table(WIDE)
        self._key = b""

    def take(self, network: Network) -> bool:
        """Whether this network still had some of its share. What is beyond it is not counted: it spoils no other's place."""
        now = self._clock()
        near, wide = self._slot(network.near), self._slot(network.wide)
        if not (self._wide.has(wide, now) and self._near.has(near, now)):
            return False
        self._near.count(near, now)
        self._wide.count(wide, now)
        return True

    def forget(self) -> None:
        """Destroy the key, and with it all that was counted."""
        self._key = b""
        self._near.clear()
        self._wide.clear()

    def _slot(self, prefix: bytes) -> int:
        if not self._key:
            self._key = secrets.token_bytes(_KEY_BYTES)
            # By a timer, not when the next one comes: perhaps nobody comes, and the machine is taken.
            asyncio.get_running_loop().call_later(KEY_SECONDS, self.forget)
        digest = hashlib.blake2b(prefix, key=self._key, digest_size=_DIGEST_BYTES).digest()
        return int.from_bytes(digest, "big") % SLOTS


class _Table:
    """For each place the moment at which its share will be whole again (the generic cell rate algorithm)."""

    def __init__(self, share: Share) -> None:
        self._every = share.every
        self._ahead = share.every * (share.at_once - 1)
        self._whole_at = array("d", bytes(8 * SLOTS))

    def has(self, slot: int, now: float) -> bool:
        return self._whole_at[slot] - now <= self._ahead

    def count(self, slot: int, now: float) -> None:
        self._whole_at[slot] = max(self._whole_at[slot], now) + self._every

    def clear(self) -> None:
        self._whole_at = array("d", bytes(8 * SLOTS))
