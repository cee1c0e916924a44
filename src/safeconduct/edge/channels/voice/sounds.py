# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sounds of all calls: prompts, read once and kept while they are wanted; an operator's words, spoken in memory."""

import asyncio
import math
from array import array
from collections import OrderedDict
from functools import cache
from typing import Protocol

from safeconduct.edge.channels.voice.engine import SAMPLE_BYTES
from safeconduct.speech.errors import SpeechError
from safeconduct.speech.prompts import Synthesiser

KEPT_BYTES = 64 << 20  # an hour at 8 kHz: three or four languages whole
_LOUDNESS = 6000
_EDGE_SECONDS = 0.01  # a tone that begins at once clicks


class Finds(Protocol):
    """As `speech.prompts.Prompts` does it."""

    def find(self, text: str, language: str, *, rate: int) -> bytes | None: ...


class Sounds:
    """One for the process. A prompt that is not there, or stale, is None and stays asked for: it may be mended meanwhile."""

    def __init__(self, prompts: Finds, synthesiser: Synthesiser | None = None) -> None:
        self._prompts = prompts
        self._synthesiser = synthesiser
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._size = 0

    def find(self, text: str, language: str, rate: int) -> bytes | None:
        """The prompt that says exactly this text."""
        key = (text, language, rate)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        found = self._prompts.find(text, language, rate=rate)
        if found is not None:
            self._keep(key, found)
        return found

    async def speak(self, text: str, language: str, rate: int) -> bytes | None:
        """Words that no prompt says. Kept nowhere."""
        if self._synthesiser is None:
            return None
        try:
            return await asyncio.to_thread(self._synthesiser.say, text, language, rate=rate)
        except SpeechError:
            return None

    def _keep(self, key: tuple[str, str, int], pcm: bytes) -> None:
        self._kept[key] = pcm
        self._size += len(pcm)
        while self._size > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)


def silence(seconds: float, rate: int) -> bytes:
    return bytes(SAMPLE_BYTES * int(seconds * rate))


@cache
def tone(rate: int, *, hertz: int = 950, seconds: float = 0.25) -> bytes:
    """A tone that needs no language: now it is your turn."""
    count, edge = int(seconds * rate), int(_EDGE_SECONDS * rate)
    return array(
        "h",
        (
            int(_LOUDNESS * min(1.0, at / edge, (count - at) / edge) * math.sin(2 * math.pi * hertz * at / rate))
            for at in range(count)
        ),
    ).tobytes()


@cache
def engaged(rate: int) -> bytes:
    """What a telephone says when nobody can: better than silence."""
    return (tone(rate, hertz=425, seconds=0.4) + silence(0.4, rate)) * 4


@cache
def ringing(rate: int) -> bytes:
    """Somebody is being called."""
    return tone(rate, hertz=425, seconds=1.0) + silence(3.0, rate)
