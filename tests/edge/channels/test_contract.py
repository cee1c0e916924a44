# SPDX-License-Identifier: AGPL-3.0-or-later
"""What edge/channels/contract.py promises, of every registered channel, against the strict double of its provider."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safeconduct.edge.channels import registry
from safeconduct.edge.channels.contract import Address, Channel, Facts, HasWebhook, Inbound, Outgoing, Take
from safeconduct.edge.channels.errors import ChannelDown, NotStored, SendError, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.reach import Reach
from safeconduct.vocabulary.channels import CHANNELS

LONG = " ".join(f"слово{number} 标 🕊" for number in range(600))  # nearly as long as a reply may be
SOON = 30.0


@dataclass
class Both:
    """A channel, the other side of it, and the line behind it, which cannot store the first `fails` times."""

    code: str
    double: Any  # each channel's own; what it has is in edge/channels/<code>/tests/double.py
    channel: Channel
    taken: list[Inbound] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    fails: int = 0
    tries: int = 0

    @property
    def facts(self) -> Facts:
        return registry.facts(self.code)

    @property
    def address(self) -> Address:
        return Address(self.double.address)

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        self.tries += 1
        if self.fails:
            self.fails -= 1
            raise NotStored("the disk is full")
        for inbound in inbounds:  # as the worker does it: all of it is there before it is acknowledged
            if inbound.file is not None:
                self.files.append(b"".join([piece async for piece in self.channel.fetch(inbound.file)]))
        self.taken += inbounds

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """As the worker does it, only faster."""
        task = asyncio.create_task(_receive(self.channel, self.take))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def hear(self, until: Callable[[], object]) -> None:
        """Let the provider bring what waits, until it is so."""
        async with asyncio.timeout(SOON):
            while not until():
                await self.double.post(self.channel, self.take)
                await asyncio.sleep(0.01)

    def typed(self, text: str) -> str:
        """What a person's device can carry of a text: a telephone has only digits."""
        return str(self.double.typed(text)) if self.facts.is_call else text

    async def send(self, text: str, **more: Any) -> list[str]:
        """A whole text, in the channel's parts. The ids of all of them."""
        if self.facts.is_call:  # an answer is for who is still there; a reply is what the line calls for
            more = {"about": "reply", **more}
        parts, ids = self.channel.parts(text), list[str]()
        for index, part in enumerate(parts, start=1):
            message = Outgoing(part, index=index, total=len(parts), reference=7, **more)
            ids += await self.channel.send(self.address, message)
        return ids

    def phone(self) -> str:
        return " ".join(text for whom, text, _ in self.double.sent if whom == self.double.address)


async def _receive(channel: Channel, take: Take) -> None:
    while True:
        with contextlib.suppress(ChannelDown, NotStored):
            await channel.receive(take)
        await asyncio.sleep(0.01)


@pytest.fixture(params=registry.codes())
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Both]:
    """A registered channel without a double fails here: nothing is skipped."""
    code = request.param
    double_class = import_module(f"safeconduct.edge.channels.{code}.tests.double").Double
    async with double_class.started() as double:
        settings = tmp_path / f"{code}.toml"
        settings.write_bytes(msgspec.toml.encode(double.settings()))
        settings.chmod(0o600)
        reach = Reach()
        channel = registry.make(code, settings, reach)
        both = Both(code, double, channel)
        async with both.listening():
            yield both
        await channel.close()
        await reach.close()


async def _quietly(doing: Awaitable[object]) -> None:
    """SMSCs wait for an answer to each message: it may be a refusal here."""
    with contextlib.suppress(Exception):
        await doing


@pytest.mark.parametrize("code", registry.codes())
def test_the_facts_are_those_of_a_channel_that_is_registered(code: str) -> None:
    facts = registry.facts(code)
    assert (facts.code, code in CHANNELS) == (code, True)
    assert facts.text_limit >= 60
    assert all(seconds is None or seconds > 0 for seconds in (facts.deletes_own, facts.deletes_theirs))
    assert facts.provider in {"reads", "knows", "telephone"}


@pytest.mark.rule("R4")
async def test_what_a_person_writes_arrives_once_letter_by_letter_from_their_address(both: Both) -> None:
    saying = asyncio.create_task(both.double.say("Привіт! «сойка» 5 < 6 & 标"))
    await both.hear(lambda: both.taken)
    name = await saying
    (inbound,) = both.taken
    assert inbound.text == both.typed("Привіт! «сойка» 5 < 6 & 标")
    assert inbound.address == both.double.address
    await both.hear(lambda: both.double.acknowledged)  # a poll acknowledges by asking for what comes next
    assert both.double.acknowledged == [name]


@pytest.mark.rule("T9")
async def test_a_message_that_the_provider_repeats_has_the_same_name_and_another_one_another(both: Both) -> None:
    if both.facts.is_call:
        return
    name = None
    for count, (text, again) in enumerate((("one", False), ("one", True), ("two", False)), start=1):
        name = name if again else None
        saying = asyncio.create_task(both.double.say(text, message_id=name))
        await both.hear(lambda count=count: len(both.taken) >= count)  # type: ignore[misc]
        name = await saying
    first, repeat, other = both.taken
    assert first.message_id == repeat.message_id
    assert first.message_id != other.message_id


