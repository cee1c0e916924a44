# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tones that tell who was heard, when and for how long."""

import itertools
import math
import wave
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

LOW, MIDDLE, HIGH, HIGHEST = 425, 700, 1150, 1900  # far apart, and no multiples of each other
TONES = (LOW, MIDDLE, HIGH, HIGHEST)

_WINDOW = 0.04  # seconds
_LOUD = 300.0  # of 32768: what is softer is silence
_PART = 0.4  # of a window's energy: what is less is not one of ours


def tone(frequency: int, seconds: float, rate: int = 8000, loudness: int = 8000) -> bytes:
    count = int(rate * seconds)
    step = 2 * math.pi * frequency / rate
    return array("h", [int(loudness * math.sin(step * one)) for one in range(count)]).tobytes()


def melody(parts: Iterable[tuple[int, float]], rate: int = 8000) -> bytes:
    return b"".join(tone(frequency, seconds, rate) for frequency, seconds in parts)


def write_wav(path: Path, pcm: bytes, rate: int = 8000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)


def read_wav(path: Path) -> tuple[bytes, int]:
    """What is in a file that is perhaps still being written: its header knows no length yet."""
    found = path.read_bytes()
    at = found.find(b"data") + 8
    return found[at : at + (len(found) - at) // 2 * 2], int.from_bytes(found[24:28], "little")


def heard(pcm: bytes, rate: int = 8000) -> list[tuple[frozenset[int], float]]:
    """Which of our tones sounded together, in order, and for how many seconds. The empty set is silence."""
    size = int(rate * _WINDOW)
    found = array("h")
    found.frombytes(pcm[: len(pcm) // 2 * 2])
    windows = [_tones_of(found[at : at + size], rate) for at in range(0, len(found) - size + 1, size)]
    return [(one, len(list(group)) * _WINDOW) for one, group in itertools.groupby(windows)]


def seconds_of(frequency: int, pcm: bytes, rate: int = 8000) -> float:
    return sum(seconds for tones, seconds in heard(pcm, rate) if frequency in tones)


def order(pcm: bytes, rate: int = 8000, *, least: float = 0.1) -> list[int]:
    """The tones that sounded alone for at least so long, without repetitions."""
    lone = [next(iter(tones)) for tones, seconds in heard(pcm, rate) if len(tones) == 1 and seconds >= least]
    return [one for one, _ in itertools.groupby(lone)]


def gaps(pcm: bytes, rate: int = 8000) -> list[float]:
    """Seconds of each silence between the first and the last sound, to 5 ms."""
    size = rate // 200
    found = array("h")
    found.frombytes(pcm[: len(pcm) // 2 * 2])
    is_loud = [max(map(abs, found[at : at + size]), default=0) > _LOUD for at in range(0, len(found), size)]
    if True not in is_loud:
        return []
    inside = is_loud[is_loud.index(True) : len(is_loud) - is_loud[::-1].index(True)]
    return [len(list(group)) * 0.005 for loud, group in itertools.groupby(inside) if not loud]


def _tones_of(window: Sequence[int], rate: int) -> frozenset[int]:
    energy = sum(one * one for one in window) / len(window)
    if energy < _LOUD * _LOUD:
        return frozenset()
    return frozenset(one for one in TONES if _goertzel(window, one, rate) > _PART * energy * 0.5)


def _goertzel(window: Sequence[int], frequency: int, rate: int) -> float:
    """The mean energy of one frequency in a window; as much as the whole for a pure tone."""
    factor = 2 * math.cos(2 * math.pi * frequency / rate)
    before, last = 0.0, 0.0
    for one in window:
        before, last = last, one + factor * last - before
    power = last * last + before * before - factor * last * before
    return 2 * power / len(window) ** 2
