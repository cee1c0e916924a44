# SPDX-License-Identifier: AGPL-3.0-or-later
"""The prompts of a call: a text that is known -> the sound that says it, or nothing.

A file counts only when the note inside it names this very text and language: a missing, stale, renamed or damaged prompt
is never played, and the caller of `find` goes another way.
"""

import hashlib
import os
import re
import unicodedata
from pathlib import Path
from typing import Protocol

from safeconduct.speech import wav
from safeconduct.speech.errors import AudioRefused
from safeconduct.speech.wav import Sound
from safeconduct.speech.wording import required

__all__ = ["RATES", "Prompts", "Synthesiser", "hash_of", "note_of", "required"]

RATES = (8000, 16000)
_UNHEARD = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")  # they order letters on a screen; nobody says them
_HASH = re.compile(r"[0-9a-f]{64}")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")


class Synthesiser(Protocol):
    """A voice for words that no prompt says: an operator's. In memory, never a file."""

    def say(self, text: str, language: str, *, rate: int) -> bytes | None:
        """PCM, or None when no voice speaks this language. May take a second for a long reply: call it in a thread."""


def hash_of(text: str) -> str:
    """What a prompt is named by: SHA-256 of the words, however they are spaced and whichever way they run."""
    words = " ".join(_UNHEARD.sub("", unicodedata.normalize("NFC", text)).split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def note_of(text_hash: str, language: str) -> str:
    """The note inside a prompt's file."""
    return f"safeconduct prompt {language} sha256:{text_hash}"


class Prompts:
    """The prompts below one folder, read anew each time. Who keeps what it got may still play what was taken back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, text: str, language: str, *, rate: int) -> bytes | None:
        """PCM of this text (signed 16 bit, mono, `rate`), or None when there is none that can be trusted."""
        sound = self.sound(hash_of(text), language, rate=rate)
        return sound.pcm if sound is not None else None

    def lacks(self, language: str, *, is_whole: bool = False) -> tuple[str, ...]:
        """The texts that a call in this language could not say, at one rate or the other. `is_whole`: samples are looked at too."""
        return tuple(
            text for text in required(language) if self.maker(hash_of(text), language, is_whole=is_whole) is None
        )

    def maker(self, text_hash: str, language: str, *, is_whole: bool = False) -> str | None:
        """Who made the prompt of the text with this hash, from its files' heads alone; None when one lacks or is odd."""
        sounds = [self.sound(text_hash, language, rate=rate, is_whole=is_whole) for rate in RATES]
        makers = {sound.maker if sound is not None else None for sound in sounds}
        return makers.pop() if len(makers) == 1 else None

    def sound(self, text_hash: str, language: str, *, rate: int, is_whole: bool = True) -> Sound | None:
        """The prompt of the text with this hash, or None. Without its samples when it need not be whole."""
        if _TAG.fullmatch(language) is None or _HASH.fullmatch(text_hash) is None:
            return None  # neither ever becomes a path
        try:
            sound = _read(self.path(text_hash, language, rate=rate), is_whole=is_whole)
        except (OSError, AudioRefused):
            return None
        return sound if (sound.note, sound.rate) == (note_of(text_hash, language), rate) else None

    def path(self, text_hash: str, language: str, *, rate: int) -> Path:
        """Where the prompt lies."""
        return self._folder / language / f"{text_hash}.{rate}.wav"


def _read(path: Path, *, is_whole: bool) -> Sound:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > wav.LARGEST:
            raise AudioRefused("it is too large for a prompt")
        return wav.read(file.read(size)) if is_whole else wav.look(file.read(wav.HEAD), size)
