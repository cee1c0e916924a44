# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real SMSC (smpp34, an independent implementation) behind a telephone line that can be cut, and a phone at its end."""

import asyncio
import contextlib
import itertools
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from typing import Any

import smpp34
from aiosmpplib import GSM7BitCodec
from tests.ports import free_port

LINE = "12345"  # our own number
_NAME, _PAYLOAD, _REFERENCE = 0x001E, 0x0424, 0x0204
_SAR = (0x020C, 0x020E, 0x020F)
_RINVMSGLEN, _RINVSRCADR, _RINVDSTADR, _RTHROTTLED = 0x01, 0x0A, 0x0B, 0x58
_RINVESMCLASS, _RINVDSTTON, _ROPTPARNOTALLWD = 0x43, 0x50, 0xC1


class Line:
    """A relay between the channel and the SMSC, so that a test can do to a connection what the world does."""

    def __init__(self, port: int) -> None:
        self._onward = port
        self.is_deaf = False  # what we say is lost; what the SMSC says arrives
        self.is_silent = False  # the other way round
        self._ends: list[asyncio.StreamWriter] = []
        self._ours: asyncio.StreamWriter | None = None
        self.connections = 0
        self.heard = b""  # all that we sent

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward_reader, onward = await asyncio.open_connection("127.0.0.1", self._onward)
        self._ends, self._ours = [writer, onward], writer
        self.connections += 1
        await asyncio.gather(
            self._relay(reader, onward, is_ours=True), self._relay(onward_reader, writer, is_ours=False)
        )

    def cut(self) -> None:
        for end in self._ends:
            end.transport.abort()

    def inject(self, octets: bytes) -> None:
        """As if the SMSC had sent it."""
        assert self._ours is not None
        self._ours.write(octets)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_ours: bool) -> None:
        with contextlib.suppress(OSError):
            while octets := await reader.read(65536):
                if is_ours:
                    self.heard += octets
                if not (self.is_deaf if is_ours else self.is_silent):
                    writer.write(octets)
        with contextlib.suppress(OSError):
            writer.close()


