# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message while it is spoken: in memory alone, of a bounded length, without the silence around it."""

import asyncio
import struct

import numpy as np
from numpy.typing import NDArray

from safeconduct.edge.channels.voice.engine import SAMPLE_BYTES

_FRAME_SECONDS = 0.02
_AUDIBLE = 150.0  # root mean square of 32,768: speech, on any line
_WHISPERED = 40.0  # on a quiet line; on another, so many times what it hums
_ABOVE_HUM = 3.0
_HUM_PERCENT = 10  # of the time at least nothing is said: breath, pauses between words
_MARGIN_FRAMES = 15  # kept before the first and after the last sound: a word begins and ends softly
_LEAST_FRAMES = 10  # of sound, to be a message: a click is none


class Recording:
    """`take` is for `Call.listen`. It forgets what goes beyond `seconds`."""

    def __init__(self, rate: int, *, seconds: float) -> None:
        self._rate = rate
        self._most = int(rate * seconds) * SAMPLE_BYTES
        self._heard = bytearray()
        self.full = asyncio.Event()

    def take(self, piece: bytes) -> None:
        room = self._most - len(self._heard)
        self._heard += piece[:room]
        if room <= len(piece):
            self.full.set()

    def wav(self) -> bytes | None:
        """The message as a file's bytes, or None when nothing was heard."""
        loudness = self._loudness()
        audible = np.flatnonzero(loudness >= _least(loudness))
        if len(audible) < _LEAST_FRAMES:
            return None
        size = self._frame * SAMPLE_BYTES
        start = max(0, int(audible[0]) - _MARGIN_FRAMES) * size
        end = (int(audible[-1]) + 1 + _MARGIN_FRAMES) * size
        return wav(bytes(self._heard[start:end]), self._rate)

    def forget(self) -> None:
        """Overwrite what was heard; copies that Python made on the way it cannot."""
        self._heard[:] = bytes(len(self._heard))
        self._heard.clear()

    @property
    def _frame(self) -> int:
        return int(self._rate * _FRAME_SECONDS)

    def _loudness(self) -> NDArray[np.float64]:
        whole = len(self._heard) // (self._frame * SAMPLE_BYTES) * self._frame * SAMPLE_BYTES
        samples = np.frombuffer(bytes(self._heard[:whole]), dtype=np.int16).astype(np.float64)
        return np.sqrt(np.mean(np.square(samples.reshape(-1, self._frame)), axis=1)) if whole else np.zeros(0)

    def __repr__(self) -> str:
        return "Recording(…)"


def _least(loudness: NDArray[np.float64]) -> float:
    """Whoever has to whisper is heard, and the hum of a line alone is no message."""
    hum = float(np.percentile(loudness, _HUM_PERCENT)) if len(loudness) else 0.0
    return min(_AUDIBLE, max(_WHISPERED, _ABOVE_HUM * hum))


def wav(pcm: bytes, rate: int) -> bytes:
    """RIFF, 16 bit, mono."""
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    body = b"WAVE" + head + struct.pack("<4sI", b"data", len(pcm)) + pcm
    return struct.pack("<4sI", b"RIFF", len(body)) + body
