# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

from safeconduct.cli import rules
from safeconduct.vocabulary.rules import CLAIMED

_TEST = 'import pytest\n@pytest.mark.rule("R5", "T3")\ndef test_x() -> None: ...\n'


def _repository(tmp_path: Path, text: str) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_some.py").write_text(text)
    return tmp_path


def test_marks_are_read_from_the_tests(tmp_path: Path) -> None:
    found = rules.tests_by_rule(_repository(tmp_path, _TEST))
    assert found == {"R5": ["tests/test_some.py::test_x"], "T3": ["tests/test_some.py::test_x"]}


def test_a_claimed_rule_without_a_test_is_a_problem(tmp_path: Path) -> None:
    found = rules.tests_by_rule(_repository(tmp_path, _TEST))
    said = rules.problems(found, rules.table(found))
    assert f"{min(CLAIMED - {'R5', 'T3'})} is claimed and no test holds it" in said
    assert not any(sentence.startswith("R5 ") for sentence in said)


def test_a_stale_table_and_an_unknown_number_are_problems(tmp_path: Path) -> None:
    found = rules.tests_by_rule(_repository(tmp_path, _TEST.replace("R5", "R99")))
    said = " ".join(rules.problems(found, "old"))
    assert "R99, which is no rule" in said
    assert "out of date" in said


def test_a_mark_of_a_whole_file_and_the_tests_beside_a_channel_count(tmp_path: Path) -> None:
    whole = 'import pytest\npytestmark = [pytest.mark.browser, pytest.mark.rule("R5")]\ndef help(): ...\ndef test_y(): ...\n'
    beside = _repository(tmp_path, _TEST) / "src" / "channels" / "one" / "tests"
    beside.mkdir(parents=True)
    (beside / "test_own.py").write_text(whole)
    found = rules.tests_by_rule(tmp_path)
    assert found["R5"] == ["src/channels/one/tests/test_own.py::test_y", "tests/test_some.py::test_x"]
