# SPDX-License-Identifier: AGPL-3.0-or-later
"""One rate of sound for as long as a call lasts, whatever its two sides agree on meanwhile.

An exchange may negotiate another codec at any moment (RFC 3264, 8): after hold, at a transfer of its own, for a fax that is
none. What is being said, recorded or mixed then goes on at the rate that it began with.
"""

from array import array
from dataclasses import dataclass
from typing import Any, Protocol

from baresip import AudioNotActive, AudioRestarted

from safeconduct.edge.channels.voice.engine import SAMPLE_BYTES

_NARROW = 8000
_FAILED = (AudioNotActive, AudioRestarted)  # after these the library goes on with whatever was agreed on last


class Audio(Protocol):
    """The part of the library's `CallAudio` that is used here. All of it may raise `AudioNotActive` and `AudioRestarted`."""

    def info(self) -> Any: ...
    def write(self, pcm: bytes | memoryview) -> int: ...
    def read(self, max_bytes: int) -> bytes: ...
    def flush_tx(self) -> None: ...


@dataclass(frozen=True, slots=True)
class State:
    """What of the library's own state is asked for, in the bytes of the steady rate."""

    tx_ready: bool
    tx_sample_rate: int
    tx_buffered: int


class Steady:
    """The library's sound at the rate at which it was first ready. Raises what `Audio` raises."""

    def __init__(self, audio: Audio) -> None:
        self._audio = audio
        self._rate = 0
        self._native = 0  # of now; nothing when it has to be asked for
        self._left = b""  # an odd sample of what came

    def info(self) -> Any:
        try:
            info = self._audio.info()
        except _FAILED:
            self._native = 0
            raise
        self._native = info.tx_sample_rate if info.tx_ready else 0
        self._rate = self._rate or self._native
        return info if self._native in {0, self._rate} else State(True, self._rate, self._ours(info.tx_buffered))

    def write(self, pcm: bytes | memoryview) -> int:
        """How many bytes of it were taken."""
        try:
            if self._is_steady():
                return self._audio.write(pcm)
            return min(len(pcm), self._ours(self._audio.write(at(_even(bytes(pcm)), self._rate, self._native))))
        except _FAILED:
            self._native = 0
            raise

    def read(self, max_bytes: int) -> bytes:
        try:
            is_steady = self._is_steady()
            came = self._audio.read(max_bytes)
        except _FAILED:
            self._native, self._left = 0, b""
            raise
        if is_steady:
            return came
        came = self._left + came
        whole = len(came) // (2 * SAMPLE_BYTES) * (2 * SAMPLE_BYTES)
        self._left = came[whole:]
        return at(came[:whole], self._native, self._rate)

    def flush_tx(self) -> None:
        self._audio.flush_tx()

    def _is_steady(self) -> bool:
        if not self._native and not self.info().tx_ready:
            raise AudioNotActive("there is no sound yet")
        return self._native == self._rate

    def _ours(self, size: int) -> int:
        return size * self._rate // self._native


def at(pcm: bytes, rate: int, wanted: int) -> bytes:
    """Between 8000 and 16000 only. Good enough for a voice: a wide one loses a little, a narrow one gains nothing."""
    if rate == wanted or not pcm:
        return pcm
    heard = samples(pcm)
    if wanted == _NARROW:
        return array("h", [(one + two) // 2 for one, two in zip(heard[::2], heard[1::2], strict=True)]).tobytes()
    wide = array("h", bytes(2 * len(pcm)))
    wide[::2] = heard
    wide[1::2] = array("h", [(one + two) // 2 for one, two in zip(heard, [*heard[1:], heard[-1]], strict=True)])
    return wide.tobytes()


def samples(pcm: bytes) -> "array[int]":
    """Whole samples; a byte left over is dropped."""
    found = array("h")
    found.frombytes(pcm[: len(pcm) // SAMPLE_BYTES * SAMPLE_BYTES])
    return found


def _even(pcm: bytes) -> bytes:
    """The last of a prompt may end with half of a pair."""
    return pcm.ljust(-(-len(pcm) // (2 * SAMPLE_BYTES)) * (2 * SAMPLE_BYTES), b"\0")
