# SPDX-License-Identifier: AGPL-3.0-or-later
"""One bound connection to an SMSC, from bind to its end.

The messages are the library's; its `ESME` is not used: it answers a deliver_sm before anybody could say that it is not
stored, keeps acknowledged parts in memory, writes texts and numbers into its log, ends on a status that it does not know,
and has no TLS.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiosmpplib import (
    BindTransceiver,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    SmppCommand,
    SmppCommandStatus,
    Unbind,
    UnbindResp,
)

from safeconduct.edge.channels.errors import ChannelDown
from safeconduct.edge.channels.sms.payloads import HEADER, LENGTH_MAX, Pdu

QUEUE_MAX = 500  # deliveries that wait to be stored; more are sent back
_SEQUENCE_MAX = 0x7FFFFFFF
_CONNECT_SECONDS = 15.0
_GOODBYE_SECONDS = 2.0
_BIND_REFUSED_SECONDS = 60.0  # a wrong password stays wrong for a while


@dataclass(frozen=True, slots=True, repr=False)
class Arrival:
    """A deliver_sm that waits for its answer."""

    pdu: Pdu
    session: "Session"
    at: float = field(default_factory=time.monotonic)


class Session:
    """Use `opened`. It ends once, with a reason, and is not used again."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, enquire: float, patience: float
    ) -> None:
        self._reader, self._writer = reader, writer
        self._enquire, self._patience = enquire, patience
        self._waiting: dict[int, asyncio.Future[Pdu]] = {}
        self._sequence = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrivals: asyncio.Queue[Arrival | None] = asyncio.Queue()
        self.ended: str | None = None
        self.name = object()  # by which it is remembered, without all that it holds
        self.unknown = 0  # commands that we do not speak
        self.bound_at = time.monotonic()

    @classmethod
    async def opened(  # noqa: PLR0913 - what a connection is
        cls, host: str, port: int, tls: ssl.SSLContext | None, bind: BindTransceiver, *, enquire: float, patience: float
    ) -> "Session":
        """Connected and bound. Raises `ChannelDown`."""
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(host, port, ssl=tls, limit=LENGTH_MAX)
        except (OSError, TimeoutError) as error:
            raise ChannelDown(f"no connection ({type(error).__name__})") from None
        session = cls(reader, writer, enquire=enquire, patience=patience)
        session.background(session._read())
        try:
            answer = await session.ask(bind)
        except ConnectionError:
            raise ChannelDown(f"no answer to bind: {session.ended}") from None
        except BaseException:
            session.end("given up")
            raise
        if answer.command != SmppCommand.BIND_TRANSCEIVER_RESP or answer.status:
            session.end("bind was refused")
            raise ChannelDown(f"bind was refused: status {answer.status:#x}", retry_after=_BIND_REFUSED_SECONDS)
        session.background(session._keep())
        return session

    async def ask(self, message: Any) -> Pdu:
        """Its answer. Raises `ChannelDown` when nothing was sent, `ConnectionError` when nobody knows."""
        if self.ended is not None:
            raise ChannelDown(self.ended)
        self._sequence = self._sequence % _SEQUENCE_MAX + 1
        message.sequence_num = sequence = self._sequence
        octets = message.pdu()
        self._waiting[sequence] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(octets)
            async with asyncio.timeout(self._patience):
                await self._writer.drain()
                return await self._waiting[sequence]
        except TimeoutError:
            self.end("the other side is silent")
            raise ConnectionError("silent") from None
        finally:
            self._waiting.pop(sequence, None)

    def answer(self, arrival: Arrival, status: SmppCommandStatus) -> None:
        """A deliver_sm_resp. Nothing, if the session has ended: it will come again."""
        self._write(DeliverSmResp(arrival.pdu.sequence, status))

    async def arrived(self, seconds: float | None) -> list[Arrival]:
        """All that has come; none when the session has ended, or after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                found = [await self._arrivals.get()]
        except TimeoutError:
            return []
        while not self._arrivals.empty():
            found.append(self._arrivals.get_nowait())
        return [arrival for arrival in found if arrival is not None and self.ended is None]

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Until the session ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self, reason: str) -> None:
        if self.ended is not None:
            return
        self.ended = reason
        if self._writer.transport.get_write_buffer_size():  # closing would wait for who does not read
            self._writer.transport.abort()
        self._writer.close()
        self._arrivals.put_nowait(None)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError(reason))
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    async def close(self) -> None:
        """Unbind, if the other side still listens."""
        with contextlib.suppress(ChannelDown, ConnectionError, TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self.ask(Unbind())
        self.end("closed")
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while self.ended is None:
                self._handle(await self._next())
                async with asyncio.timeout(self._patience):
                    await self._writer.drain()  # who does not read our answers is not read any further
        except TimeoutError:
            self.end("the other side does not read")
        except (OSError, EOFError) as error:
            self.end(f"the connection broke ({type(error).__name__})")

    async def _next(self) -> Pdu:
        length, command, status, sequence = HEADER.unpack(await self._reader.readexactly(HEADER.size))
        if not HEADER.size <= length <= LENGTH_MAX:  # nobody can say where the next one begins
            self._write(GenericNack(sequence_num=0, command_status=SmppCommandStatus.ESME_RINVCMDLEN))
            raise ConnectionError("length")
        return Pdu(command, status, sequence, await self._reader.readexactly(length - HEADER.size))

    async def _keep(self) -> None:
        with contextlib.suppress(ChannelDown, ConnectionError):
            while True:
                await asyncio.sleep(self._enquire)
                await self.ask(EnquireLink())

    def _handle(self, pdu: Pdu) -> None:
        if not pdu.is_request:
            waiting = self._waiting.get(pdu.sequence)
            if waiting is not None and not waiting.done():
                waiting.set_result(pdu)
        elif pdu.command == SmppCommand.DELIVER_SM:
            self._deliver(Arrival(pdu, self))
        elif pdu.command == SmppCommand.ENQUIRE_LINK:
            self._write(EnquireLinkResp(pdu.sequence))
        elif pdu.command == SmppCommand.UNBIND:
            self._write(UnbindResp(pdu.sequence))
            self.end("unbound by the other side")
        else:
            self.unknown += 1
            if pdu.command != SmppCommand.ALERT_NOTIFICATION:  # which has no answer
                self._write(GenericNack(pdu.sequence, SmppCommandStatus.ESME_RINVCMDID))

    def _deliver(self, arrival: Arrival) -> None:
        if self._arrivals.qsize() < QUEUE_MAX:
            self._arrivals.put_nowait(arrival)
        else:
            self.answer(arrival, SmppCommandStatus.ESME_RMSGQFUL)

    def _write(self, message: Any) -> None:
        if self.ended is None:
            self._writer.write(message.pdu())
