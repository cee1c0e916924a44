# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal, by signal-cli's daemon. README.md tells how to set it up, and what is lost when we die at the wrong moment."""

import asyncio
import base64
import binascii
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from safeconduct.dialogue.speaking import split
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Inbound, Outgoing, Take
from safeconduct.edge.channels.errors import ChannelDown, NoRoom, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.signal import payloads, results
from safeconduct.edge.channels.signal.receipts import Receipts
from safeconduct.edge.channels.signal.rpc import Broken, Connection, TooLong, Unreachable
from safeconduct.edge.channels.signal.settings import Settings

__all__ = ["FACTS", "Settings", "SignalChannel", "make"]

FACTS = Facts(code="signal", provider="knows", text_limit=2000, deletes_own=24 * 3600, takes_files=True)
FILE_MAX = 24 << 20  # more than a chat takes: it is there that the person is told the limit
_FILE_LINE_MAX = FILE_MAX * 4 // 3 + 65_536
_LEAVE_SECONDS = 5.0
_TIMED_MOST = 10_000
_PIECE = 65_536
_NO_ROOM_SECONDS = 5.0  # until first words for which there was no room are tried again
_WAITING_MOST = 300  # each is tried again whenever something comes


def make(settings: Settings, reach: Reach) -> "SignalChannel":  # noqa: ARG001 - nothing here is HTTP
    """Raises `SettingsRefused`."""
    settings.check()
    return SignalChannel(settings)


