# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct custody packages`, and the whole way: custody tells, the Bureau opens and acknowledges, custody takes it in."""

from pathlib import Path

import pytest
from tests.custody.bureau.conftest import LINE
from tests.custody.conftest import ARRIVAL, SOMEBODY
from typer.testing import CliRunner

from safeconduct.cli import bureau, bureau_reading, custody_packages, django_start
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.models import Camp, Owed
from safeconduct.desk.operators import fingerprints
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.bureau import TOLD, Word
from safeconduct.vocabulary.reception import Received


def run(*said: str | Path) -> str:
    app = bureau.app if said[0] == "bureau" else custody_packages.app
    told = CliRunner().invoke(app, [str(one) for one in said[1:]])
    assert told.exit_code == 0, told.output
    return told.output


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django runs already, and this test's credentials are the house's."""
    monkeypatch.setattr(django_start, "start", lambda: None)
    monkeypatch.setenv("SAFECONDUCT_CREDENTIALS", str(tmp_path))


@pytest.mark.rule("R26")
def test_the_bureau_reads_every_kind_of_word_in_words() -> None:
    assert set(bureau_reading.KINDS) == {event.value for event in TOLD} | {word.value for word in Word}


@pytest.mark.rule("R26")
def test_the_whole_way_there_and_back(started: None, registrar: Operator, camp: Camp, tmp_path: Path) -> None:
    keys, stick = tmp_path / "bureau", tmp_path / "stick"
    run("bureau", "keys", keys)
    digits = fingerprints.spoken((keys / "bureau.pub").read_bytes())
    run("custody", "key", keys / "bureau.pub", "--fingerprint", digits)
    told = run("custody", "line", tmp_path / "line.pub")
    run("bureau", "trust", tmp_path / "line.pub", "--keys", keys, "--fingerprint", told.strip().splitlines()[-1])
    person = acts.register(registrar, "UA-1", camp, SOMEBODY, When(ARRIVAL))
    assert run("custody", "send", "--to", stick) == "written 1, waiting for a key 0\n"
    assert "surname: Чхве" in run("bureau", "open", stick, "--keys", keys)
    (back,) = (keys / "acknowledgements").iterdir()
    assert "now 1, before 0, not ours 0" in run("custody", "take", back)
    assert not Owed.objects.filter(person=person, duty="bureau").exists()
    assert LINE.raw in (tmp_path / "line.pub").read_bytes()


def test_another_key_than_was_read_aloud_is_not_taken(started: None, tmp_path: Path) -> None:
    run("bureau", "keys", tmp_path / "bureau")
    said = ["key", str(tmp_path / "bureau" / "bureau.pub"), "--fingerprint", "00000 00000 00000 00000"]
    assert CliRunner().invoke(custody_packages.app, said).exit_code == 1
    assert not (tmp_path / "custody" / "bureau.pub").exists()


def test_without_a_key_sending_says_what_waits(started: None, registrar: Operator, camp: Camp, tmp_path: Path) -> None:
    acts.register(registrar, "UA-1", camp, Received(), When(ARRIVAL))
    assert run("custody", "send", "--to", tmp_path / "stick") == "written 0, waiting for a key 1\n"
    assert Package.objects.get().number == 1
