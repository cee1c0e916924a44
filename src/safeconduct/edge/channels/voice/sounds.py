# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sounds of all calls: prompts, read before they are wanted and kept; an operator's words, spoken in memory.

Languages are read whole, in a thread: a slow disk makes nobody's call stammer. What finds no room is read when it is first
said, and takes the place of what was not said for longest.
"""

import asyncio
import itertools
import math
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from safeconduct.edge.channels.voice.engine import SAMPLE_BYTES
from safeconduct.speech.errors import SpeechError
from safeconduct.speech.prompts import Synthesiser
from safeconduct.speech.wording import required

KEPT_BYTES = 256 << 20  # about four languages whole, at both rates
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
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()  # what was said last stands last
        self._size = 0

    async def load(self, languages: Sequence[str], rates: Sequence[int]) -> None:
        """What is said in these, so that `find` need not touch the disk; the first ones first, as long as there is room."""
        for language, rate in itertools.product(languages, rates):
            for key, pcm in (await asyncio.to_thread(self._read, language, rate)).items():
                if self._size + len(pcm) <= KEPT_BYTES:
                    self._keep(key, pcm)

    def find(self, text: str, language: str, rate: int) -> bytes | None:
        """The prompt that says exactly this text."""
        key = (text, language, rate)
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return kept
        if (found := self._prompts.find(text, language, rate=rate)) is not None:
            self._keep(key, found)
        return found

    def _read(self, language: str, rate: int) -> dict[tuple[str, str, int], bytes]:
        wanted = [text for text in required(language) if (text, language, rate) not in self._kept]
        if self._size >= KEPT_BYTES:
            return {}
        found = {(text, language, rate): self._prompts.find(text, language, rate=rate) for text in wanted}
        return {key: pcm for key, pcm in found.items() if pcm is not None}

    def _keep(self, key: tuple[str, str, int], pcm: bytes) -> None:
        if key in self._kept:
            return
        self._kept[key] = pcm
        self._size += len(pcm)
        while self._size > KEPT_BYTES:
            self._size -= len(self._kept.popitem(last=False)[1])

    async def speak(self, text: str, language: str, rate: int) -> bytes | None:
        """Words that no prompt says. Kept nowhere."""
        if self._synthesiser is None:
            return None
        try:
            return await asyncio.to_thread(self._synthesiser.say, text, language, rate=rate)
        except SpeechError:
            return None


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
