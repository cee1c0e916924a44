# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prompts as WAV files: 16 bit, mono, with a note inside of what is said. Read strictly: anything odd is not played."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from safeconduct.speech.errors import AudioRefused

LARGEST = 8_000_000  # bytes: four minutes at 16 kHz; the longest sentence takes half a minute
_PCM, _MONO, _BITS = 1, 1, 16
_FORMAT = struct.Struct("<HHIIHH")
_CHUNK = struct.Struct("<4sI")
_NOTE_KIND = b"ICMT"


@dataclass(frozen=True, slots=True)
class Sound:
    """What a prompt's file holds. `note` is the comment inside, so that a renamed file is found out."""

    rate: int
    note: str
    pcm: bytes


def write(sound: Sound) -> bytes:
    """The file of a prompt: format, note, samples (signed 16 bit, little-endian)."""
    note = sound.note.encode() + b"\0"
    fmt = _FORMAT.pack(_PCM, _MONO, sound.rate, sound.rate * 2, 2, _BITS)
    body = b"WAVE" + _chunk(b"fmt ", fmt) + _chunk(b"LIST", b"INFO" + _chunk(_NOTE_KIND, note))
    return _chunk(b"RIFF", body + _chunk(b"data", sound.pcm))


def read(data: bytes) -> Sound:
    """A prompt from its file. Raises `AudioRefused` for whatever `write` did not make: nothing is guessed."""
    if len(data) > LARGEST:
        raise AudioRefused("this sound file is too large for a prompt")
    found = dict(_inside(data))
    try:
        kind, channels, rate, _speed, _block, bits = _FORMAT.unpack(found[b"fmt "])
        pcm, notes = found[b"data"], found[b"LIST"]
    except (KeyError, struct.error):
        raise AudioRefused("this is no prompt: format, note or samples are missing") from None
    if (kind, channels, bits) != (_PCM, _MONO, _BITS) or len(pcm) % 2 or not pcm:
        raise AudioRefused("this is no prompt: it must be 16 bit, mono, and not empty")
    return Sound(rate, _note(notes), pcm)


def chunks(data: bytes, start: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """The pieces of a RIFF body. Raises `AudioRefused` when one ends behind the end."""
    at = start
    while at < len(data):
        if at + _CHUNK.size > len(data):
            raise AudioRefused("this sound file is cut off")
        kind, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if at + size > len(data):
            raise AudioRefused("this sound file is cut off")
        yield kind, data[at : at + size]
        at += size + size % 2


def _inside(data: bytes) -> list[tuple[bytes, bytes]]:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise AudioRefused("this is no WAV file")
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 != len(data):
        raise AudioRefused("this sound file is cut off, or something is behind its end")
    found = list(chunks(data, 12))
    kinds = sorted(kind for kind, _ in found)
    if any(one == other for one, other in pairwise(kinds)):
        raise AudioRefused("this is no prompt: a part of it stands twice")
    return found


def _note(notes: bytes) -> str:
    if notes[:4] != b"INFO":
        raise AudioRefused("this is no prompt: its note cannot be read")
    for kind, content in chunks(notes, 4):
        if kind == _NOTE_KIND:
            return content.rstrip(b"\0").decode("utf-8", "replace")
    raise AudioRefused("this is no prompt: it does not say what it says")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return _CHUNK.pack(kind, len(content)) + content + b"\0" * (len(content) % 2)
