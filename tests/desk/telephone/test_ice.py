# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which addresses sound may take: our own at the ports that were set, and nobody's who was not asked for."""

import re

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

from safeconduct.desk.telephone import ice
from safeconduct.desk.telephone.browser import WebRtcBrowser
from safeconduct.desk.telephone.errors import Refusal
from safeconduct.desk.telephone.ice import MOST_CANDIDATES, without_strangers

OWN = "a=candidate:1 1 udp 2122260223 192.0.2.9 50000 typ host"


@pytest.fixture(autouse=True)
def _bound() -> None:
    ice.bind(("127.0.0.1",), range(42400, 42500))


async def offer(kind: str = "audio") -> str:
    peer = RTCPeerConnection()
    if kind == "data":
        peer.createDataChannel("words")
    else:
        peer.addTrack(AudioStreamTrack())
    if kind == "pictures":
        peer.addTransceiver("video")
    await peer.setLocalDescription(await peer.createOffer())
    sdp: str = peer.localDescription.sdp
    await peer.close()
    return sdp


@pytest.mark.rule("R10")
async def test_the_browser_is_given_our_own_address_and_a_port_of_the_range_alone() -> None:
    browser = WebRtcBrowser()
    answer = await browser.accept(await offer())
    await browser.close()
    found = re.findall(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ (\S+)", answer)
    assert [(host, kind) for host, _, kind in found] == [("127.0.0.1", "host")]
    assert int(found[0][1]) in range(42400, 42500)


async def test_sound_that_nobody_can_reach_is_an_answer_without_addresses() -> None:
    ice.bind(("192.0.2.254",), range(42400, 42403))  # not this machine's
    browser = WebRtcBrowser()
    assert "a=candidate" not in await browser.accept(await offer())
    await browser.close()


@pytest.mark.rule("R10")
@pytest.mark.parametrize(
    "stranger",
    [
        "a=candidate:1 1 udp 2122260223 evil.example 53 typ host",
        "a=candidate:1 1 udp 2122260223 0a1b.local 50000 typ host",
        "a=candidate:1 1 tcp 1518280447 192.0.2.9 9 typ host tcptype active",
        "a=candidate:1 1 udp",
    ],
)
def test_names_and_other_ways_in_an_offer_are_dropped_before_they_are_looked_up(stranger: str) -> None:
    assert without_strangers(f"v=0\r\n{stranger}\r\n{OWN}\r\n").split("\r\n") == ["v=0", OWN, ""]


def test_an_offer_cannot_make_the_softphone_knock_at_a_crowd() -> None:
    assert without_strangers("\r\n".join([OWN] * 500)).count(OWN) == MOST_CANDIDATES


@pytest.mark.parametrize(
    "garbage", ["", "v=0", "m=audio", "\x00" * 50, "v=0\r\nm=audio 9 RTP/AVP 0\r\n", "a=b\n" * 9000]
)
async def test_an_offer_that_is_none_is_refused(garbage: str) -> None:
    browser = WebRtcBrowser()
    with pytest.raises(Refusal, match="bad offer"):
        await browser.accept(garbage)
    assert browser.ended.is_set()


@pytest.mark.parametrize("kind", ["data", "pictures"])
async def test_an_offer_of_anything_but_one_voice_is_refused(kind: str) -> None:
    browser = WebRtcBrowser()
    with pytest.raises(Refusal, match="bad offer"):
        await browser.accept(await offer(kind))


async def test_two_of_our_own_connect_and_end_together() -> None:
    theirs, ours = RTCPeerConnection(), WebRtcBrowser()
    theirs.addTrack(AudioStreamTrack())
    await theirs.setLocalDescription(await theirs.createOffer())
    answer = await ours.accept(theirs.localDescription.sdp)
    await theirs.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    assert await ours.connected()
    await theirs.close()
    await ours.ended.wait()
    await ours.close()