@pytest.mark.rule("T9")
async def test_what_was_not_stored_is_not_acknowledged_and_comes_again(both: Both) -> None:
    both.fails = 1
    saying = asyncio.create_task(both.double.say("hello"))
    await both.hear(lambda: both.tries)
    assert both.taken == []
    assert both.double.acknowledged == []
    name = await _settled(saying)
    async with asyncio.timeout(SOON):
        while not both.taken:
            if name is not None and both.tries == 1:  # a provider that repeats only when it likes
                await _quietly(both.double.say("hello", message_id=name))
            await both.double.post(both.channel, both.take)
            await asyncio.sleep(0.05)
    assert {inbound.text for inbound in both.taken} == {both.typed("hello")}
    await both.hear(lambda: both.double.acknowledged)


async def _settled(saying: "asyncio.Task[str]") -> str | None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SOON):
            return await saying
    return None


async def test_what_is_sent_shows_on_the_phone_whole_and_in_order(both: Both) -> None:
    await both.hear(lambda: True)
    for text in ("Hello.", "«Їжак» 🕊 标题 ̈a", LONG):
        both.double.sent.clear()
        await both.send(text)
        await both.hear(both.phone)
        assert both.phone().split() == text.split()


def test_no_part_is_longer_than_the_channel_says_it_can_carry(both: Both) -> None:
    parts = both.channel.parts(LONG)
    assert max(map(len, parts)) <= both.facts.text_limit
    assert " ".join(parts).split() == LONG.split()


async def test_choices_show_and_a_press_brings_back_the_value(both: Both) -> None:
    if not both.facts.has_buttons or both.facts.is_call:  # in a call the keys belong to its own menus
        assert not hasattr(both.double, "press")
        return
    await both.send("Choose.", options=(("apply", "Apply"), ("check", "Check that this is the real line")))
    assert dict(both.double.sent[-1][2]).keys() == {"apply", "check"}
    await both.double.press("check")
    await both.hear(lambda: both.taken)
    assert [(inbound.pressed, inbound.text) for inbound in both.taken] == [("check", None)]


@pytest.mark.parametrize(
    ("trouble", "error"), [("refuse_next", SendRefused), ("delay_next", SendLater), ("break_next", SendUncertain)]
)
async def test_what_goes_wrong_is_said_by_its_type_and_the_next_message_goes_out(
    both: Both, trouble: str, error: type[SendError]
) -> None:
    await both.send("first")
    getattr(both.double, trouble)(*([7] if trouble == "delay_next" else []))
    with pytest.raises(error) as raised:
        await both.send("second")
    if isinstance(raised.value, SendLater):
        assert raised.value.retry_after in {7, None}
    assert both.double.address.lstrip("+") not in f"{raised.value!s} {raised.value!r}"
    async with asyncio.timeout(SOON):
        while "third" not in both.phone():
            with contextlib.suppress(SendLater):  # it may still have to find its provider again
                await both.send("third")
            await asyncio.sleep(0.05)


@pytest.mark.rule("T1")
async def test_what_can_be_deleted_is_and_what_cannot_is_refused(both: Both) -> None:
    ids = await both.send("first")
    if both.facts.deletes_own is None:
        with contextlib.suppress(SendRefused):
            await both.channel.delete(both.address, ids or ["1"])
        assert both.double.deleted == []
        return
    await both.channel.delete(both.address, ids)
    await both.channel.delete(both.address, ids)  # gone already is fine
    assert {whom for whom, _ in both.double.deleted} == {both.double.address}


@pytest.mark.rule("T1")
async def test_a_persons_own_message_can_be_deleted_where_the_channel_says_so(both: Both) -> None:
    saying = asyncio.create_task(both.double.say("hello"))
    await both.hear(lambda: both.taken)
    await saying
    (inbound,) = both.taken
    assert (inbound.delete_id is not None) == (both.facts.deletes_theirs is not None)
    if inbound.delete_id is not None:
        await both.channel.delete(both.address, [inbound.delete_id])
        assert len(both.double.deleted) == 1


@pytest.mark.rule("R8")
async def test_a_file_comes_whole(both: Both) -> None:
    if not both.facts.takes_files:
        assert not hasattr(both.double, "send_file")
        return
    data = bytes(range(256)) * 2000
    await both.double.send_file(data, "image/jpeg")
    await both.hear(lambda: both.taken)
    (inbound,) = both.taken
    assert inbound.file is not None
    (came,) = both.files
    assert came == data or (both.facts.is_call and came.endswith(data))  # a call's file has a head of its own


@pytest.mark.rule("T3", "R49")
async def test_nothing_that_is_logged_or_shown_names_the_person_or_their_words(
    both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    both.fails = 1
    saying = asyncio.create_task(_settled(asyncio.create_task(both.double.say("волошка"))))
    await both.hear(lambda: both.tries)
    both.double.refuse_next()
    with contextlib.suppress(SendError):
        await both.send("сойка")
    await saying
    own = [record for record in caplog.records if record.name.startswith("safeconduct")]
    shown = " ".join(record.getMessage() for record in own) + repr(both.taken) + repr(both.channel)
    for secret in (both.double.address, both.double.address.lstrip("+"), "волошка", "сойка"):
        assert secret not in shown


@pytest.mark.rule("T8")
async def test_a_post_that_is_not_the_providers_or_makes_no_sense_is_refused_and_never_raises(both: Both) -> None:
    if not isinstance(both.channel, HasWebhook):
        return
    for payload in (b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}" * 10_000):
        answer = await both.double.post(both.channel, both.take, payload)
        assert answer is None or answer.status in {200, 400, 403}
    assert both.taken == []
