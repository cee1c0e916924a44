# SPDX-License-Identifier: AGPL-3.0-or-later
"""A channel that rings operators is told by its line who is on duty; another one stays as it is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from safeconduct.cli import ceremony
from safeconduct.edge.channels.contract import Channel, Facts
from safeconduct.edge.channels.duty import NobodyOnDuty, OnDuty
from safeconduct.edge.chat.run import line_of
from safeconduct.sealing import duty as sealing
from safeconduct.sealing import publication
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Kept
from safeconduct.vocabulary.duty import KEY, KIND, Duty, SealedPhone, encode

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp()
FACTS = Facts("voice", "telephone", 1000)


class Quiet:
    """As much of a channel as is asked of it here."""

    async def close(self) -> None:
        """Nothing was opened."""


class Rings(Quiet):
    def __init__(self) -> None:
        self.duty: OnDuty = NobodyOnDuty()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    credentials = tmp_path / "credentials"
    ceremony.make_doors(credentials)
    ceremony.make_channel(credentials, "voice")
    keys = [SigningKey.generate().verify_key for _ in range(2)]
    root = publication.make_root(keys, keys, expires=datetime(2028, 1, 1, tzinfo=UTC), demonstration=False)
    (credentials / "root.json").write_bytes(root)
    return tmp_path


def line(home: Path, channel: Quiet) -> Any:
    told = {"SAFECONDUCT_HOME": str(home)}
    return line_of(told, cast("Channel", channel), FACTS, demonstration=False, clock=lambda: NOON)


async def test_a_channel_that_wants_it_hears_what_the_desk_says(home: Path) -> None:
    channel = Rings()
    desk = SigningKey.from_seed((home / "credentials" / "desk" / "signing.key").read_bytes())
    async with line(home, channel) as it:
        assert not await channel.duty.phones("uk")
        phone = SealedPhone(sealing.seal_phone(b"sip:olena@10.0.0.5", it.secrets.delivery.public), ("uk",))
        said = sealing.sign(encode(Duty(int(NOON), int(NOON) + 60, ("uk",), (phone,))), desk)
        await it.spool.keep(Kept(KIND, KEY, said, int(NOON) + 60))
    again = Rings()
    async with line(home, again):
        assert [found.uri for found in await again.duty.phones("uk")] == ["sip:olena@10.0.0.5"]


async def test_a_channel_that_wants_none_is_left_alone(home: Path) -> None:
    channel = Quiet()
    async with line(home, channel):
        assert not hasattr(channel, "duty")
