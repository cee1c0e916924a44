# SPDX-License-Identifier: AGPL-3.0-or-later
"""espeak-ng as a voice: small, tireless, plain to hear as a machine. It speaks all our languages; Tajik by sounds of ours.

In this process and in memory: no file, no other program, so that an operator's words lie nowhere. The library has one
state for the whole process; a lock guards it. It makes a second of speech in about two milliseconds.
"""

import ctypes
from collections.abc import Mapping
from functools import cache
from threading import Lock

import espeakng_loader

from safeconduct.speech import sounding, tajik_sounds, ukrainian
from safeconduct.speech.errors import AudioRefused, NoSynthesiser
from safeconduct.speech.sounding import Voice
from safeconduct.speech.spelling import for_the_voice

VOICES: Mapping[str, str] = {
    "en": "en",
    "uk": "uk",
    "ru": "ru",
    "ko-KP": "ko",
    "zh-Hans": "cmn",
    "ne": "ne",
    "hi": "hi",
    "es": "es-419",
    "ar": "ar",
    "fr": "fr",
    "sw": "sw",
    "uz-Latn": "uz",
    "ky": "ky",
    "kk": "kk",
    "tg": tajik_sounds.VOICE,
}
_IN_SOUNDS = frozenset({"tg", "uk"})  # given with `[[sounds]]` of ours; in every other language such brackets are text
MAKER = "espeak-ng 1.52, our spelling 7"  # another maker's prompts are made anew: change it with what is set below
LONGEST = 12_000  # characters: a whole reply, and a quarter of an hour of speech
_TEMPO, _TEMPO_OF_SIGNS = 135, 105  # words a minute; the library's own is 175
_SIGNS = 3  # so short a text is a digit, a number or a letter
_PAUSE_BETWEEN_WORDS = 2  # of 10 ms
_SYNCHRONOUS, _NEVER_EXIT, _UTF8, _SOUNDS = 2, 0x8000, 1, 0x100
_RATE, _RANGE, _GAP = 1, 4, 7  # the library's numbers of its settings
_LIVELY = 60  # of 100
_TAKE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """A `Synthesiser`. Every instance shares the one library of the process."""

    maker = MAKER

    def speaks(self, language: str) -> bool:
        return language in VOICES

    def say(self, text: str, language: str, *, rate: int) -> bytes | None:
        """PCM at this rate, or None when no voice speaks the language or nothing of the text can be said."""
        voice = self.voice(text, language)
        return None if voice is None else voice.pcm(rate)

    def voice(self, text: str, language: str) -> Voice | None:
        """The sound before it has a telephone's rate; None as above."""
        if language not in VOICES:
            return None
        tempo = _TEMPO_OF_SIGNS if len(text.strip()) < _SIGNS else _TEMPO
        made = _library().samples(for_the_voice(text[:LONGEST], language), language, tempo)
        try:
            return Voice.of(sounding.of_pcm(made), _library().rate) if made else None
        except AudioRefused:
            return None


class _Library:
    def __init__(self) -> None:
        try:
            self._calls = ctypes.CDLL(espeakng_loader.get_library_path())
        except (OSError, RuntimeError) as error:
            raise NoSynthesiser("espeak-ng cannot be loaded: install the package espeakng-loader anew") from error
        self._calls.espeak_TextToPhonemes.restype = ctypes.c_char_p
        folder = espeakng_loader.get_data_path().encode()
        self.rate: int = self._calls.espeak_Initialize(_SYNCHRONOUS, 0, folder, _NEVER_EXIT)
        if self.rate <= 0:
            raise NoSynthesiser("espeak-ng does not find its voices: install the package espeakng-loader anew")
        self._pieces: list[bytes] = []
        self._take = _TAKE(self._taken)  # kept: the library only borrows it
        self._calls.espeak_SetSynthCallback(self._take)
        self._lock = Lock()

    def samples(self, text: str, language: str, tempo: int) -> bytes:
        kind = _UTF8 | _SOUNDS if language in _IN_SOUNDS else _UTF8
        with self._lock:
            self._pieces.clear()
            if self._calls.espeak_SetVoiceByName(VOICES[language].encode()):
                raise NoSynthesiser(f"espeak-ng has no voice {VOICES[language]}")
            for setting, value in ((_RATE, tempo), (_RANGE, _LIVELY), (_GAP, _PAUSE_BETWEEN_WORDS)):
                self._calls.espeak_SetParameter(setting, value, 0)
            said = _bytes(ukrainian.for_the_voice(text, self._read) if language == "uk" else text)
            self._calls.espeak_Synth(said, len(said), 0, 0, 0, kind, None, None)
            made = b"".join(self._pieces)
            self._pieces.clear()
        return made

    def _read(self, word: str) -> str:
        """The sounds for which the voice takes a word. Within the lock."""
        held = ctypes.create_string_buffer(_bytes(word))
        at, read = ctypes.c_void_p(ctypes.addressof(held)), []
        while at.value:
            read.append((self._calls.espeak_TextToPhonemes(ctypes.byref(at), _UTF8, 0) or b"").decode())
        return "".join(read)

    def _taken(self, samples: object, count: int, _events: object) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, count * 2))  # type: ignore[arg-type]
        return 0


def _bytes(text: str) -> bytes:
    return text.replace("\0", " ").encode("utf-8", "replace") + b"\0"


@cache
def _library() -> _Library:
    return _Library()
