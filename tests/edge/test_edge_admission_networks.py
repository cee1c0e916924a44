# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which network somebody comes from, what is kept of it, and for how long."""

import asyncio
import gc
import sys

import pytest

from safeconduct.edge.errors import SettingsRefused
from safeconduct.edge.settings import PROXY, read_settings
from safeconduct.edge.web import shares as shares_module
from safeconduct.edge.web.networks import Network, network_of, packed
from safeconduct.edge.web.shares import NEAR, SLOTS, WIDE, Shares

LOCAL = bytes([127, 0, 0, 1])


def scope(peer: str | None, *forwarded: str) -> dict[str, object]:
    headers = [(b"x-forwarded-for", text.encode("latin-1")) for text in forwarded]
    return {"client": None if peer is None else (peer, 1), "headers": [(b"host", b"x"), *headers]}


def network(number: int) -> Network:
    """All in one provider's /32."""
    return Network(b"\x20\x01\x0d\xb8" + number.to_bytes(3, "big"), b"\x20\x01\x0d\xb8")


class Moment:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.rule("T7")
@pytest.mark.parametrize(
    ("peer", "forwarded", "near"),
    [
        ("127.0.0.1", ["203.0.113.7"], "cb007107"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.7"], "cb007107"),  # what the client says of itself stands first
        ("127.0.0.1", ["203.0.113.8", "203.0.113.7"], "cb007107"),
        ("127.0.0.1", ["::ffff:203.0.113.7"], "cb007107"),
        ("::ffff:127.0.0.1", ["203.0.113.7"], "cb007107"),
        ("127.0.0.1", ["2001:db8:1:23ff::1"], "20010db8000123"),
        ("203.0.113.7", ["198.51.100.1"], "cb007107"),  # not the proxy: its own address, whatever it says
    ],
)
def test_the_proxys_last_word_alone_is_believed(peer: str, forwarded: list[str], near: str) -> None:
    found = network_of(scope(peer, *forwarded), {LOCAL})
    assert found is not None
    assert found.near.hex() == near
    assert found.near.startswith(found.wide[:3])


@pytest.mark.rule("T7")
@pytest.mark.parametrize(
    ("peer", "forwarded"),
    [
        ("127.0.0.1", []),
        (None, ["203.0.113.7"]),
        ("127.0.0.1", ["127.0.0.1"]),  # the onion service, through the proxy
        ("127.0.0.1", ["::1"]),
        ("127.0.0.1", ["unix:"]),
        ("127.0.0.1", ["203.0.113.7,"]),
        ("127.0.0.1", ["203.0.113.7:443"]),
        ("127.0.0.1", ["fe80::1%eth0"]),
        ("127.0.0.1", ["203.0.113"]),
        ("127.0.0.1", ["\x00"]),
        ("127.0.0.1", ["ÿ"]),
        ("127.0.0.1", ["1" * 10_000]),
        ("unix", []),
    ],
)
def test_what_names_no_address_is_no_network(peer: str | None, forwarded: list[str]) -> None:
    assert network_of(scope(peer, *forwarded), {LOCAL}) is None


@pytest.mark.rule("T7", "R10")
def test_without_the_setting_no_address_is_looked_at() -> None:
    assert read_settings({}).proxies == ()
    assert network_of(scope("203.0.113.7", "198.51.100.1"), ()) is None


def test_the_setting_names_addresses_and_nothing_else() -> None:
    assert read_settings({PROXY: "127.0.0.1, ::1,::ffff:10.0.0.2"}).proxies == (
        LOCAL,
        packed("::1"),
        packed("10.0.0.2"),
    )
    for wrong in ("*", "localhost", "10.0.0.0/8", "127.0.0.1:80", "127.0.0.1 ::1"):
        with pytest.raises(SettingsRefused, match=PROXY):
            read_settings({PROXY: wrong})


@pytest.mark.rule("T7")
async def test_a_share_is_spent_and_grows_again() -> None:
    moment = Moment()
    shares, camp = Shares(clock=moment), network(1)
    assert [shares.take(camp) for _ in range(NEAR.at_once + 2)] == [True] * NEAR.at_once + [False] * 2
    moment.now += NEAR.every
    assert [shares.take(camp) for _ in range(2)] == [True, False]
    assert shares.take(Network(b"near", b"far"))
    moment.now += NEAR.every * NEAR.at_once
    assert all(shares.take(camp) for _ in range(NEAR.at_once))


@pytest.mark.rule("T7", "T14")
async def test_a_flood_from_a_whole_block_fills_no_memory_and_spoils_no_other_place() -> None:
    shares = Shares(clock=Moment())
    gc.collect()
    before = sys.getallocatedblocks()
    taken = sum(shares.take(network(number)) for number in range(100_000))
    gc.collect()
    assert taken == WIDE.at_once
    assert sys.getallocatedblocks() - before < 1000
    spared = sum(shares.take(Network(number.to_bytes(4, "big"), number.to_bytes(3, "little"))) for number in range(500))
    assert spared > 490


@pytest.mark.rule("T3", "T7")
async def test_after_an_hour_nothing_is_known_of_anybody_even_if_nobody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares_module, "KEY_SECONDS", 0.05)
    shares = Shares(clock=Moment())
    while shares.take(network(1)):
        pass
    key = shares._key
    assert len(key) == 16
    async with asyncio.timeout(30):
        while shares._key != b"":  # noqa: ASYNC110 - a timer sets no event
            await asyncio.sleep(0.01)
    assert bytes(shares._near._whole_at) == bytes(8 * SLOTS) == bytes(shares._wide._whole_at)
    assert shares.take(network(1))
    assert shares._key != key


@pytest.mark.rule("T3", "R49")
def test_a_network_tells_nobody_what_it_is() -> None:
    found = network_of(scope("127.0.0.1", "203.0.113.7"), {LOCAL})
    assert "near" not in repr(found)
    assert r"\x" not in repr(found)
