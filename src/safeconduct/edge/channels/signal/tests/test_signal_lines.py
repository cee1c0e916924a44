# SPDX-License-Identifier: AGPL-3.0-or-later
"""What signal-cli writes: every kind of line, and every way to spoil one."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.edge.channels.contract import Address, FileRef, Inbound
from safeconduct.edge.channels.errors import SendRefused
from safeconduct.edge.channels.signal import payloads
from safeconduct.edge.channels.signal.rpc import LINE_MAX
from safeconduct.edge.channels.signal.tests.conftest import Line, until
from safeconduct.edge.channels.signal.tests.double import SOMEONE

FIXTURES = files("safeconduct.edge.channels.signal") / "fixtures"
NAMES = sorted(path.name.removesuffix(".json") for path in FIXTURES.iterdir())
ID, NUMBER = "1631458508784", "+33123456789"


def documented(name: str) -> bytes:
    return json.dumps(json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))["payload"]).encode()


def heard(name: str) -> payloads.Heard:
    found = payloads.read(documented(name), None)
    assert isinstance(found, payloads.Heard)
    return found


@pytest.mark.parametrize(
    ("name", "address", "message_id", "text"),
    [
        ("text", SOMEONE, ID, "foobar"),
        ("text_without_number", SOMEONE, ID, "foobar"),
        ("text_of_number", NUMBER, ID, "foobar"),
        ("quote", SOMEONE, ID, "foobar"),
        ("edit", SOMEONE, f"1631458500000.e{ID}", "edited"),
        ("long_text", SOMEONE, ID, "the beginning"),
    ],
)
def test_words_are_taken_as_they_were_written(name: str, address: str, message_id: str, text: str) -> None:
    assert heard(name).inbounds == (Inbound(Address(address), message_id, text=text),)


def test_each_file_of_a_message_is_one_and_the_words_stand_by_the_first() -> None:
    first, second = heard("two_pictures").inbounds
    assert (first.message_id, first.caption, second.message_id, second.caption) == (ID, "both", f"{ID}.a1", None)
    assert first.file == FileRef("one.jpg", "image/jpeg", 1234, "one.jpg")
    assert heard("voice_note").inbounds[0].file == FileRef("voice.aac", "audio/aac", 1234)


@pytest.mark.rule("R5")
def test_words_beside_a_file_that_was_not_stored_are_taken() -> None:
    line = json.loads(documented("file_not_stored"))
    line["params"]["result"]["envelope"]["dataMessage"]["message"] = "help us"
    found = payloads.read(json.dumps(line).encode(), None)
    assert isinstance(found, payloads.Heard)
    assert found.inbounds == (Inbound(Address(SOMEONE), ID, is_other=True, caption="help us"),)


@pytest.mark.rule("R3")
@pytest.mark.parametrize("name", ["sticker", "contact", "reaction", "poll", "file_not_stored"])
def test_of_what_is_no_message_nothing_is_kept_and_the_person_is_told(name: str) -> None:
    assert heard(name).inbounds == (Inbound(Address(SOMEONE), ID, is_other=True),)


@pytest.mark.parametrize(
    ("name", "is_odd"),
    [
        ("group_text", True),
        ("remote_delete", True),
        ("expiration_update", True),
        ("call", True),
        ("story", True),
        ("untrusted", True),
        ("call_event", True),
        ("text_on_start", True),
        ("receipt", False),
        ("typing", False),
        ("sync", False),
    ],
)
def test_what_no_single_person_said_is_left_out(name: str, *, is_odd: bool) -> None:
    assert payloads.read(documented(name), None) == payloads.Ignored(is_odd=is_odd)


def test_another_account_of_the_same_daemon_is_not_ours() -> None:
    assert isinstance(payloads.read(documented("text"), "+33987654321"), payloads.Heard)
    assert payloads.read(documented("text"), "+33000000000") == payloads.Ignored(is_odd=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_line_cut_at_any_byte_is_malformed(name: str) -> None:
    whole = documented(name)
    for end in range(len(whole)):
        with pytest.raises(payloads.Malformed):
            payloads.read(whole[:end], None)


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=300, deadline=None)
def test_no_change_of_a_line_raises_anything_else(name: str, data: st.DataObject) -> None:
    body = bytearray(documented(name))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    _is_read_or_malformed(bytes(body))


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=300, deadline=None)
def test_no_value_in_place_of_another_raises_anything_else(name: str, data: st.DataObject) -> None:
    payload = json.loads(documented(name))
    _replace(payload, data)
    _is_read_or_malformed(json.dumps(payload).encode())


def _is_read_or_malformed(line: bytes) -> None:
    try:
        found = payloads.read(line, None)
    except payloads.Malformed:
        return
    for one in found.inbounds if isinstance(found, payloads.Heard) else ():
        assert sum((one.text is not None, one.pressed is not None, one.file is not None, one.is_other)) == 1


def _replace(node: Any, data: st.DataObject) -> None:
    """Somewhere below, something else."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = data.draw(st.sampled_from(keys))
    if isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 9)):
        _replace(node[key], data)
        return
    node[key] = data.draw(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.integers()), st.just({})))


async def test_a_spoiled_line_does_not_keep_back_the_next(line: Line) -> None:
    line.double.write(b"[" * 50_000)
    line.double.write(documented("text").replace(SOMEONE.encode(), b"somebody"))
    line.double.write(documented("group_text"))
    await line.double.say("after")
    assert [one.text for one in await line.heard(1)] == ["after"]
    assert (line.channel.malformed, line.channel.unknown) == (2, 1)


async def test_all_of_a_long_text_is_taken(line: Line) -> None:
    line.double.files["long.txt"] = ("the beginning " + "и так далее " * 1000).encode()
    line.double.write(documented("long_text"))
    (one,) = await line.heard(1)
    assert one.text is not None
    assert one.text.encode() == line.double.files["long.txt"]


async def test_of_a_long_text_that_cannot_be_had_the_beginning_is_kept_and_the_file(line: Line) -> None:
    line.double.write(documented("long_text"))
    first, second = await line.heard(2)
    assert (first.text, second.message_id) == ("the beginning", f"{ID}.t")
    assert second.file == FileRef("long.txt", payloads.LONG_TEXT, 1234)


async def test_no_repr_tells_what_was_said(line: Line) -> None:
    await line.double.say("a secret")
    await line.heard(1)
    await until(lambda: line.double.acknowledged)
    shown = repr(line.taken) + repr(heard("text")) + repr(vars(line.channel)) + repr(vars(line.channel)["_timed"])
    assert not any(word in shown for word in ("a secret", "foobar", SOMEONE, NUMBER))


@pytest.mark.rule("T8")
@pytest.mark.parametrize("size", [LINE_MAX + 1, 3 * LINE_MAX])
async def test_a_line_that_is_too_long_takes_nobody_elses_message_with_it(line: Line, size: int) -> None:
    await line.double.say("before")
    line.double.arrives({"message": "x" * size})
    await line.double.say("after")
    assert [inbound.text for inbound in await line.heard(2)] == ["before", "after"]
    assert line.channel.malformed == 1


@pytest.mark.rule("T8")
async def test_a_file_that_is_larger_than_its_sender_said_is_refused_and_not_asked_for_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edge.channels.signal.channel._FILE_LINE_MAX", 1000)
    line.double.files["large"] = bytes(5000)
    with pytest.raises(SendRefused):
        await anext(line.channel.fetch(FileRef("large", "image/jpeg", size=1)))
