# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process owns a channel, under a lease; when it dies or stalls another takes over, and its commits are refused."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from safeconduct.edge.channels.contract import HasWebhook, Inbound, WebhookAnswer, WebhookRequest
from safeconduct.edge.channels.errors import ChannelDown, ChannelError, ChannelSpent, NotStored
from safeconduct.edge.channels.inside import WantsInside
from safeconduct.edge.chat.conversing import Conversing
from safeconduct.edge.chat.errors import where
from safeconduct.edge.chat.inside import LineInside
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.sending import Sending
from safeconduct.spool.errors import FencedOff, SpoolError

LEASE_SECONDS = 30.0
_RENEW_SECONDS = 5.0
_SWEEP_SECONDS = 3600.0
_PAUSE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Worker:
    """Runs one channel until it is stopped."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._holder = b""  # under which name the lease was won
        self._sending = Sending(line)
        self._conversing = Conversing(line, self._sending.wake)
        self._owns = asyncio.Event()
        if isinstance(line.channel, WantsInside):
            line.channel.inside = LineInside(line)

    @property
    def owns(self) -> bool:
        """Whether this process handles the channel now."""
        return self._owns.is_set()

    async def run(self) -> None:
        """Wait for the lease, work under it, and begin again when it is lost. Until cancelled.

        Raises `ChannelSpent`, in a group, when only a new process can go on.
        """
        try:
            while True:
                await self._win()
                try:
                    await self._work()
                except* FencedOff:
                    _log.warning("channel %s belongs to another worker now", self._line.facts.code)
                except* SpoolError as errors:
                    _log.warning("channel %s begins again: %s", self._line.facts.code, _kinds(errors))
                    await asyncio.sleep(_PAUSE_SECONDS)
                finally:
                    self._owns.clear()
        finally:
            await self._release()

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        """Raises `NotStored`, also while this process does not own the channel."""
        if not self._owns.is_set():
            raise NotStored("another worker owns this channel")
        try:
            await self._conversing.take(inbounds)
        except ChannelError:
            raise
        except Exception as error:  # noqa: BLE001 - our own fault: the provider keeps the message
            _log.error("a message could not be taken: %s", where(error))
            raise NotStored(type(error).__name__) from None

    async def posted(self, request: WebhookRequest) -> WebhookAnswer:
        """What a provider posted to us."""
        channel = self._line.channel
        if not isinstance(channel, HasWebhook):
            return WebhookAnswer(404)
        try:
            return await channel.posted(request, self.take)
        except Exception as error:  # noqa: BLE001 - the outermost loop of a post: it comes again
            _log.error("a post was not taken: %s", where(error))
            return WebhookAnswer(503)

    async def _win(self) -> None:
        name = f"channel/{self._line.facts.code}"
        while True:
            with contextlib.suppress(SpoolError):
                self._holder = self._line.holder.name()
                fence = await self._line.spool.lease(name, self._holder, LEASE_SECONDS)
                if fence is not None:
                    self._line.fence = fence
                    self._line.recent.clear()
                    return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _work(self) -> None:
        if self._line.files is not None:
            self._line.files.sweep_unfinished()
        await self._sending.recover()
        self._owns.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._renew())
            tasks.create_task(self._receive())
            tasks.create_task(self._sending.run())
            tasks.create_task(self._sweep())

    async def _renew(self) -> None:
        fence = self._line.fence
        while fence is not None:
            await asyncio.sleep(_RENEW_SECONDS)
            self._line.recent.forget_stale()
            try:
                renewed = await self._line.spool.lease(fence.name, self._holder, LEASE_SECONDS)
            except SpoolError as error:  # nobody else can take it while the spool answers nobody; fences guard the rest
                _log.warning("channel %s: the lease waits: %s", self._line.facts.code, type(error).__name__)
                continue
            if renewed != fence:
                raise FencedOff(fence)

    async def _sweep(self) -> None:
        while self._line.files is not None:
            try:
                await self._line.files.sweep(self._line.spool)
            except (SpoolError, OSError) as error:
                _log.warning("files were not swept: %s", type(error).__name__)
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _receive(self) -> None:
        while True:
            try:
                await self._line.channel.receive(self.take)
            except ChannelDown as down:
                _log.warning("channel %s is down: %s", self._line.facts.code, down)
                await asyncio.sleep(down.retry_after)
            except NotStored as error:
                _log.warning("channel %s: not stored: %s", self._line.facts.code, error)
                await asyncio.sleep(_PAUSE_SECONDS)
            except (EOFError, ChannelSpent):
                raise  # the input of a terminal has ended, or the use of this process; and with it the worker
            except Exception as error:  # noqa: BLE001 - the outermost loop: a channel's fault must not silence it
                _log.error("channel %s: %s", self._line.facts.code, where(error))
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _release(self) -> None:
        if self._line.fence is not None:
            with contextlib.suppress(SpoolError):
                await self._line.spool.release(self._line.fence)


def _kinds(errors: BaseExceptionGroup[SpoolError]) -> str:
    return ", ".join(sorted({type(error).__name__ for error in errors.exceptions}))
