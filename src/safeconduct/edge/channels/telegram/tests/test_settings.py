# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mistake in the settings stops the start, says the mend, and tells no secret."""

from pathlib import Path

import pytest

from safeconduct.edge.channels import registry
from safeconduct.edge.channels.errors import SettingsRefused
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.telegram.tests.double import SECRET, TOKEN

HOOK = f'mode = "webhook"\nwebhook_url = "https://line.example/t"\ntoken = "{TOKEN}"\n'


def _make(folder: Path, written: str) -> object:
    path = folder / "telegram.toml"
    path.write_text(written)
    path.chmod(0o600)
    return registry.make("telegram", path, Reach.__new__(Reach))


@pytest.mark.parametrize(
    "written",
    [
        "",
        'token = "123:short"',
        f'token = "{TOKEN}/../x"',
        f'token = "{TOKEN}"\ntoken_file = "/x"',
        'token_file = "/nowhere/at/all"',
        f'token = "{TOKEN}"\npoll_seconds = 0',
        f'token = "{TOKEN}"\nmode = "both"',
        f'token = "{TOKEN}"\ncolour = "red"',
        HOOK,
        HOOK + 'webhook_secret = "guessable"',
        HOOK.replace("https", "http") + f'webhook_secret = "{SECRET}"',
    ],
)
def test_a_mistake_is_refused_with_the_mend_and_without_the_secret(tmp_path: Path, written: str) -> None:
    with pytest.raises(SettingsRefused, match=r"README\.md") as refused:
        _make(tmp_path, written)
    assert TOKEN[7:] not in str(refused.value)


def test_secrets_may_lie_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    (tmp_path / "secret").write_text(SECRET + "\n")
    (tmp_path / "token").chmod(0o600)
    (tmp_path / "secret").chmod(0o600)
    written = HOOK.replace(f'token = "{TOKEN}"', f'token_file = "{tmp_path}/token"')
    assert _make(tmp_path, written + f'webhook_secret_file = "{tmp_path}/secret"')
