# SPDX-License-Identifier: AGPL-3.0-or-later
"""Editors hear what a call says, and see what it cannot say."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import listening_page
from safeconduct.speech import building, wav
from safeconduct.speech.building import build
from safeconduct.speech.espeak import Espeak
from safeconduct.speech.prompts import Prompts, hash_of, required

HELLO = "Hello. We do not record this call. Your telephone company can see that you called."


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spoken")
    build(folder, "en", Espeak())
    return folder


@pytest.fixture
def prompts(spoken: Path, tmp_path: Path, settings: Any) -> Path:
    """English, as a machine says it, for this test to spoil."""
    shutil.copytree(spoken, tmp_path / "prompts")
    settings.DESK = dataclasses.replace(settings.DESK, prompts=tmp_path / "prompts")
    return tmp_path / "prompts"


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_sentence_stands_beside_its_sound(operator: Client, prompts: Path) -> None:
    shown = page(operator, "/prompts/en/")
    assert HELLO in shown
    assert f'src="/prompts/en/{hash_of(HELLO)}.wav"' in shown
    assert shown.count("<audio") >= len(required("en"))
    assert "cannot be said" not in shown


def test_a_sound_is_what_the_telephone_carries(operator: Client, prompts: Path) -> None:
    answer = operator.get(f"/prompts/en/{hash_of(HELLO)}.wav")
    assert answer.headers["Content-Type"] == "audio/wav"
    assert wav.read(answer.content).pcm == Prompts(prompts).find(HELLO, "en", rate=8000)


def test_a_player_may_jump(operator: Client, prompts: Path) -> None:
    whole = operator.get(f"/prompts/en/{hash_of(HELLO)}.wav").content
    answer = operator.get(f"/prompts/en/{hash_of(HELLO)}.wav", headers={"Range": "bytes=100-199"})
    assert (answer.status_code, answer.content) == (206, whole[100:200])
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"


def test_what_lacks_is_counted_and_marked(operator: Client, prompts: Path) -> None:
    (prompts / "en" / f"{hash_of(HELLO)}.8000.wav").unlink()
    assert "1 sentence cannot be said" in page(operator, "/prompts/en/")
    assert operator.get(f"/prompts/en/{hash_of(HELLO)}.wav").status_code == 404


def test_a_renamed_prompt_is_shown_as_lacking(operator: Client, prompts: Path) -> None:
    other = next(text for text in required("en") if text != HELLO)
    shutil.copy(prompts / "en" / f"{hash_of(other)}.8000.wav", prompts / "en" / f"{hash_of(HELLO)}.8000.wav")
    assert "1 sentence cannot be said" in page(operator, "/prompts/en/")


def test_a_stale_recording_is_named(operator: Client, prompts: Path) -> None:
    stale = prompts / building.RECORDED / "en" / f"{'0' * 16}.wav"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"")
    assert f"en/{stale.name}" in page(operator, "/prompts/en/")


def test_a_language_without_a_voice_says_so(operator: Client, prompts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening_page, "VOICES", {"en": "en", "kk": "kk"})
    assert "not spoken" in page(operator, "/prompts/")
    shown = page(operator, "/prompts/tg/")
    assert "needs a speaker" in shown
    assert "needs a speaker" not in page(operator, "/prompts/kk/")
    assert "<audio" not in shown


def test_a_text_keeps_its_language_and_direction(operator: Client, prompts: Path) -> None:
    assert '<p lang="ar" dir="rtl">' in page(operator, "/prompts/ar/")


@pytest.mark.parametrize("path", ["/prompts/xx/", "/prompts/xx/0.wav", "/prompts/en/..wav", "/prompts/en/0.wav"])
def test_what_is_no_language_and_no_prompt_is_not_found(operator: Client, prompts: Path, path: str) -> None:
    assert operator.get(path).status_code == 404


@pytest.mark.rule("T6")
def test_a_monitor_has_nothing_to_do_there(house: House, prompts: Path) -> None:
    assert house.signed_in(Role.MONITOR).get("/prompts/").status_code == 404
