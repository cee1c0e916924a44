# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safeconduct.cli import ceremony, demonstration
from safeconduct.cli.errors import CliError
from safeconduct.cli.keys import app
from safeconduct.cli.main import NOUNS
from safeconduct.cli.places import Places
from safeconduct.edge.channels import registry
from safeconduct.sealing.keys import PrivateKey


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The credentials of a line whose doors were made before there were chats."""
    monkeypatch.setenv("SAFECONDUCT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAFECONDUCT_CREDENTIALS", str(tmp_path / "credentials"))
    ceremony.make_doors(tmp_path / "credentials")
    (tmp_path / "credentials" / "edge" / "route.key").unlink()
    return tmp_path / "credentials"


def public_half(folder: Path, code: str) -> str:
    return PrivateKey.from_seed((folder / "channels" / code / "delivery.key").read_bytes()).public.raw.hex()


def test_a_channel_gets_its_keys_and_the_desk_learns_the_public_half(folder: Path) -> None:
    told = CliRunner().invoke(app, ["channel", "telegram"])
    assert told.exit_code == 0
    assert "delivery.json" in told.output
    assert json.loads((folder / "delivery.json").read_text()) == {"telegram": public_half(folder, "telegram")}
    assert len((folder / "edge" / "route.key").read_bytes()) == 32


@pytest.mark.parametrize("code", registry.codes())
def test_who_made_a_channels_keys_is_sent_to_a_file_that_is_there(folder: Path, code: str) -> None:
    told = CliRunner().invoke(app, ["channel", code]).output
    (named,) = re.findall(r"see (\S+\.md)", told)
    assert (Path(__file__).parents[2] / named).is_file()


def test_the_help_leaves_it_to_the_list_which_channels_there_are() -> None:
    assert "list" in NOUNS["channel"].lower()
    assert not [code for code in registry.codes() if code in NOUNS["channel"]]


@pytest.mark.rule("T3")
def test_nobody_else_can_read_what_was_made(folder: Path) -> None:
    ceremony.make_channel(folder, "telegram")
    made = [folder / "delivery.json", folder / "edge" / "route.key", *(folder / "channels").rglob("*")]
    assert not [path.name for path in [folder / "channels", *made] if path.stat().st_mode & 0o077]


def test_another_channel_shares_the_key_of_all_addresses_and_keeps_the_first(folder: Path) -> None:
    ceremony.make_channel(folder, "telegram")
    route = (folder / "edge" / "route.key").read_bytes()
    ceremony.make_channel(folder, "sms")
    assert (folder / "edge" / "route.key").read_bytes() == route
    assert ceremony.read_delivery(folder) == {code: public_half(folder, code) for code in ("telegram", "sms")}


def test_a_channels_key_is_never_overwritten(folder: Path) -> None:
    ceremony.make_channel(folder, "telegram")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(CliError, match="never overwritten"):
        ceremony.make_channel(folder, "telegram")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_a_broken_run_left_undone_is_done_by_the_next(folder: Path) -> None:
    ceremony.make_channel(folder, "telegram")
    public = public_half(folder, "telegram")
    (folder / "delivery.json").unlink()
    ceremony.make_channel(folder, "telegram")
    assert ceremony.read_delivery(folder) == {"telegram": public}


@pytest.mark.parametrize("spoilt", ["channels/telegram/delivery.key", "delivery.json"])
def test_a_key_that_is_lost_or_spoilt_is_brought_from_its_copy_and_not_replaced(folder: Path, spoilt: str) -> None:
    ceremony.make_channel(folder, "telegram")
    (folder / spoilt).write_bytes(b"{}x")
    with pytest.raises(CliError, match="bring it from its copy"):
        ceremony.make_channel(folder, "telegram")
    (folder / "channels" / "telegram" / "delivery.key").unlink()
    with pytest.raises(CliError, match="from its copy"):
        ceremony.make_channel(folder, "telegram")


def test_a_channel_that_does_not_exist_gets_no_key(folder: Path) -> None:
    told = CliRunner().invoke(app, ["channel", "../edge"])
    assert told.exit_code != 0
    assert not (folder / "channels").exists()


def test_an_older_demonstration_gets_the_keys_of_its_terminal_once(folder: Path) -> None:
    here = Places(folder.parent / "home", folder)
    demonstration.make_chat_keys_once(here)
    public = public_half(folder, "terminal")
    demonstration.make_chat_keys_once(here)
    assert ceremony.read_delivery(folder) == {"terminal": public}
    assert (folder / "edge" / "route.key").exists()