class Double:
    address = "+380671234567"
    line: Line

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, tuple[tuple[str, str], ...]]] = []
        self.deleted: list[tuple[str, str]] = []
        self.acknowledged: list[str] = []
        self.statuses: list[int] = []  # of our answers
        self.submitted: list[Any] = []
        self.names_messages = True  # in receipted_message_id, as some SMSCs do
        self._plans: deque[int | None] = deque()  # statuses; None: break the line
        self._pieces: dict[tuple[str, int, int], dict[int, str]] = defaultdict(dict)
        self._ids = itertools.count(1)
        self._references = itertools.count(1)
        self._esme: Any = None
        self._bound = asyncio.Event()
        self.port = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def started(cls, tls: ssl.SSLContext | None = None) -> AsyncIterator["Double"]:
        double = cls()
        inner = free_port()
        double.line = Line(inner)
        server = smpp34.Server("127.0.0.1", inner, system_id="SMSC")
        await server.start()
        relay = await asyncio.start_server(double.line.answer, "127.0.0.1", 0, ssl=tls)
        double.port = relay.sockets[0].getsockname()[1]
        pump = asyncio.create_task(double._pump(server))
        try:
            yield double
        finally:
            double.line.cut()
            relay.close()
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            await server.stop()
            await asyncio.sleep(0.05)  # its threads end after it; the interpreter must not go first

    def settings(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "tls": False,
            "system_id": "line",
            "password": "secret",
            "source": LINE,
            "join_seconds": 1.0,
        }

    # --- the person -----------------------------------------------------------------------------------------------

    async def say(self, text: str, *, address: str | None = None, message_id: str | None = None) -> str:
        name = message_id or f"MO{next(self._ids)}"
        coding, pieces = _pieces(text)
        reference = next(self._references) & 0xFF
        tlvs = [smpp34.Tlv(_NAME, name.encode() + b"\0")] if self.names_messages else []
        statuses = await asyncio.gather(
            *(
                self.deliver(
                    (bytes((5, 0, 3, reference, len(pieces), index)) if len(pieces) > 1 else b"") + piece,
                    address=address,
                    esm_class=0x40 if len(pieces) > 1 else 0,
                    data_coding=coding,
                    tlvs=tlvs,
                )
                for index, piece in enumerate(pieces, 1)
            )
        )
        if not any(statuses):
            self.acknowledged.append(name)
        return name

    async def deliver(self, octets: bytes, *, address: str | None = None, **fields: Any) -> int:
        """A deliver_sm; the status of the answer, -1 if there was none."""
        number = address or self.address
        ton = {"source_addr_ton": 1, "source_addr_npi": 1} if number.startswith("+") else {}
        async with asyncio.timeout(10):
            await self._bound.wait()
        try:
            answer = await self._esme.deliver_sm(LINE, octets, source_addr=number.lstrip("+"), **ton, **fields)
        except smpp34.SmppError:
            return -1
        self.statuses.append(answer.command_status)
        return int(answer.command_status)

    async def say_until_acknowledged(self, text: str) -> str:
        """As an SMSC does it: again and again, on whatever session there is."""
        name = await self.say(text)
        async with asyncio.timeout(20):
            while name not in self.acknowledged:
                await asyncio.sleep(0.05)
                await self.say(text, message_id=name)
        return name

    def cut(self) -> None:
        """The connection breaks; who speaks next waits for a new one."""
        self._bound.clear()
        self.line.cut()

    async def bound(self) -> None:
        async with asyncio.timeout(10):
            await self._bound.wait()

    # --- the SMSC -------------------------------------------------------------------------------------------------

    def refuse_next(self) -> None:
        self._plans.append(_RINVDSTADR)

    def delay_next(self, seconds: float) -> None:  # noqa: ARG002
        """SMPP cannot say how long."""
        self._plans.append(_RTHROTTLED)

    def answer_next(self, status: int) -> None:
        self._plans.append(status)

    def break_next(self) -> None:
        self._plans.append(None)

    async def post(self, channel: object, take: object, payload: bytes | None = None) -> None:
        """SMPP has no webhook."""

    async def _pump(self, server: Any) -> None:
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                self._esme = event
                self._bound.set()
            elif isinstance(event, smpp34.Unbound):
                if event.session_id == self._esme.session_id:
                    self._bound.clear()
            else:
                self._judge(event)

    def _judge(self, event: Any) -> None:
        if wrong := _wrong(event):
            event.reject(wrong)
            return
        plan = self._plans.popleft() if self._plans else 0
        if plan:
            event.reject(plan)
            return
        self._show(event)
        if plan is None:
            self.cut()
        event.accept(f"MT{next(self._ids)}")

    def _show(self, event: Any) -> None:
        """What the phone does: parts in any order become one text."""
        self.submitted.append(event)
        number = ("+" if event.dest_addr_ton == 1 else "") + event.destination_addr
        tlvs = {tlv.tag: tlv.value for tlv in event.tlvs}
        octets, place = event.short_message or tlvs.get(_PAYLOAD, b""), (0, 1, 1)
        if event.esm_class & 0x40:
            place, octets = (octets[3], octets[4], octets[5]), octets[6:]
        elif _SAR[0] in tlvs:
            reference, total, index = (int.from_bytes(tlvs[tag], "big") for tag in _SAR)
            place = (reference, total, index)
        reference, total, index = place
        pieces = self._pieces[number, reference, total]
        pieces[index] = octets.decode("utf-16-be") if event.data_coding == 8 else GSM7BitCodec().decode(octets)[0]
        if len(pieces) == total:
            self.sent.append((number, "".join(pieces[at] for at in sorted(pieces)), ()))
            del self._pieces[number, reference, total]


def _wrong(event: Any) -> int:  # noqa: PLR0911 - one line for each rule
    """The status by which a strict SMSC would refuse it; 0 if it is right."""
    tags = {tlv.tag for tlv in event.tlvs}
    has_header, octets = bool(event.esm_class & 0x40), event.short_message
    if event.esm_class & ~0x40 or (has_header and octets[:3] != b"\x05\x00\x03"):
        return _RINVESMCLASS
    if tags - {*_SAR, _PAYLOAD} or (tags & set(_SAR) and (has_header or not set(_SAR) <= tags)):
        return _ROPTPARNOTALLWD
    if (event.source_addr, event.source_addr_ton) != (LINE, 0) or (not octets and _PAYLOAD not in tags):
        return _RINVSRCADR
    if not event.destination_addr.isdecimal() or not 3 <= len(event.destination_addr) <= 15:
        return _RINVDSTADR
    if (event.dest_addr_ton, event.dest_addr_npi) not in {(1, 1), (0, 1)}:
        return _RINVDSTTON
    header = 6 if has_header or tags & set(_SAR) else 0
    text = octets[6:] if has_header else octets
    if event.data_coding == 8:
        return _RINVMSGLEN if header + len(text) > 140 or len(text) % 2 else 0
    septets = len(text) + (header * 8 + 6) // 7
    return _RINVMSGLEN if event.data_coding or septets > 160 or any(octet > 127 for octet in text) else 0


def _pieces(text: str) -> tuple[int, list[bytes]]:
    try:
        coding, octets, alone, several = 0, GSM7BitCodec().encode(text)[0], 160, 153
    except UnicodeEncodeError:
        coding, octets, alone, several = 8, text.encode("utf-16-be"), 140, 134
    if len(octets) <= alone:
        return coding, [octets]
    return coding, [octets[at : at + several] for at in range(0, len(octets), several)]
