# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone calls as a load: they dial one loopback port, say something 50 times a second, and watch what they hear.

They press keys (RFC 4733), and answer when they are called. Whoever plays or says one steady sound (`voice_of`) can be told by it.
"""

import os
import re
import select
import socket
import struct
import time
from array import array
from collections import Counter, deque
from dataclasses import dataclass, field

PIECE = 0.02
_RTP = struct.Struct("!BBHII")
_PORT = re.compile(rb"m=audio (\d+)")
_TO = re.compile(rb"^To: ([^\r]+)", re.MULTILINE)
_CONTACT = re.compile(rb"^Contact: <([^>]+)>", re.MULTILINE)
_CALL = re.compile(rb"^Call-ID: (\d+)@", re.MULTILINE)
_CALL_ID = re.compile(rb"^Call-ID: ([^\r]+)", re.MULTILINE | re.IGNORECASE)
_ECHOED = re.compile(rb"^(?:Via|From|Call-ID|CSeq): [^\r]+\r\n", re.MULTILINE | re.IGNORECASE)
_CALLED = re.compile(rb"^INVITE sip:([^@;> ]+)")
_MEDIA = "v=0\r\no=u 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {} RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n"
_KEYS = "0123456789*#"
_KEY_PIECES, _KEY_ENDS, _KEY_PAUSE = 4, 3, 3  # of 20 ms: held down, the end said again and again, nothing
_EVENT = struct.Struct("!BBH")
VOICES = 56  # so many steady sounds are told apart
_UNSIGNED = bytes(one & 0x7F for one in range(256))
_LOUD = bytes(0x55 ^ (one * 3 % 128 | (one & 8) << 4) for one in range(160))  # a rattle in A-law; no two pieces matter


def voice_of(number: int) -> bytes:
    """20 ms of the steady sound with this number, below `VOICES`: one loudness of A-law, up and down."""
    code = 0x7F - number ^ 0x55
    return bytes([*[code] * 8, *[code | 0x80] * 8] * 10)


def loudness_of(number: int) -> int:
    """The same sound's samples, without their sign."""
    code = 0x7F - number
    return ((code & 0xF) << 4 | 0x108) << (code >> 4) - 1


def pcm_of(number: int, seconds: float) -> bytes:
    """The same sound as what a line plays, 8000 samples a second."""
    loud = loudness_of(number)
    return array("h", [*[loud] * 8, *[-loud] * 8] * int(500 * seconds)).tobytes()


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
    voice: bytes = _LOUD
    name: str = ""  # under which this one was called
    voices: "Counter[int]" = field(default_factory=Counter)  # the steady sounds that were heard, and in how many pieces
    is_over: bool = False
    keys: deque[bytes | None] = field(default_factory=deque)  # what is sent instead of the voice, 20 ms each
    sound: int = 0  # the line's port
    to: bytes = b""
    target: bytes = b""
    first: float | None = None
    last: float = 0.0
    silent: int = 0
    gap: float = 0.0
    late: float = 0.0
    heard: int = 0

    def press(self, keys: str) -> None:
        """Send these after what is being sent."""
        for key in map(_KEYS.index, keys):
            held = [_EVENT.pack(key, 10, 160 * one) for one in range(1, _KEY_PIECES + 1)]
            self.keys += [*held, *[_EVENT.pack(key, 0x8A, 160 * _KEY_PIECES)] * _KEY_ENDS, *[None] * _KEY_PAUSE]


