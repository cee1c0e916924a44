# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the house holds of itself: documents that are true, files that say whose they are."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES_MOST = 500


def _tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [path for name in listed.split() if (path := ROOT / name).is_file()]


def test_every_python_file_says_its_licence_in_its_first_line() -> None:
    silent = [
        path.name
        for path in _tracked("*.py")
        if not path.read_text().startswith("# SPDX-License-Identifier: AGPL-3.0-or-later")
    ]
    assert silent == []


def test_no_file_of_ours_is_longer_than_the_budget() -> None:
    ours = [path for where in ("src/*.py", "tests/*.py", "bench/*.py") for path in _tracked(where)]
    long = [path.name for path in ours if path.read_text().count("\n") > FILE_LINES_MOST]
    assert long == []


def test_every_setting_is_documented() -> None:
    used: set[str] = set()
    for path in _tracked("src/*.py"):
        text = path.read_text()
        used |= set(re.findall(r'"(SAFECONDUCT_[A-Z_]+[A-Z])"', text))
        if "PREFIX" in text:
            used |= {
                "SAFECONDUCT_" + name
                for name in re.findall(r'PREFIX \+ "([A-Z_]+)"|source, "([A-Z_]+)"', text)
                for name in name
                if name
            }
    documented = set(re.findall(r"SAFECONDUCT_[A-Z_]+[A-Z]", (ROOT / "docs" / "install.md").read_text()))
    assert used - {"SAFECONDUCT_TEST_POSTGRES"} <= documented | {f"{name}_FILE" for name in documented}


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
    ],
)
def test_every_link_between_documents_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text()
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    missing = [link for link in links if not (ROOT / document).parent.joinpath(link).exists()]
    assert missing == []


def test_the_commands_in_the_documents_exist() -> None:
    nouns = set(re.findall(r'^    "([a-z]+)": "', (ROOT / "src/safeconduct/cli/main.py").read_text(), re.MULTILINE))
    for document in ("README.md", "CHANGELOG.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))):
        named = set(re.findall(r"`safeconduct ([a-z]+)", (ROOT / document).read_text()))
        assert named <= nouns, document
