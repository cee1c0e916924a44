# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever has a token is the line, to its provider and to everybody who writes to it."""

from pathlib import Path

import pytest

from safeconduct.edge.channels import registry
from safeconduct.edge.channels.errors import SettingsRefused
from safeconduct.edge.channels.private_files import read_private, read_private_line
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.telegram.tests.double import TOKEN


def _file(folder: Path, written: bytes, mode: int = 0o600) -> Path:
    path = folder / "settings.toml"
    path.write_bytes(written)
    path.chmod(mode)
    return path


@pytest.mark.rule("T3")
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602, 0o610])
@pytest.mark.parametrize("code", registry.codes())
def test_settings_that_others_may_read_are_refused_with_the_mend(tmp_path: Path, code: str, mode: int) -> None:
    path = _file(tmp_path, b"", mode)
    with pytest.raises(SettingsRefused, match=rf"chmod 600 {path}"):
        registry.make(code, path, Reach())


@pytest.mark.rule("T3")
def test_a_secret_that_others_may_read_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="chmod 600"):
        read_private_line(_file(tmp_path, b"secret", 0o644))


@pytest.mark.parametrize(
    "written",
    [
        b'token = "%s"\n\xff\xfe',
        b"a = " + b"[" * 5000,
        b"%s",
        b"token = %s",
        b'token = "%s"\ntoken = "%s"',
        b'token = ["%s"]',
        b'[token]\nx = "%s"',
        b'token = "%s',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_without_being_shown(tmp_path: Path, written: bytes) -> None:
    path = _file(tmp_path, written.replace(b"%s", TOKEN.encode()))
    with pytest.raises(SettingsRefused, match=r"README\.md") as refused:
        registry.make("telegram", path, Reach())
    assert str(refused.value).count("see src/safeconduct/edge/channels/telegram/README.md") == 1
    assert TOKEN[7:] not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_is_no_file_of_settings_is_not_read(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero"), tmp_path / "\0", _file(tmp_path, bytes(1 << 20))):
        with pytest.raises(SettingsRefused):
            read_private(path)