@dataclass(slots=True)
class Callers:
    port: int
    calls: dict[int, Caller] = field(default_factory=dict)
    _numbers: int = 0
    _sequence: int = 0
    _sip: socket.socket = field(default_factory=_socket)
    _sound: socket.socket = field(default_factory=_socket)
    _by_sound: dict[int, Caller] = field(default_factory=dict)
    answered: dict[bytes, Caller] = field(default_factory=dict)  # calls of the line to us, by their Call-ID
    _key_began: dict[int, int] = field(default_factory=dict)

    @property
    def port_of_ours(self) -> int:
        """Where the line can call us."""
        return int(self._sip.getsockname()[1])

    def begin(self, voice: bytes = _LOUD) -> Caller:
        self._numbers += 1
        number = self._numbers
        self.calls[number] = Caller(time.perf_counter(), voice)
        self._send("INVITE", number, b"<sip:1@127.0.0.1>", b"sip:1@127.0.0.1", self._media)
        return self.calls[number]

    @property
    def _media(self) -> str:
        return _MEDIA.format(self._sound.getsockname()[1])

    def close(self) -> None:
        self._sip.close()
        self._sound.close()

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
            if not data.startswith((b"SIP/2.0 ", b"ACK ")):
                self._answer(data)
            if not data.startswith(b"SIP/2.0 200") or b" INVITE\r\n" not in data:
                continue
            found, to, contact, sound = (one.search(data) for one in (_CALL, _TO, _CONTACT, _PORT))
            if not (found and to and contact and sound) or (call := self.calls.get(int(found[1]))) is None:
                continue
            call.to, call.target, call.sound = to[1], contact[1], int(sound[1])
            self._by_sound[call.sound] = call
            self._send("ACK", int(found[1]), call.to, call.target, "")

    def _answer(self, data: bytes) -> None:
        """A call to us begins, is asked for anew, or ends; all of that is fine."""
        name, call_id, to = (one.search(data) for one in (_CALLED, _CALL_ID, _TO))
        if call_id is None or to is None:
            return
        body = self._media if name is not None else ""
        tag = b"" if b";tag=" in to[1] else b";tag=us"
        kind = f"Contact: <sip:u@127.0.0.1:{self.port_of_ours}>\r\n" + "Content-Type: application/sdp\r\n" * bool(body)
        head = b"SIP/2.0 200 OK\r\n" + b"".join(_ECHOED.findall(data)) + b"To: " + to[1] + tag + b"\r\n"
        tail = f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        self._sip.sendto(head + tail.encode(), ("127.0.0.1", self.port))
        sound = _PORT.search(data)
        if name is not None and sound is not None and call_id[1] not in self.answered:
            call = Caller(time.perf_counter(), name=name[1].decode(), sound=int(sound[1]))
            self.answered[call_id[1]] = self._by_sound[call.sound] = call
        elif data.startswith(b"BYE "):
            self._over(call_id[1])

    def _over(self, call_id: bytes) -> None:
        call = self.answered.get(call_id)
        if call is None and (number := call_id.partition(b"@")[0]).isdigit():
            call = self.calls.get(int(number))
        if call is not None:
            call.is_over = True
            self._by_sound.pop(call.sound, None)

    def _speak(self) -> None:
        self._sequence += 1
        stamp = self._sequence * 160
        for sound, call in self._by_sound.items():
            self._sound.sendto(self._next(sound, call, stamp), ("127.0.0.1", sound))

    def _next(self, sound: int, call: Caller, stamp: int) -> bytes:
        event = call.keys.popleft() if call.keys else None
        if event is None:
            self._key_began.pop(sound, None)
            return _RTP.pack(0x80, 8, self._sequence & 0xFFFF, stamp & 0xFFFFFFFF, 7) + call.voice
        is_first = sound not in self._key_began
        began = self._key_began.setdefault(sound, stamp)
        return _RTP.pack(0x80, 96 | 0x80 * is_first, self._sequence & 0xFFFF, began & 0xFFFFFFFF, 7) + event

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
            if not is_silent and (loudness := _steady(data[12:])) is not None:
                call.voices[loudness] += 1
            call.silent = call.silent + 1 if is_silent else 0
            call.gap = max(call.gap, call.silent * PIECE)


def _steady(piece: bytes) -> int | None:
    """The number of the steady sound that this is."""
    loudness = piece.translate(_UNSIGNED)
    number = 0x7F - (loudness[0] ^ 0x55)
    return number if number < VOICES and loudness.count(loudness[0]) == len(loudness) else None


def _all(one: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(one.recv(4096))
        except BlockingIOError:
            return found
