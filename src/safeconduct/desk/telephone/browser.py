# SPDX-License-Identifier: AGPL-3.0-or-later
"""The side of the operator: WebRTC to one browser, sound only."""

import asyncio
import contextlib
import time
from collections import deque
from fractions import Fraction

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler

from safeconduct.desk.telephone.calls import PIECE_SECONDS, SAMPLE_BYTES, Voice
from safeconduct.desk.telephone.errors import Refusal
from safeconduct.desk.telephone.ice import without_strangers

CONNECT_SECONDS = 8.0
HEARD_RATE = 16000
PIECE_BYTES = int(HEARD_RATE * PIECE_SECONDS) * SAMPLE_BYTES


class WebRtcBrowser:
    """One connection with one browser; not used twice."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._up = asyncio.Event()
        self._peer = RTCPeerConnection()
        self._heard = Heard()
        self._voice: Voice | None = None
        self._is_paused = False
        self._listening: asyncio.Task[None] | None = None
        self._peer.on("connectionstatechange", self._look)
        self._peer.on("track", self._take)

    async def accept(self, offer: str) -> str:
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(without_strangers(offer), "offer"))
            kinds = [one.kind for one in self._peer.getTransceivers()]
            if kinds != ["audio"]:
                raise Refusal("bad offer")  # noqa: TRY301 -- the same end as an offer that cannot be read
            self._peer.addTrack(self._heard)
            await self._peer.setLocalDescription(await self._peer.createAnswer())
        except Refusal:
            await self.close()
            raise
        except Exception as error:  # the parser raises whatever it stumbles over
            await self.close()
            raise Refusal("bad offer") from error
        return self._peer.localDescription.sdp

    async def connected(self) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._up.wait(), CONNECT_SECONDS)
        return self._up.is_set() and not self.ended.is_set()

    def join(self, voice: Voice) -> None:
        self._voice = voice
        self.pause(on=False)

    def pause(self, *, on: bool) -> None:
        self._is_paused = on
        self._heard.voice = None if on else self._voice

    async def close(self) -> None:
        if self._listening:
            self._listening.cancel()
        await self._peer.close()
        self.ended.set()
        self._up.set()

    def _look(self) -> None:
        if self._peer.connectionState == "connected":
            self._up.set()
        elif self._peer.connectionState in ("failed", "closed"):
            self.ended.set()
            self._up.set()

    def _take(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._listening is None:
            self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        """What the operator says goes to the caller. Read from the start, so that nothing old is waiting when both are joined."""
        narrower = _Rate()
        try:
            with contextlib.suppress(MediaStreamError):
                while True:
                    frame = await track.recv()
                    if self._voice is not None and not self._is_paused and isinstance(frame, AudioFrame):
                        for piece in narrower.pieces(frame, self._voice.rate):
                            self._voice.write(piece)
        finally:  # an operator whom nobody hears any more is gone, whatever the reason
            self.ended.set()
            self._up.set()


class _Rate:
    """Sound at another rate, in pieces of 20 ms."""

    def __init__(self) -> None:
        self._rates = (0, 0)
        self._resampler = AudioResampler()

    def pieces(self, frame: AudioFrame, rate: int) -> list[bytes]:
        if self._rates != (frame.sample_rate, rate):
            self._rates = (frame.sample_rate, rate)
            self._resampler = AudioResampler("s16", "mono", rate, frame_size=int(rate * PIECE_SECONDS))
        return [bytes(one.planes[0])[: one.samples * SAMPLE_BYTES] for one in self._resampler.resample(frame)]


class Heard(MediaStreamTrack):
    """What the caller says, for the browser: 20 ms each 20 ms, silence where there is nothing.

    Always at one rate, whatever the call's is: an encoder that is given another in the middle stops for good.
    """

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.voice: Voice | None = None
        self._wider = _Rate()
        self._ready: deque[bytes] = deque(maxlen=4)
        self._began = 0.0
        self._pieces = 0

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        await self._pace()
        self._take()
        pcm = self._ready.popleft() if self._ready else bytes(PIECE_BYTES)
        return _frame(pcm, HEARD_RATE, self._pieces)

    def _take(self) -> None:
        if self.voice is None:
            self._ready.clear()
            return
        rate, pcm = self.voice.rate, self.voice.read()
        if pcm:
            self._ready.extend(self._wider.pieces(_frame(pcm, rate, self._pieces), HEARD_RATE))

    async def _pace(self) -> None:
        now = time.monotonic()
        if self._pieces == 0 or now - self._began > (self._pieces + 10) * PIECE_SECONDS:
            self._began = now - self._pieces * PIECE_SECONDS  # the machine slept: go on from here, hurry after nothing
        self._pieces += 1
        await asyncio.sleep(max(0.0, self._began + self._pieces * PIECE_SECONDS - now))


def _frame(pcm: bytes, rate: int, turn: int) -> AudioFrame:
    samples = len(pcm) // SAMPLE_BYTES
    frame = AudioFrame("s16", "mono", samples)
    frame.planes[0].update(pcm)
    frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
    frame.pts = turn * samples
    return frame
