# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator's replies on their way into somebody's ear: as soon as they can listen, and once."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass

from safeconduct.edge.channels.contract import Outgoing
from safeconduct.edge.channels.errors import NotStored, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.voice.asking import Asking
from safeconduct.edge.channels.voice.screens import outcome
from safeconduct.edge.channels.voice.speaker import Speaker, Speechless

REPLY_SECONDS = 50.0  # so long a reply waits until its person can listen
COMING_SECONDS = 12.0  # so long we wait for the replies of somebody whom we called
NEXT_PART_SECONDS = 3.0  # so soon the line brings the next part of a reply


@dataclass(slots=True, eq=False, repr=False)
class _Waiting:
    message: Outgoing
    done: "asyncio.Future[None]"
    has_begun: bool = False


class Replies:
    """Those of one call. Nothing is said before `may_hear`: whom we called has to say first that they can listen."""

    def __init__(self, speaker: Speaker, asking: Asking, *, may_hear: bool) -> None:
        self._speaker = speaker
        self._asking = asking
        self.may_hear = may_hear
        self._waiting: deque[_Waiting] = deque()
        self._came = asyncio.Event()
        self.is_closed = False

    @property
    def can_be_said(self) -> bool:
        return self.may_hear and bool(self._waiting)

    async def deliver(self, message: Outgoing) -> None:
        """Return once it was said. Raises `SendLater`, `SendRefused`, `SendUncertain`."""
        if self.is_closed:
            raise SendLater("the call is over")
        reply = _Waiting(message, asyncio.get_running_loop().create_future())
        self._waiting.append(reply)
        self._came.set()
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                await asyncio.shield(reply.done)
        except TimeoutError:
            if not reply.has_begun:
                self._waiting.remove(reply)
                raise SendLater("the person is talking") from None
            await reply.done
        except asyncio.CancelledError:
            with contextlib.suppress(ValueError):
                self._waiting.remove(reply)
            raise

    async def came(self) -> None:
        """Return once there is one that may be said."""
        while not self.can_be_said:
            self._came.clear()
            await self._came.wait()

    async def say(self) -> str | None:
        """All that wait. The key that cut one short: it comes first, the others after it. Raises `Ended`, `Speechless`."""
        key: str | None = None
        while key is None and self.can_be_said:
            if self._waiting[0].message.about != "knock" and await self._speaker.has_a_key():
                return None  # whoever pressed already would not hear it
            reply = self._waiting.popleft()
            reply.has_begun = True
            key = await self._say(reply)
            if key is None and reply.message.index < reply.message.total:
                await self._next_part()
        return key

    async def say_to_whom_we_called(self) -> str | None:
        """They can listen now: what waits for them, and what the line sends when it hears that they are there."""
        self.may_hear = True
        is_knock = any(reply.message.about == "knock" for reply in self._waiting)
        key = await self.say()
        if is_knock:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(COMING_SECONDS):
                    await self.came()
            key = await self.say()
        return key

    def refuse(self) -> None:
        """Nobody can say them: to call again would be of no use."""
        for reply in self._waiting:
            _settle(reply, SendRefused("no voice can say it"))
        self._waiting.clear()

    def close(self) -> None:
        """The call is over."""
        self.is_closed = True
        for reply in self._waiting:
            _settle(reply, SendLater("nobody listened"))
        self._waiting.clear()

    async def _next_part(self) -> None:
        """No menu between two parts of one reply; a key ends the waiting, as the end of the call does."""
        coming = asyncio.create_task(self.came())
        try:
            waits = {coming, self._speaker.next_key()}
            await asyncio.wait(waits, timeout=NEXT_PART_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            coming.cancel()

    async def _say(self, reply: _Waiting) -> str | None:
        key, message = None, reply.message
        try:
            if message.about == "knock":
                await self._asking.show_up()
            else:
                key = await self._speaker.say_text(message.text.split("\n\n"), message.language)
        except NotStored:
            _settle(reply, SendLater("the line cannot be told that they are there"))
        except Speechless:  # of this language alone: the call goes on
            _settle(reply, SendRefused("no voice can say it"))
            key = await self._speaker.say(outcome("messages", "unavailable"))
        except BaseException:
            _settle(reply, SendUncertain("the call ended while it was said"))
            raise
        _settle(reply, None)
        return key


def _settle(reply: _Waiting, error: Exception | None) -> None:
    if reply.done.done():
        return
    if error is None:
        reply.done.set_result(None)
    else:
        reply.done.set_exception(error)
        reply.done.exception()  # who waited for it may have gone
