# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct audit`: the journey of a checkpoint to the monitor's machine and back, and what verify says."""

from pathlib import Path

import pytest
from django.db import transaction
from tests.desk.conftest import House
from typer.testing import CliRunner, Result

from safeconduct.cli import audit, django_start
from safeconduct.desk.audit import acts, appender
from safeconduct.desk.audit.models import Checkpoint, Entry, Head
from safeconduct.sealing.signatures import SigningKey

DESK = SigningKey.from_seed(bytes(range(32))).verify_key.raw.hex()
MONITOR = SigningKey.from_seed(b"m" * 32)


@pytest.fixture(autouse=True)
def _started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django runs already, with the test's own database."""
    monkeypatch.setattr(django_start, "start", lambda **_: None)


@pytest.fixture
def record(house: House) -> int:
    with transaction.atomic():
        for number in range(20):
            acts.record(None, "operators.locked", str(number))
    return appender.chain_once()


def run(*words: object) -> Result:
    return CliRunner().invoke(audit.app, [str(word) for word in words])


def verify(*words: object) -> Result:
    return run("verify", "--desk-key", DESK, *words)


@pytest.fixture
def countersigned(record: int, tmp_path: Path) -> Path:
    """A checkpoint that has been to the monitor's machine and back."""
    key = tmp_path / "monitor.key"
    key.write_bytes(MONITOR.seed)
    assert run("checkpoint", "export", tmp_path / "end.checkpoint").exit_code == 0
    assert run("checkpoint", "countersign", tmp_path / "end.checkpoint", "--key", key).exit_code == 0
    return tmp_path / "end.countersigned"


@pytest.mark.rule("R49")
def test_an_untouched_record_verifies_and_says_what_is_not_proven(record: int) -> None:
    said = verify()
    assert said.exit_code == 0
    assert f"{record} entries are chained; the desk's signatures reach {record}." in said.output
    assert "Not proven" in said.output


@pytest.mark.rule("R49")
def test_the_unchained_tail_is_counted_plainly(record: int) -> None:
    with transaction.atomic():
        acts.record(None, "operators.locked")
    assert "1 entries are not chained yet: nothing is proven of them." in verify().output


@pytest.mark.rule("R49")
@pytest.mark.parametrize("harm", ["edit", "delete", "truncate", "swap", "unsign"])
def test_every_harm_to_the_table_fails_the_check(record: int, harm: str) -> None:
    rows = Entry.objects.filter(number__isnull=False)
    if harm == "edit":
        rows.filter(number=5).update(sealed=b"another")
    elif harm == "delete":
        rows.filter(number=5).delete()
    elif harm == "truncate":
        rows.filter(number__gt=10).delete()
    elif harm == "swap":
        first, second = rows.get(number=5), rows.get(number=6)
        rows.filter(pk=first.pk).update(sealed=second.sealed)
        rows.filter(pk=second.pk).update(sealed=first.sealed)
    else:
        Head.objects.update(signature=bytes(64))
    said = verify()
    assert said.exit_code == 1
    assert "PROBLEM" in said.output


@pytest.mark.rule("R49")
def test_an_export_is_checked_without_the_database(record: int, tmp_path: Path) -> None:
    assert run("export", tmp_path / "record.jsonl").exit_code == 0
    Entry.objects.all().delete()
    assert verify("--export", tmp_path / "record.jsonl").exit_code == 0


@pytest.mark.rule("R49")
def test_an_altered_export_fails(record: int, tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    run("export", path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:10] + lines[11:]))
    assert verify("--export", path).exit_code == 1


@pytest.mark.rule("R49")
def test_a_countersigned_checkpoint_comes_back_and_counts_for_its_key(countersigned: Path) -> None:
    assert run("checkpoint", "enter", countersigned).exit_code == 0
    number = Checkpoint.objects.get(countersignature__isnull=False).number
    said = verify("--monitor-key", MONITOR.verify_key.raw.hex())
    assert f"The monitor's countersignatures reach {number}." in said.output
    assert "which you did not name" in verify().output


@pytest.mark.rule("R49")
def test_a_kept_checkpoint_shows_that_the_end_was_cut_off_with_its_checkpoints(
    record: int, countersigned: Path
) -> None:
    Checkpoint.objects.all().delete()
    Entry.objects.all().delete()
    Head.objects.all().delete()
    assert verify().exit_code == 0
    said = verify("--checkpoint", countersigned)
    assert said.exit_code == 1
    assert "cut off" in said.output


def test_a_checkpoint_of_another_record_is_not_taken(countersigned: Path) -> None:
    Checkpoint.objects.all().delete()
    assert run("checkpoint", "enter", countersigned).exit_code != 0


@pytest.mark.parametrize(
    "content", ["", "not json", '{"line":"entry/1"}', "\x00", '{"line":"checkpoint/1","number":-1}']
)
def test_a_file_that_is_no_export_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file"
    path.write_text(content)
    said = run("checkpoint", "enter", path)
    assert said.exit_code != 0
    assert "Error" in type(said.exception).__name__


def test_nothing_is_overwritten(record: int, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    assert run("export", tmp_path / "there").exit_code != 0
    assert (tmp_path / "there").read_text() == "mine"
