# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sound files. A prompt is 16 bit, mono, and has a note inside of what it says: anything odd is not played.

A speaker's recording may be any plain WAV; it is only ever turned into a prompt.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from safeconduct.speech.errors import AudioRefused

LARGEST = 8_000_000  # bytes: four minutes at 16 kHz; the longest sentence takes half a minute
HEAD = 512  # bytes: in a prompt everything but the samples stands in them
_PCM, _MONO, _BITS = 1, 1, 16
_FLOAT, _EXTENSIBLE = 3, 0xFFFE
_RATES = range(8_000, 192_001)  # samples a second of a recording
_FORMAT = struct.Struct("<HHIIHH")
_CHUNK = struct.Struct("<4sI")
_NOTE, _MAKER, _SAMPLES = b"ICMT", b"ISFT", b"ISHA"  # what it says; what made it; the hash of its samples


@dataclass(frozen=True, slots=True)
class Sound:
    """What a prompt's file holds. `note`: which text it says. `maker`: what made it, so that it can be made anew."""

    rate: int
    note: str
    maker: str
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Recording:
    """What a speaker's file holds: samples as they lie in it, channels side by side."""

    rate: int
    channels: int
    bits: int
    is_float: bool
    samples: bytes


def write(sound: Sound) -> bytes:
    """The file of a prompt: format, notes, samples (signed 16 bit, little-endian)."""
    fmt = _FORMAT.pack(_PCM, _MONO, sound.rate, sound.rate * 2, 2, _BITS)
    said = ((_NOTE, sound.note), (_MAKER, sound.maker), (_SAMPLES, _hash(sound.pcm)))
    notes = b"".join(_chunk(kind, words.encode() + b"\0") for kind, words in said)
    body = b"WAVE" + _chunk(b"fmt ", fmt) + _chunk(b"LIST", b"INFO" + notes)
    return _chunk(b"RIFF", body + _chunk(b"data", sound.pcm))


def read(data: bytes) -> Sound:
    """A prompt from its file. Raises `AudioRefused` for whatever `write` did not make: nothing is guessed."""
    sound, at, samples = _head(data[:HEAD], len(data))
    if not hmac.compare_digest(_hash(data[at:]).encode(), samples.encode()):
        raise AudioRefused("its samples are not those that were written")
    return replace(sound, pcm=data[at:])


def look(start: bytes, size: int) -> Sound:
    """The same without the samples, from the first `HEAD` bytes of a file that is `size` long."""
    return _head(start, size)[0]


def read_recording(data: bytes) -> Recording:
    """A speaker's WAV: one or two channels, 8 to 32 bits. Raises `AudioRefused` with the mend."""
    found = _parts(data)
    kind, channels, rate, bits = _format(found)
    if kind == _EXTENSIBLE:  # the real kind stands in the first two bytes of its 16-byte name
        kind = int.from_bytes(found[b"fmt "][24:26], "little")
    if (kind, bits) not in {(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32)}:
        raise AudioRefused("it must be uncompressed: save it as WAV, 16 bit")
    if channels not in {1, 2} or rate not in _RATES:
        raise AudioRefused("it must have one or two channels and 8,000 samples a second or more")
    samples = found[b"data"]
    whole = len(samples) - len(samples) % (channels * bits // 8)
    if not whole:
        raise AudioRefused("it is empty")
    return Recording(rate, channels, bits, kind == _FLOAT, samples[:whole])


def _hash(pcm: bytes) -> str:
    return hashlib.sha256(pcm).hexdigest()


def _head(start: bytes, size: int) -> tuple[Sound, int, str]:
    """What stands before the samples, where they begin, and their hash. They are the last part and fill the rest of the file."""
    found, at, length = _before_samples(start)
    if start[:4] != b"RIFF" or start[8:12] != b"WAVE" or int.from_bytes(start[4:8], "little") + 8 != size:
        raise AudioRefused("it is cut off, or no WAV file")
    kind, channels, rate, bits = _format(found)
    if (kind, channels, bits) != (_PCM, _MONO, _BITS) or length % 2 or not length or at + length != size:
        raise AudioRefused("it is not 16 bit and mono, or it is empty or cut off")
    notes = found.get(b"LIST", b"")
    if notes[:4] != b"INFO":
        raise AudioRefused("it does not say what it says")
    words = {kind: content.rstrip(b"\0").decode("utf-8", "replace") for kind, content in _chunks(notes, 4)}
    if _SAMPLES not in words:
        raise AudioRefused("it does not tell the hash of its samples")
    return Sound(rate, words.get(_NOTE, ""), words.get(_MAKER, ""), b""), at, words[_SAMPLES]


def _before_samples(start: bytes) -> tuple[dict[bytes, bytes], int, int]:
    found: dict[bytes, bytes] = {}
    at = 12
    while at + _CHUNK.size <= len(start):
        kind, length = _CHUNK.unpack_from(start, at)
        at += _CHUNK.size
        if kind == b"data":
            return found, at, length
        found.setdefault(kind, start[at : at + length])
        at += length + length % 2
    raise AudioRefused("its samples are missing")


def _parts(data: bytes) -> dict[bytes, bytes]:
    """The pieces of a WAV file by their kind."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise AudioRefused("it is no WAV file")
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        raise AudioRefused("it is cut off, or something stands behind its end")
    found: dict[bytes, bytes] = {}
    for kind, content in _chunks(data, 12):
        if kind in found and kind in {b"fmt ", b"data"}:
            raise AudioRefused("a part of it stands twice")
        found.setdefault(kind, content)
    if b"fmt " not in found or b"data" not in found:
        raise AudioRefused("its format or its samples are missing")
    return found


def _format(found: dict[bytes, bytes]) -> tuple[int, int, int, int]:
    if len(found.get(b"fmt ", b"")) < _FORMAT.size:
        raise AudioRefused("its format cannot be read")
    kind, channels, rate, _speed, _block, bits = _FORMAT.unpack_from(found[b"fmt "])
    return kind, channels, rate, bits


def _chunks(data: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    at = start
    while at < len(data):
        if at + _CHUNK.size > len(data):
            raise AudioRefused("it is cut off")
        kind, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if at + size > len(data):
            raise AudioRefused("it is cut off")
        yield kind, data[at : at + size]
        at += size + size % 2


def _chunk(kind: bytes, content: bytes) -> bytes:
    return _CHUNK.pack(kind, len(content)) + content + b"\0" * (len(content) % 2)
