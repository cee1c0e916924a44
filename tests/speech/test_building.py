# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.speech.conftest import TEXTS, Humming, plain_wav, recorded, tone

from safeconduct.speech import building, sounding
from safeconduct.speech.building import build
from safeconduct.speech.prompts import Prompts, hash_of

FIRST, SECOND = TEXTS
Say = Callable[[tuple[str, ...]], None]
Spoken = Callable[[bytes, str], Path]
pytestmark = pytest.mark.usefixtures("two_texts")


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*.wav")}


def test_only_what_has_changed_is_made_anew(tmp_path: Path, two_texts: Say) -> None:
    build(tmp_path, "en", Humming())
    before = stamps(tmp_path)
    two_texts((FIRST, "Your new code:"))
    voice = Humming()
    built = build(tmp_path, "en", voice)
    assert (built.made, built.kept, built.removed, voice.asked) == (1, 1, 2, ["Your new code:"])
    assert {name: stamp for name, stamp in stamps(tmp_path).items() if name in before}.items() <= before.items()
    assert Prompts(tmp_path).find(SECOND, "en", rate=8000) is None


def test_another_maker_makes_all_anew(tmp_path: Path) -> None:
    build(tmp_path, "en", Humming())
    assert build(tmp_path, "en", Humming(maker="humming 2")).made == len(TEXTS)
    assert build(tmp_path, "en", Humming(maker="humming 2")).made == 0


def test_a_damaged_prompt_is_made_anew(tmp_path: Path) -> None:
    build(tmp_path, "en", Humming())
    path = tmp_path / "en" / f"{hash_of(FIRST)}.8000.wav"
    path.write_bytes(path.read_bytes()[:-10])
    assert build(tmp_path, "en", Humming()).made == 1
    assert Prompts(tmp_path).lacks("en") == ()


def test_what_a_broken_run_left_is_removed(tmp_path: Path) -> None:
    build(tmp_path, "en", Humming())
    (tmp_path / "en" / f"{hash_of(FIRST)}.8000.new").write_bytes(b"RIFF")
    build(tmp_path, "en", Humming())
    assert not list(tmp_path.rglob("*.new"))


def test_a_language_that_no_voice_speaks_lacks_everything(tmp_path: Path) -> None:
    built = build(tmp_path, "tg", Humming())
    assert built.lacking == TEXTS
    assert Prompts(tmp_path).lacks("tg") == TEXTS


def test_a_speaker_is_heard_instead_of_the_voice(tmp_path: Path, spoken: Spoken) -> None:
    build(tmp_path, "en", Humming())
    by_voice = Prompts(tmp_path).find(FIRST, "en", rate=8000)
    spoken(recorded(seconds=2), FIRST)
    built = build(tmp_path, "en", Humming())
    assert (built.made, built.recorded, built.refused) == (1, 1, ())
    by_speaker = Prompts(tmp_path).find(FIRST, "en", rate=8000)
    assert len(by_speaker or b"") > 2 * len(by_voice or b"")
    assert build(tmp_path, "en", Humming()).made == 0


def test_a_recording_that_was_taken_away_is_no_longer_heard(tmp_path: Path, spoken: Spoken) -> None:
    path = spoken(recorded(), FIRST)
    assert build(tmp_path, "en", None).lacking == (SECOND,)
    path.unlink()
    assert build(tmp_path, "en", None).lacking == TEXTS
    assert Prompts(tmp_path).lacks("en") == TEXTS


def test_a_recording_of_a_text_that_is_gone_is_refused_by_name(tmp_path: Path, spoken: Spoken, two_texts: Say) -> None:
    path = spoken(recorded(), SECOND)
    two_texts((FIRST, "Your new code:"))
    (refused,) = build(tmp_path, "en", Humming()).refused
    assert path.name in refused
    assert "spoken anew" in refused
    assert Prompts(tmp_path).lacks("en") == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"OggS" + bytes(40), "no WAV"),
        (recorded()[:-100], "cut off"),
        (plain_wav(b""), "empty"),
        (plain_wav(bytes(4000)), "silent"),
        (plain_wav(bytes(4000), kind=6, bits=8), "uncompressed"),
        (plain_wav(bytes(4000), channels=6), "two channels"),
        (plain_wav(np.full(4000, np.nan, "<f4").tobytes(), kind=3, bits=32), "silent"),
    ],
)
def test_a_bad_recording_is_refused_with_a_reason_and_the_voice_speaks(
    tmp_path: Path, spoken: Spoken, content: bytes, reason: str
) -> None:
    spoken(content, FIRST)
    built = build(tmp_path, "en", Humming())
    assert [reason in line for line in built.refused] == [True]
    assert built.lacking == ()


def test_a_recording_that_is_too_large_is_not_read(
    tmp_path: Path, spoken: Spoken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LARGEST_RECORDING", 1000)
    spoken(recorded(), FIRST)
    assert "too large" in build(tmp_path, "en", Humming()).refused[0]


def test_two_recordings_of_one_text_are_not_guessed_between(tmp_path: Path, spoken: Spoken) -> None:
    path = spoken(recorded(), FIRST)
    path.with_name(f"{hash_of(FIRST)}.wav").write_bytes(recorded())
    assert "same text" in build(tmp_path, "en", Humming()).refused[0]


@pytest.mark.parametrize("kind", ["u1", "<i2", "24", "<i4", "<f4"])
@pytest.mark.parametrize("rate", [8000, 11025, 48000, 96000])
def test_every_plain_recording_sounds_the_same(tmp_path: Path, spoken: Spoken, kind: str, rate: int) -> None:
    spoken(plain_wav(as_kind(kind, rate), rate=rate, **form(kind)), FIRST)
    assert build(tmp_path, "en", Humming()).refused == ()
    samples = sounding.of_pcm(Prompts(tmp_path).find(FIRST, "en", rate=8000) or b"")
    assert sounding.loudness(samples, 8000) == pytest.approx(sounding.LOUDNESS, abs=0.7)
    assert len(samples) / 8000 == pytest.approx(1.3, abs=0.05)
    assert pitch(samples) == pytest.approx(440, abs=3)


def test_both_channels_are_heard(tmp_path: Path, spoken: Spoken) -> None:
    left = (tone(440, 1, 16000) * 32767).astype("<i2")
    both = np.stack([np.zeros_like(left), left], axis=1).tobytes()
    spoken(plain_wav(both, rate=16000, channels=2), FIRST)
    assert build(tmp_path, "en", None).lacking == (SECOND,)


def as_kind(kind: str, rate: int) -> bytes:
    samples = tone(440, 1, rate)
    if kind == "<f4":
        return samples.astype("<f4").tobytes()
    if kind == "u1":
        return (samples * 127 + 128).astype("u1").tobytes()
    if kind == "24":
        return (samples * (2**31 - 256)).astype("<i4").view("u1").reshape(-1, 4)[:, 1:].tobytes()
    return (samples * np.iinfo(kind).max).astype(kind).tobytes()


def form(kind: str) -> dict[str, int]:
    return {"kind": 3 if kind == "<f4" else 1, "bits": 24 if kind == "24" else np.dtype(kind).itemsize * 8}


def pitch(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax() * 8000 / len(samples))
