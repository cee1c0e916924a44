# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every documented payload, and what can become of it on the way."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.errors import SendLater
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.telegram.channel import Telegram, make
from safeconduct.edge.channels.telegram.payloads import Update, heard
from safeconduct.edge.channels.telegram.settings import Settings
from safeconduct.edge.channels.telegram.tests.conftest import Taken
from safeconduct.edge.channels.telegram.tests.double import SECRET, TOKEN, Double

FIXTURES = {
    path.stem: json.loads(path.read_bytes()) for path in (Path(__file__).parents[1] / "fixtures").glob("*.json")
}
BODIES = {name: msgspec.json.encode(fixture["payload"]) for name, fixture in FIXTURES.items()}
KEYS = st.sampled_from(
    ["update_id", "message", "callback_query", "chat", "id", "type", "text", "photo", "from", "data"]
)
FILE = "AwADBAADbXXXXXXXXXXXGBdhD2l6_XX"

HEARD: dict[str, tuple[str, object] | None] = {
    "text": ("text", "/start"),
    "forwarded": ("text", "/start"),
    "forwarded_from_channel": ("text", "/start"),
    "reply": ("text", "/start"),
    "edited": ("text", "Edited text"),
    "entities": ("text", "Bold and italics"),
    "audio": ("file", (FILE, "audio/mpeg", 3897500, None)),
    "voice": ("file", (FILE, "audio/ogg", 23000, None)),
    "document": ("file", (FILE, "application/pdf", 536392, "Testfile.pdf")),
    "photo": ("file", ("AgADBAADy", "image/jpeg", 140000, None)),
    "press": ("pressed", "group"),
    "press_under_old_message": ("pressed", "group"),
    "contact": ("is_other", True),
    "location": ("is_other", True),
    "venue": ("is_other", True),
    "sticker": ("is_other", True),
    "inline_query": None,
    "chosen_inline_result": None,
    "inline_press": None,
    "group": None,
    "channel_post": None,
    "timer": None,
    "blocked": None,
}


def _heard(name: str) -> Inbound | None:
    return heard(msgspec.json.decode(BODIES[name], type=Update))


def _kinds(inbound: Inbound) -> list[tuple[str, object]]:
    file = inbound.file and (inbound.file.handle, inbound.file.media_type, inbound.file.size, inbound.file.name)
    said = {"text": inbound.text, "pressed": inbound.pressed, "file": file, "is_other": inbound.is_other or None}
    return [(kind, value) for kind, value in said.items() if value is not None]


@pytest.mark.parametrize("name", sorted(FIXTURES))
def test_each_documented_payload_is_heard_as_exactly_one_thing(name: str) -> None:
    inbound = _heard(name)
    assert (None if inbound is None else _kinds(inbound)) == (None if HEARD[name] is None else [HEARD[name]])
    assert FIXTURES[name]["source"]


def test_an_edited_message_is_another_one_that_deletes_the_same() -> None:
    first, edited = _heard("text"), _heard("edited")
    assert first is not None
    assert edited is not None
    assert (first.message_id, edited.message_id) == ("1365", "1365.e1441646600")
    assert first.delete_id == edited.delete_id == "1365"


def test_a_caption_and_the_language_come_with_what_they_belong_to() -> None:
    photo, press = _heard("photo"), _heard("press")
    assert photo is not None
    assert press is not None
    assert (photo.caption, photo.language, press.language) == ("Мій квиток", None, "pt-br")


@pytest.mark.rule("R3")
@pytest.mark.parametrize("name", ["location", "venue", "contact"])
def test_nothing_of_a_place_or_a_contact_is_in_any_object_of_ours(name: str) -> None:
    update = msgspec.json.decode(BODIES[name], type=Update)
    kept = msgspec.json.encode(update).decode()
    assert not any(secret in kept for secret in ("48.0", "37.8", "5550100", "Test"))


def test_no_repr_tells_what_was_said_or_by_whom() -> None:
    for body in BODIES.values():
        update = msgspec.json.decode(body, type=Update)
        for thing in (update, update.message, update.edited_message, update.callback_query, heard(update)):
            assert not any(secret in repr(thing) for secret in ("1111111", "1365", "start", "Test", "AwAD"))


class _NoReach(Reach):
    """The posts of this file are to call nobody; a press does, and may."""

    def __init__(self) -> None:
        """No client, no connections."""

    async def call(self, *_: Any, **__: Any) -> Any:
        raise SendLater("no network")


REACH = _NoReach()


def _channel() -> Telegram:
    given = {"token": TOKEN, "mode": "webhook", "webhook_url": "https://line.example/t", "webhook_secret": SECRET}
    channel = make(msgspec.convert(given, Settings), REACH)
    assert isinstance(channel, Telegram)
    return channel


def _posted(body: bytes) -> int:
    async def post() -> int:
        answer = await Double(mode="webhook").post(_channel(), Taken(), body)
        assert answer is not None
        return answer.status

    return asyncio.run(post())


def test_every_documented_payload_cut_at_every_byte_is_answered() -> None:
    for name, body in BODIES.items():
        assert _posted(body) == 200, name
        assert {_posted(body[:end]) for end in range(len(body))} == {400}, name


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(name=st.sampled_from(sorted(BODIES)), data=st.data())
def test_a_payload_that_changed_on_the_way_is_answered(name: str, data: st.DataObject) -> None:
    body = bytearray(BODIES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    assert _posted(bytes(body)) in {200, 400}


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(KEYS, inner)))
def test_any_json_is_answered(value: object) -> None:
    assert _posted(json.dumps(value).encode()) in {200, 400}


def test_a_payload_without_a_floor_is_malformed() -> None:
    assert _posted(b'{"update_id":1,"x":' + b"[" * 100_000) == 400
