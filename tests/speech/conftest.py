# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small script of two sentences, and a voice that hums: what is built can be told from what it was built of."""

import ctypes
import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from safeconduct.speech import building, espeak, prompts
from safeconduct.speech.sounding import Voice
from safeconduct.speech.spelling import for_the_voice

TEXTS = ("Put all weapons away from you.", "Your code:")


@dataclass
class Humming:
    """Speaks every language but Tajik, each text in a tone of its own, and remembers what it was asked."""

    maker: str = "humming 1"
    asked: list[str] = field(default_factory=list)

    def speaks(self, language: str) -> bool:
        return language != "tg"

    def voice(self, text: str, language: str) -> Voice | None:
        if not self.speaks(language):
            return None
        self.asked.append(text)
        return Voice.of(tone(200 + hashlib.sha256(text.encode()).digest()[0]), 22050)


def tone(pitch: float, seconds: float = 0.5, rate: int = 22050) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return (0.1 * np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * pitch / rate)).astype(np.float32)


def plain_wav(samples: bytes, *, rate: int = 44100, channels: int = 1, bits: int = 16, kind: int = 1) -> bytes:
    """As a recorder writes it."""
    block = channels * bits // 8
    fmt = struct.pack("<HHIIHH", kind, channels, rate, rate * block, block, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def recorded(seconds: float = 0.5, rate: int = 44100) -> bytes:
    return plain_wav((tone(440, seconds, rate) * 32767).astype("<i2").tobytes(), rate=rate)


@pytest.fixture
def two_texts(monkeypatch: pytest.MonkeyPatch) -> Callable[[tuple[str, ...]], None]:
    """Every language says only these; called again, an editor has changed them."""

    def say(texts: tuple[str, ...]) -> None:
        for module in (prompts, building):
            monkeypatch.setattr(module, "required", lambda _language: texts)

    say(TEXTS)
    return say


@pytest.fixture
def spoken(tmp_path: Path) -> Callable[[bytes, str], Path]:
    """Puts a speaker's recording where it belongs, for a text in English."""

    def put(content: bytes, text: str) -> Path:
        path = tmp_path / "recorded" / "en" / f"{prompts.hash_of(text)[:16]}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return put


AS_IPA = 2


@pytest.fixture
def phonemes() -> Callable[..., str]:
    """What espeak-ng itself reads from a text, clause by clause, before there is any sound."""

    def read(text: str, language: str, told: int = AS_IPA) -> str:
        library = espeak._library()
        library.samples("", language, 135)  # leaves the voice set, and how its texts are taken
        calls = library._calls
        calls.espeak_TextToPhonemes.restype = ctypes.c_char_p
        held = ctypes.create_string_buffer(for_the_voice(text, language).encode())
        at, said = ctypes.c_void_p(ctypes.addressof(held)), []
        while at.value:
            said.append((calls.espeak_TextToPhonemes(ctypes.byref(at), 1, told) or b"").decode())
        return " ".join(said)

    return read
