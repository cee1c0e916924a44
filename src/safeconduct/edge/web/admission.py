# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who waits in a flood. Nobody is refused, nobody needs a script, no address is kept (T7, T14).

While there is room and the machine keeps up, nothing is asked of anybody. Otherwise whoever's network has had its share,
and whoever has no address, answers a question and waits for half a minute before their application is stored.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterator

from starlette.types import Receive, Scope

from safeconduct.edge.web.networks import network_of
from safeconduct.edge.web.posts import Gone
from safeconduct.edge.web.shares import Shares
from safeconduct.spool.contract import Lane, Spool

HALF = 0.5  # of the room of first contacts; from there on it is kept for those who have not had their share
RESERVED = 0.875  # from here on it is kept for them alone: others wait until the desk has collected some
CROWD = 96  # being stored at once: the machine takes fewer than come. It keeps up with the 64 of the benchmark
CALM_SECONDS = 10.0  # so long after a crowd it is still one
LOOK_SECONDS = 1.0  # how old the spool's answer may be
STANDING_MOST = 256  # that wait with an open connection; whoever comes then is told to try again


class Admission:
    """One for a door. `proxies` are the packed addresses whose forwarding is believed; without any no address is looked at."""

    def __init__(
        self,
        spool: Spool,
        *,
        proxies: Collection[bytes] = (),
        clock: Callable[[], float] = time.monotonic,
        asks: bool = True,
    ) -> None:
        self._spool = spool
        self._asks = asks
        self._proxies = frozenset(proxies)
        self._clock = clock
        self._shares = Shares(clock=clock)
        self._fullness = 0.0
        self._looked = float("-inf")
        self._look: asyncio.Task[None] | None = None
        self._storing = 0
        self._crowded_until = float("-inf")
        self._standing = 0

    def must_wait(self, scope: Scope) -> bool:
        """Whether this application answers a question and waits. Counts it, so it is asked once for each."""
        if not self._asks:
            return False
        network = network_of(scope, self._proxies)
        is_within = network is not None and self._shares.take(network)
        now = self._clock()
        if now - self._looked >= LOOK_SECONDS and (self._look is None or self._look.done()):
            self._looked = now
            self._look = asyncio.create_task(self.look())
        return not is_within and (self._fullness >= HALF or now < self._crowded_until)

    @property
    def has_room_to_share(self) -> bool:
        """False when the last of the room is kept for those who have not had their share."""
        return self._fullness < RESERVED

    async def look(self) -> None:
        """At the spool; by itself once a second while people come. It never makes one of them wait."""
        self._fullness = await self._spool.fullness(Lane.FIRST)

    @contextlib.contextmanager
    def storing(self) -> Iterator[None]:
        """While one application is sealed and stored."""
        self._storing += 1
        if self._storing > CROWD:
            self._crowded_until = self._clock() + CALM_SECONDS
        try:
            yield
        finally:
            self._storing -= 1

    async def stand(self, receive: Receive, seconds: float) -> bool:
        """Wait with whoever asked; False at once when too many do. Raises `Gone` when they leave."""
        if self._standing >= STANDING_MOST:
            return False
        self._standing += 1
        try:
            async with asyncio.timeout(seconds):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return True
        finally:
            self._standing -= 1
        raise Gone