class SignalChannel:
    """A connection to hear, one to speak, and one for receipts. `unknown` and `malformed` only count.

    What was heard and could not be stored stays in `_heard` until it can: signal-cli does not say it again. Whoever is known
    does not wait there for strangers' first words that have no room; `given_up` counts those for which there was none here.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ear, self._mouth = Connection(settings), Connection(settings)
        self._receipts = Receipts(Connection(settings))
        self._heard: deque[payloads.Heard] = deque()
        self._timed: dict[Address, None] = {}  # whose messages disappear by now
        self.unknown = 0
        self.malformed = 0
        self.given_up = 0

    def parts(self, text: str) -> list[str]:
        return split(text, FACTS.text_limit)

    async def receive(self, take: Take) -> None:
        receipts = asyncio.create_task(self._receipts.run())
        try:
            await self._hand_over(take)
            if not self._ear.is_open:
                await self._subscribe()
            while True:
                await self._hand_over(take)
                await self._listen()
        except (Unreachable, Broken) as error:
            raise ChannelDown(str(error)) from None
        except asyncio.CancelledError:
            await self._leave(take)
            raise
        finally:
            receipts.cancel()
            await asyncio.gather(receipts, return_exceptions=True)

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        if not payloads.is_address(address):
            raise SendRefused("neither an account nor a number")
        await self._let_disappear(address)
        params = {"recipient": [str(address)], "message": message.text}
        try:
            response = await self._mouth.call("send", params)
        except Unreachable as error:
            raise SendLater(str(error)) from None
        except Broken as error:
            raise SendUncertain(str(error)) from None
        return (results.sent(response),)

    async def delete(self, address: Address, ids: Sequence[str]) -> None:
        for one in ids:
            params = {"recipient": [str(address)], "targetTimestamp": int(one)}
            try:
                results.sent(await self._mouth.call("remoteDelete", params))
            except (Unreachable, Broken, SendUncertain) as error:  # deleting twice does no harm
                raise SendLater(str(error)) from None

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """Over a connection of its own: the whole file is one line, and nobody's answer may wait for it."""
        if file.size is not None and file.size > FILE_MAX:
            raise SendRefused("too large a file")
        connection = Connection(self._settings, line_max=_FILE_LINE_MAX)
        try:
            response = await connection.call("getAttachment", {"id": file.handle})
        except TooLong:  # its sender said that it was smaller
            raise SendRefused("too large a file") from None
        except (Unreachable, Broken) as error:
            raise SendLater(str(error)) from None
        finally:
            connection.drop()
        if response.error is not None:
            raise SendRefused(f"code {response.error.code}")
        data = _decoded(response)
        for start in range(0, len(data), _PIECE):
            yield data[start : start + _PIECE]

    async def close(self) -> None:
        for connection in (self._ear, self._mouth, self._receipts.connection):
            connection.drop()

    async def _subscribe(self) -> None:
        """From here on the daemon takes messages from Signal: before, they wait there."""
        response = await self._ear.call("subscribeReceive", {}, other=self._hear)
        if response.error is not None:
            self._ear.drop()
            raise Broken(f"code {response.error.code}")

    async def _leave(self, take: Take) -> None:
        """Stop hearing, and hand over what was said until then. What cannot be stored now stays for the next `receive`."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_LEAVE_SECONDS):
                if self._ear.is_open:
                    await self._ear.call("unsubscribeReceive", {}, other=self._hear)
                await self._hand_over(take)
        self._ear.drop()

    async def _listen(self) -> None:
        """The next line; while something waits for room, for a moment only."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_NO_ROOM_SECONDS if self._heard else None):
                    self._hear(await self._ear.line())
        except TooLong:
            self.malformed += 1

    def _hear(self, line: bytes) -> None:
        try:
            heard = payloads.read(line, self._settings.account)
        except payloads.Malformed:
            self.malformed += 1
            return
        if isinstance(heard, payloads.Heard):
            self._heard.append(heard)
        else:
            self.unknown += heard.is_odd

    async def _hand_over(self, take: Take) -> None:
        """One message after the other: while one is stored, the rest waits in the socket, and then at Signal.

        Raises `NotStored`, but not for want of room for strangers: the next message may be of somebody who is known.
        """
        left: deque[payloads.Heard] = deque()
        wait: set[Address] = set()  # nobody's second word is taken without their first
        try:
            while self._heard:
                heard = self._heard[0] = await self._whole(self._heard[0])
                if heard.address in wait or not await self._fits(heard, take):
                    left.append(heard)
                    wait.add(heard.address)
                self._heard.popleft()
        finally:
            self._heard.extendleft(reversed(left))
            self._give_up_beyond(_WAITING_MOST)

    async def _fits(self, heard: payloads.Heard, take: Take) -> bool:
        """Whether there was room. Raises `NotStored` for every other trouble."""
        try:
            await take(heard.inbounds)
        except NoRoom:
            return False
        self._note_timer(heard)
        self._receipts.add(heard.address, heard.timestamp)
        return True

    def _give_up_beyond(self, most: int) -> None:
        """Who wrote first waits on. The newest are told nothing and are not kept: they have to write again."""
        while len(self._heard) > most:
            self._heard.pop()
            self.given_up += 1

    async def _whole(self, heard: payloads.Heard) -> payloads.Heard:
        """With all of a long text. When it cannot be had, its beginning is kept, and the file beside it."""
        if heard.long_text is None:
            return heard
        first = heard.inbounds[0]
        try:
            text = b"".join([piece async for piece in self.fetch(heard.long_text)]).decode()
            changed = replace(first, caption=text) if first.file is not None else replace(first, text=text)
            return replace(heard, inbounds=(changed, *heard.inbounds[1:]), long_text=None)
        except (SendLater, SendRefused, UnicodeDecodeError):
            rest = Inbound(heard.address, f"{first.message_id}.t", file=heard.long_text)
            return replace(heard, inbounds=(*heard.inbounds, rest), long_text=None)

    def _note_timer(self, heard: payloads.Heard) -> None:
        """A shorter time, which the person chose, stays."""
        if heard.expires and heard.expires <= self._settings.disappear_seconds:
            self._timed[heard.address] = None
        else:
            self._timed.pop(heard.address, None)

    async def _let_disappear(self, address: Address) -> None:
        """Both sides' messages of this chat go by themselves. A message is sent all the same when this fails."""
        if not self._settings.disappear_seconds or address in self._timed:
            return
        params = {"recipient": str(address), "expiration": self._settings.disappear_seconds}
        with contextlib.suppress(Unreachable, Broken):
            response = await self._mouth.call("updateContact", params)
            if response.error is None:
                if len(self._timed) >= _TIMED_MOST:
                    self._timed.clear()
                self._timed[address] = None


def _decoded(response: payloads.Response) -> bytes:
    try:
        return base64.b64decode(payloads.decode(response.result, payloads.FileData).data, validate=True)
    except (payloads.Malformed, binascii.Error, ValueError):
        raise SendRefused("an answer that is not the documented one") from None
