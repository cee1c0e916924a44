# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone calls as a load: they dial one loopback port, say something 50 times a second, and watch what they hear."""

import os
import re
import select
import socket
import struct
import time
from dataclasses import dataclass, field

PIECE = 0.02
_RTP = struct.Struct("!BBHII")
_PORT = re.compile(rb"m=audio (\d+)")
_TO = re.compile(rb"^To: ([^\r]+)", re.MULTILINE)
_CONTACT = re.compile(rb"^Contact: <([^>]+)>", re.MULTILINE)
_CALL = re.compile(rb"^Call-ID: (\d+)@", re.MULTILINE)
_LOUD = bytes(0x55 ^ (one * 3 % 128 | (one & 8) << 4) for one in range(160))  # a rattle in A-law; no two pieces matter


def _socket() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    one.bind(("127.0.0.1", 0))
    one.setblocking(False)
    return one


@dataclass(slots=True)
class Caller:
    """One call. `gap` is the longest silence inside of what was played, in seconds, and so is `late` of what did not come."""

    asked: float
    sound: int = 0  # the line's port
    to: bytes = b""
    target: bytes = b""
    first: float | None = None
    last: float = 0.0
    silent: int = 0
    gap: float = 0.0
    late: float = 0.0
    heard: int = 0


@dataclass(slots=True)
class Callers:
    port: int
    calls: dict[int, Caller] = field(default_factory=dict)
    _numbers: int = 0
    _sequence: int = 0
    _sip: socket.socket = field(default_factory=_socket)
    _sound: socket.socket = field(default_factory=_socket)
    _by_sound: dict[int, Caller] = field(default_factory=dict)

    def begin(self) -> None:
        self._numbers += 1
        number = self._numbers
        self.calls[number] = Caller(time.perf_counter())
        sound = self._sound.getsockname()[1]
        sdp = f"v=0\r\no=u 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {sound} RTP/AVP 8\r\n"
        self._send("INVITE", number, b"<sip:1@127.0.0.1>", b"sip:1@127.0.0.1", f"{sdp}")

    def end(self, number: int) -> None:
        call = self.calls.pop(number)
        self._by_sound.pop(call.sound, None)
        if call.to:
            self._send("BYE", number, call.to, call.target, "")

    def run(self, seconds: float, *, a_second: float = 0.0) -> None:
        """Speak and listen for so long, and begin so many calls a second."""
        started = time.perf_counter()
        due, begun = started, 0
        while (now := time.perf_counter()) - started < seconds:
            while begun < a_second * (now - started):
                self.begin()
                begun += 1
            if now >= due:
                due += PIECE
                self._speak()
            ready, _, _ = select.select([self._sip, self._sound], [], [], max(0.0, due - time.perf_counter()))
            if self._sip in ready:
                self._hear_sip()
            if self._sound in ready:
                self._hear_sound()

    def forget(self) -> None:
        """What was measured until now does not count."""
        for call in self.calls.values():
            call.gap = call.late = 0.0
            call.silent = 0
            call.last = time.perf_counter()

    def _send(self, method: str, number: int, to: bytes, target: bytes, sdp: str) -> None:
        mine = self._sip.getsockname()[1]
        kind = "Content-Type: application/sdp\r\n" if sdp else ""
        head = (
            f"Via: SIP/2.0/UDP 127.0.0.1:{mine};branch=z9hG4bK{method}{number};rport\r\nFrom: <sip:+4930{number:07}@127.0.0.1>;tag={number}\r\n"
            f"Call-ID: {number}@{os.getpid()}\r\nCSeq: {2 if method == 'BYE' else 1} {method}\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:u@127.0.0.1:{mine}>\r\n{kind}Content-Length: {len(sdp)}\r\n"
        )
        line = method.encode() + b" " + target + b" SIP/2.0\r\nTo: " + to + b"\r\n"
        self._sip.sendto(line + head.encode() + b"\r\n" + sdp.encode(), ("127.0.0.1", self.port))

    def _hear_sip(self) -> None:
        for data in _all(self._sip):
            if not data.startswith(b"SIP/2.0 200") or b" INVITE\r\n" not in data:
                continue
            found, to, contact, sound = (one.search(data) for one in (_CALL, _TO, _CONTACT, _PORT))
            if not (found and to and contact and sound) or (call := self.calls.get(int(found[1]))) is None:
                continue
            call.to, call.target, call.sound = to[1], contact[1], int(sound[1])
            self._by_sound[call.sound] = call
            self._send("ACK", int(found[1]), call.to, call.target, "")

    def _speak(self) -> None:
        self._sequence += 1
        stamp = self._sequence * 160
        packet = _RTP.pack(0x80, 8, self._sequence & 0xFFFF, stamp & 0xFFFFFFFF, 7) + _LOUD
        for sound in self._by_sound:
            self._sound.sendto(packet, ("127.0.0.1", sound))

    def _hear_sound(self) -> None:
        while True:
            try:
                data, (_, port) = self._sound.recvfrom(2048)
            except BlockingIOError:
                return
            call = self._by_sound.get(port)
            if call is None or data[1] & 0x7F != 8:
                continue
            now = time.perf_counter()
            is_silent = data.count(data[12], 12) == len(data) - 12
            if call.first is None:
                if is_silent:
                    continue
                call.first = now
            else:
                call.late = max(call.late, now - call.last - PIECE)
            call.last = now
            call.heard += 1
            call.silent = call.silent + 1 if is_silent else 0
            call.gap = max(call.gap, call.silent * PIECE)


def _all(one: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(one.recv(4096))
        except BlockingIOError:
            return found
