# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bureau's side, as its people use it: keys, trust, and a folder of files that came by any way at all."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from safeconduct.cli.bureau import app
from safeconduct.desk.operators import fingerprints
from safeconduct.sealing import packages
from safeconduct.sealing.packages import Bureau, Received
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary import bureau
from safeconduct.vocabulary.bureau import Notified, Particulars

DAY = date(2026, 11, 22)
LINE = SigningKey.from_seed(bytes(range(32)))


@dataclass
class Side:
    """The Bureau's folder, and a tray on which packages come."""

    keys: Path
    tray: Path

    def run(self, *said: str) -> Result:
        return CliRunner().invoke(app, [*said, "--keys", str(self.keys)])

    def opens(self, *more: str) -> Result:
        return self.run("open", str(self.tray), *more)

    @property
    def public(self) -> Bureau:
        return Bureau.parse((self.keys / "bureau.pub").read_bytes())

    def comes(
        self, number: int, *, token: str = "", name: str = "", signer: SigningKey = LINE, surname: str = "Чхве"
    ) -> Path:
        told = Notified(
            number=number, token=token or f"{number:032x}", prisoner="UA-1", kind="registered", day=DAY, made=DAY,
            about=Particulars(surname=surname),
        )  # fmt: skip
        raw = packages.seal_package(
            bureau.encode(told), series=bytes(16), day=DAY, bureau=self.public.sealing, signer=signer
        )
        path = self.tray / (name or f"package-{number:010}.sce")
        path.write_bytes(raw)
        return path

    def acknowledged(self) -> list[int]:
        (path,) = (self.keys / "acknowledgements").iterdir()
        said = packages.read_acknowledgement(path.read_bytes(), line=LINE.verify_key.key_id, bureau=self.public.signing)
        assert all(one == Received(one.number, bytes.fromhex(f"{one.number:032x}")) for one in said.received)
        path.unlink()
        return [one.number for one in said.received]


@pytest.fixture
def side(tmp_path: Path) -> Side:
    made = Side(tmp_path / "keys", tmp_path / "tray")
    made.tray.mkdir()
    assert CliRunner().invoke(app, ["keys", str(made.keys)]).exit_code == 0
    raw = packages.line_file(LINE.verify_key)
    (tmp_path / "line.pub").write_bytes(raw)
    assert made.run("trust", str(tmp_path / "line.pub"), "--fingerprint", fingerprints.spoken(raw)).exit_code == 0
    return made


@pytest.mark.rule("R26")
def test_packages_are_opened_shown_and_acknowledged(side: Side, tmp_path: Path) -> None:
    side.comes(1)
    side.comes(2)
    told = side.opens("--json", str(tmp_path / "out.json"))
    assert told.exit_code == 0
    assert "surname: Чхве" in told.output
    assert [one["number"] for one in json.loads((tmp_path / "out.json").read_text())] == [1, 2]
    assert side.acknowledged() == [1, 2]


@pytest.mark.rule("R26")
def test_missing_numbers_are_named(side: Side) -> None:
    for number in (2, 5):
        side.comes(number)
    told = side.opens().output
    assert "Missing: 1, 3 to 4." in told
    assert "Last number: 5." in told
    for number in (1, 3, 4):
        side.comes(number)
    assert "Missing" not in side.opens().output


def test_a_package_that_comes_again_is_said_so_and_acknowledged_again(side: Side) -> None:
    side.comes(1)
    side.opens()
    side.acknowledged()
    again = side.opens()
    assert again.exit_code == 0
    assert "came before" in again.output
    assert side.acknowledged() == [1]


@pytest.mark.rule("R26")
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("cut short", "cut short, or no package"),
        ("altered", "altered on the way"),
        ("foreign", "not written by this line"),
        ("empty", "cut short, or no package"),
        ("to another key", "sealed to a key that is not in this folder"),
    ],
)
def test_what_is_wrong_is_said_and_never_acknowledged_and_the_others_are_taken(side: Side, how: str, said: str) -> None:
    side.comes(1)
    path = side.comes(2, signer=SigningKey.generate() if how == "foreign" else LINE)
    raw = path.read_bytes()
    changed = {"cut short": raw[:-7], "altered": raw[:-90] + b"\0\0" + raw[-88:], "empty": b""}
    path.write_bytes(changed.get(how, raw))
    if how == "to another key":
        (side.keys / "opening.key").write_bytes(bytes(32))
        side.tray.joinpath("package-0000000001.sce").unlink()
        (side.keys / "bureau.pub").write_bytes(side.public.raw)
    told = side.opens()
    assert told.exit_code == 1
    assert f"package-0000000002.sce: {said}" in told.output
    if how != "to another key":
        assert side.acknowledged() == [1]


@pytest.mark.rule("R26")
def test_two_packages_with_one_number_are_told_apart(side: Side) -> None:
    side.comes(1)
    side.opens()
    side.comes(1, token="f" * 32)
    told = side.opens()
    assert told.exit_code == 1
    assert "bears number 1, which another package has" in told.output


def test_after_new_keys_what_was_sealed_to_the_old_one_still_opens(side: Side) -> None:
    side.comes(1)
    assert CliRunner().invoke(app, ["keys", str(side.keys)]).exit_code == 1
    assert CliRunner().invoke(app, ["keys", str(side.keys), "--again"]).exit_code == 0
    side.comes(2)
    assert side.opens().exit_code == 0
    assert side.acknowledged() == [1, 2]


def test_a_line_whose_digits_do_not_fit_is_not_trusted(side: Side, tmp_path: Path) -> None:
    other = packages.line_file(SigningKey.generate().verify_key)
    (tmp_path / "other.pub").write_bytes(other)
    told = side.run("trust", str(tmp_path / "other.pub"), "--fingerprint", "11111 22222 33333 44444")
    assert told.exit_code == 1
    assert (side.keys / "line.pub").read_bytes() != other


@pytest.mark.rule("T8")
def test_a_name_cannot_steer_the_terminal(side: Side) -> None:
    side.comes(1, surname="\x1b[2JЧхве\u202e")
    output = side.opens().output
    assert "\x1b" not in output
    assert "\u202e" not in output


def test_secret_halves_are_their_owners_alone(side: Side) -> None:
    for name in ("opening.key", "signing.key"):
        assert (side.keys / name).stat().st_mode & 0o077 == 0
