# SPDX-License-Identifier: AGPL-3.0-or-later
"""From samples of any voice to the same sound everywhere: no silence at its ends, one loudness, a telephone's rates.

Loudness is the active speech level, the measure of telephony (ITU-T P.56), simplified: the mean power of those pieces of
20 ms that are not pauses. It does not weigh pitches as a broadcaster's measure does; a telephone's band is narrow anyway.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from safeconduct.speech.errors import AudioRefused
from safeconduct.speech.wav import Recording

Samples = npt.NDArray[np.float32]

LOUDNESS = -20.0  # dB below full scale, of active speech; P.56 would have -26, but people listen in noise
_PEAK = 0.89  # -1 dB: what a codec overshoots must not clip
_BENDS_AT = 0.5  # above this a peak is bent, not cut
_PAUSE = -25.0  # dB below the loudest pieces: a pause, or breath
_TELEPHONE = 8000  # the rate of most calls
_PIECE = 0.02  # seconds
_BEFORE, _AFTER = 0.06, 0.24  # seconds of silence kept, so that prompts can follow each other
_QUIETEST = 1e-4  # a recording below this says nothing
_TOO_LOUD = np.float32(4)  # a float sample may be anything
_IN_24_BITS = (False, 24)
_KINDS = {  # (is float, bits): numpy's name, silence, full scale
    (False, 8): ("u1", 128, 128),
    (False, 16): ("<i2", 0, 2**15),
    (False, 32): ("<i4", 0, 2**31),
    (True, 32): ("<f4", 0, 1),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What was said, shaped, at the rate of who said it."""

    samples: Samples
    rate: int

    @classmethod
    def of(cls, samples: Samples, rate: int) -> "Voice":
        """Raises `AudioRefused` for silence."""
        return cls(shaped(samples, rate), rate)

    def pcm(self, to: int) -> bytes:
        """At another rate, as signed 16 bit."""
        heard = soxr.resample(self.samples, self.rate, to) if self.rate != to else self.samples
        return (np.clip(heard, -1.0, 1.0) * 32767).astype("<i2").tobytes()


def shaped(samples: Samples, rate: int) -> Samples:
    """Trimmed and brought to one loudness. Raises `AudioRefused` for silence."""
    centred = samples - samples.mean()
    if not np.isfinite(centred).all() or np.abs(centred).max() < _QUIETEST:
        raise AudioRefused("it is silent")
    trimmed = _trimmed(centred, rate)
    narrow = soxr.resample(trimmed, rate, _TELEPHONE)  # a hiss that no telephone carries must not count
    gain = 10 ** ((LOUDNESS - loudness(narrow, _TELEPHONE)) / 20)
    return _bent(trimmed * np.float32(gain))


def loudness(samples: Samples, rate: int) -> float:
    """Active speech level in dB below full scale."""
    power = _powers(samples, rate)
    active = power[power > _loud(power) * 10 ** (_PAUSE / 10)]
    return float(10 * np.log10(active.mean()))


def of_pcm(data: bytes) -> Samples:
    """Samples of signed 16 bit."""
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)


def of_recording(recording: Recording) -> Samples:
    """A speaker's samples, both channels as one."""
    values = _numbers(recording).reshape(-1, recording.channels)
    mixed: Samples = values.mean(axis=1, dtype=np.float32)
    return mixed


def _numbers(recording: Recording) -> Samples:
    """Between -1 and 1, whatever they were written in."""
    raw, kind = recording.samples, (recording.is_float, recording.bits)
    if kind == _IN_24_BITS:  # numpy has no such type: the low byte of 32 bits stays empty
        wide = np.zeros((len(raw) // 3, 4), "u1")
        wide[:, 1:] = np.frombuffer(raw, "u1").reshape(-1, 3)
        raw, kind = wide.tobytes(), (False, 32)
    code, middle, full = _KINDS[kind]
    numbers = np.frombuffer(raw, code).astype(np.float32)
    clipped: Samples = np.clip((numbers - np.float32(middle)) / np.float32(full), -_TOO_LOUD, _TOO_LOUD)
    return clipped


def _powers(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    piece = int(rate * _PIECE)
    padded = np.pad(samples.astype(np.float64), (0, -len(samples) % piece))
    powers: npt.NDArray[np.float64] = np.square(padded).reshape(-1, piece).mean(axis=1)
    return powers


def _loud(power: npt.NDArray[np.float64]) -> float:
    return float(np.quantile(power, 0.95)) or float(power.max())


def _trimmed(samples: Samples, rate: int) -> Samples:
    power = _powers(samples, rate)
    heard = np.flatnonzero(power > _loud(power) * 10 ** (2 * _PAUSE / 10))
    piece = int(rate * _PIECE)
    body = samples[heard[0] * piece : (heard[-1] + 1) * piece]
    return np.pad(body, (int(rate * _BEFORE), int(rate * _AFTER)))


def _bent(samples: Samples) -> Samples:
    """Loud peaks are pressed together below `_PEAK`: a sentence stays as loud as its neighbours, and nothing clips."""
    size = np.abs(samples)
    room = _PEAK - _BENDS_AT
    bent = _BENDS_AT + room * np.tanh((size - _BENDS_AT) / room)
    return np.where(size > _BENDS_AT, np.sign(samples) * bent, samples).astype(np.float32)
