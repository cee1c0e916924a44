# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is missing, stale, renamed or damaged is never played."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.speech.conftest import TEXTS, Humming

from safeconduct.speech import wav
from safeconduct.speech.building import build
from safeconduct.speech.errors import AudioRefused
from safeconduct.speech.prompts import RATES, Prompts, hash_of, note_of
from safeconduct.speech.wav import Sound

FIRST, SECOND = TEXTS
pytestmark = pytest.mark.usefixtures("two_texts")


@pytest.fixture
def prompts(tmp_path: Path) -> Prompts:
    build(tmp_path, "en", Humming())
    return Prompts(tmp_path)


def path_of(folder: Path, text: str, *, rate: int = 8000, language: str = "en") -> Path:
    return folder / language / f"{hash_of(text)}.{rate}.wav"


def test_a_text_is_found_at_both_rates(prompts: Prompts) -> None:
    heard = {rate: prompts.find(FIRST, "en", rate=rate) for rate in RATES}
    assert all(heard.values())
    assert len(heard[16000] or b"") == pytest.approx(2 * len(heard[8000] or b""), rel=0.01)
    assert prompts.lacks("en") == ()


def test_a_text_that_was_changed_is_not_found(prompts: Prompts) -> None:
    assert prompts.find(FIRST.replace("all", "your"), "en", rate=8000) is None


def test_spaces_and_marks_that_nobody_says_make_no_other_text(prompts: Prompts) -> None:
    assert prompts.find(f"\u2068{FIRST}\u2069 ".replace(" ", "  "), "en", rate=8000) is not None


def test_another_language_and_another_rate_are_not_found(prompts: Prompts) -> None:
    assert prompts.find(FIRST, "uk", rate=8000) is None
    assert prompts.find(FIRST, "en", rate=44100) is None


def test_a_renamed_file_is_found_out(prompts: Prompts, tmp_path: Path) -> None:
    shutil.copy(path_of(tmp_path, SECOND), path_of(tmp_path, FIRST))
    assert prompts.find(FIRST, "en", rate=8000) is None
    assert prompts.lacks("en") == (FIRST,)


def test_a_file_of_another_language_or_rate_is_found_out(prompts: Prompts, tmp_path: Path) -> None:
    elsewhere = path_of(tmp_path, FIRST, language="uk")
    elsewhere.parent.mkdir()
    shutil.copy(path_of(tmp_path, FIRST), elsewhere)
    shutil.copy(path_of(tmp_path, FIRST, rate=16000), path_of(tmp_path, FIRST))
    assert prompts.find(FIRST, "uk", rate=8000) is None
    assert prompts.find(FIRST, "en", rate=8000) is None


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 600))
def test_a_file_that_was_cut_off_is_not_played(prompts: Prompts, tmp_path: Path, cut: int) -> None:
    path = path_of(tmp_path, FIRST)
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-cut])
        assert prompts.find(FIRST, "en", rate=8000) is None
        path.write_bytes(whole + b"\0" * cut)
        assert prompts.find(FIRST, "en", rate=8000) is None
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("said", [-2, -1, 1, 2, 1000])
def test_a_file_whose_samples_are_fewer_or_more_than_it_says_is_not_played(
    prompts: Prompts, tmp_path: Path, said: int
) -> None:
    path = path_of(tmp_path, FIRST)
    whole = path.read_bytes()
    at = whole.index(b"data") + 4
    length = int.from_bytes(whole[at : at + 4], "little") + said
    path.write_bytes(whole[:at] + length.to_bytes(4, "little") + whole[at + 4 :])
    assert prompts.find(FIRST, "en", rate=8000) is None


def test_altered_samples_are_not_played(prompts: Prompts, tmp_path: Path) -> None:
    path = path_of(tmp_path, FIRST)
    whole = bytearray(path.read_bytes())
    whole[-3] ^= 1
    path.write_bytes(whole)
    assert prompts.find(FIRST, "en", rate=8000) is None
    assert prompts.lacks("en", is_whole=True) == (FIRST,)
    assert build(tmp_path, "en", Humming()).made == 1
    assert prompts.find(FIRST, "en", rate=8000) is not None


def test_a_huge_file_is_not_read(prompts: Prompts, tmp_path: Path) -> None:
    sound = Sound(8000, note_of(hash_of(FIRST), "en"), "humming 1", bytes(wav.LARGEST))
    path_of(tmp_path, FIRST).write_bytes(wav.write(sound))
    assert prompts.find(FIRST, "en", rate=8000) is None


def test_a_folder_or_a_link_to_nowhere_is_no_prompt(prompts: Prompts, tmp_path: Path) -> None:
    path = path_of(tmp_path, FIRST)
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    assert prompts.find(FIRST, "en", rate=8000) is None
    path.unlink()
    path.mkdir()
    assert prompts.find(FIRST, "en", rate=8000) is None


@pytest.mark.parametrize("tag", ["", "..", "../en", "/etc", "en/../en", "recorded", "en\0"])
def test_a_language_never_becomes_a_path(prompts: Prompts, tag: str) -> None:
    assert prompts.find(FIRST, tag, rate=8000) is None
    assert prompts.sound(f"../en/{hash_of(FIRST)}", "en", rate=8000) is None


@given(st.binary(max_size=400))
def test_reading_answers_whatever_the_bytes_or_refuses_them(data: bytes) -> None:
    for form in (data, b"RIFF" + (len(data) + 4).to_bytes(4, "little") + b"WAVE" + data):
        for read in (wav.read, wav.read_recording):
            with suppress(AudioRefused):
                read(form)


@given(st.sampled_from(RATES), st.text(max_size=40).filter(lambda text: "\0" not in text), st.binary(min_size=2))
def test_what_is_written_is_read_back(rate: int, note: str, pcm: bytes) -> None:
    sound = Sound(rate, note, "humming 1", pcm[: len(pcm) // 2 * 2])
    assert wav.read(wav.write(sound)) == sound
