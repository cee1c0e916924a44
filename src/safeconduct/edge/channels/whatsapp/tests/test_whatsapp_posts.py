# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Meta posts: every documented payload, and every way to spoil one."""

import asyncio
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.edge.channels.contract import Inbound, WebhookAnswer, WebhookRequest
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.whatsapp.channel import Settings, WhatsAppChannel, make
from safeconduct.edge.channels.whatsapp.tests.conftest import Line
from safeconduct.edge.channels.whatsapp.tests.double import SOMEONE, VERIFY, Double, notification, signed

FIXTURES = files("safeconduct.edge.channels.whatsapp") / "fixtures"
NAMES = sorted(path.name.removesuffix(".json") for path in FIXTURES.iterdir())
NUMBER, ID = "16505551234", "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="
EDITED = "wamid.ORIGINAL.e1749416383"
SETTINGS = msgspec.convert({**Double().settings(), "graph_url": "https://graph.facebook.com/v24.0"}, Settings)


def documented(name: str) -> bytes:
    return json.dumps(json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))["payload"]).encode()


async def posted(channel: WhatsAppChannel, body: bytes) -> tuple[WebhookAnswer, list[Inbound]]:
    taken: list[Inbound] = []

    async def take(inbounds: Sequence[Inbound]) -> None:
        taken.extend(inbounds)

    return await channel.posted(signed(body), take), taken


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("text", {"address": NUMBER, "text": "Does it come in another color?"}),
        ("text_with_user_id", {"address": SOMEONE, "text": "Does it come in another color?"}),
        ("text_of_username", {"address": SOMEONE, "text": "Does it come in another color?"}),
        ("button_reply", {"pressed": "cancel-button"}),
        ("list_reply", {"pressed": "priority_express"}),
        ("button", {"text": "Unsubscribe"}),
        ("button_with_payload", {"pressed": "unsubscribe-1"}),
        ("edit", {"message_id": EDITED, "text": "Text was edited"}),
        ("edit_caption", {"message_id": EDITED, "text": "The Taj Mahal"}),
    ],
)
async def test_words_and_choices_are_taken_as_they_were_made(
    alone: WhatsAppChannel, name: str, said: dict[str, str]
) -> None:
    answer, taken = await posted(alone, documented(name))
    assert answer.status == 200
    assert {key: getattr(taken[0], key) for key in said} == said
    assert (len(taken), taken[0].message_id) == (1, said.get("message_id", ID))


@pytest.mark.parametrize(
    ("name", "media_type", "file_name", "caption"),
    [
        ("image", "image/jpeg", None, "Taj Mahal"),
        ("audio_voice", "audio/ogg; codecs=opus", None, None),
        ("video", "video/mp4", None, "Dune"),
        ("document", "application/pdf", "receipt.pdf", "Receipt"),
    ],
)
async def test_files_are_told_of_and_not_fetched(
    alone: WhatsAppChannel, name: str, media_type: str, file_name: str | None, caption: str | None
) -> None:
    (inbound,) = (await posted(alone, documented(name)))[1]
    assert inbound.file is not None
    assert inbound.file.handle.isdigit()
    assert (inbound.file.media_type, inbound.file.name, inbound.caption) == (media_type, file_name, caption)


@pytest.mark.rule("R3")
@pytest.mark.parametrize(
    "name",
    [
        "sticker",
        "location",
        "contacts",
        "reaction",
        "order",
        "unsupported",
        "flow_reply",
        "interactive_without_content",
    ],
)
async def test_of_what_is_no_message_nothing_is_kept_and_the_person_is_told(alone: WhatsAppChannel, name: str) -> None:
    answer, taken = await posted(alone, documented(name))
    assert answer.status == 200
    assert taken == [Inbound(taken[0].address, ID, is_other=True)]


@pytest.mark.parametrize("name", ["system", "revoke", "group_text", "account_update"])
async def test_what_no_single_person_said_is_only_counted(alone: WhatsAppChannel, name: str) -> None:
    answer, taken = await posted(alone, documented(name))
    assert (answer.status, taken, alone.unknown) == (200, [], 1)


@pytest.mark.parametrize("name", ["sent", "delivered", "read", "failed"])
async def test_statuses_are_counted_and_not_handed_over(alone: WhatsAppChannel, name: str) -> None:
    answer, taken = await posted(alone, documented(f"status_{name}"))
    assert (answer.status, taken, alone.statuses) == (200, [], {name: 1})


async def test_another_number_of_the_same_business_is_not_ours(alone: WhatsAppChannel) -> None:
    body = documented("text").replace(b"106540352242922", b"999999999999999")
    assert (await posted(alone, body))[1] == []
    assert alone.unknown == 1


async def test_a_spoiled_message_does_not_keep_back_the_others_of_its_post(alone: WhatsAppChannel) -> None:
    good = {"from": NUMBER, "id": "a", "timestamp": "1", "type": "text", "text": {"body": "good"}}
    answer, taken = await posted(alone, json.dumps(notification({**good, "text": {"body": 7}}, good)).encode())
    assert answer.status == 400
    assert [inbound.text for inbound in taken] == ["good"]


async def test_nothing_is_acknowledged_that_was_not_stored(line: Line) -> None:
    await line.double.say("one")
    line.fails = 1
    answer = await line.double.post(line.channel, line.take)
    assert answer is not None
    assert (answer.status, line.double.acknowledged) == (503, [])
    await line.double.post(line.channel, line.take)
    assert ([one.text for one in line.taken], len(line.double.acknowledged)) == (["one"], 1)


async def test_a_repeat_has_the_same_id(line: Line) -> None:
    message_id = await line.double.say("one")
    await line.double.say("one", message_id=message_id)
    await line.double.post(line.channel, line.take)
    assert [one.message_id for one in line.taken] == [message_id, message_id]


@pytest.mark.parametrize("secret", ["", "another-secret"])
async def test_a_post_that_meta_did_not_sign_is_not_read(alone: WhatsAppChannel, secret: str) -> None:
    async def never(_: Sequence[Inbound]) -> None:
        raise AssertionError

    request = signed(documented("text"), secret or "app-secret")
    headers = request.headers if secret else {}
    answer = await alone.posted(WebhookRequest("POST", headers, {}, request.body), never)
    assert answer.status == 403


@pytest.mark.parametrize(
    ("token", "mode", "status", "body"),
    [
        (VERIFY, "subscribe", 200, b"1158201444"),
        ("é", "subscribe", 403, b""),
        ("", "subscribe", 403, b""),
        (VERIFY, "unsubscribe", 403, b""),
    ],
)
async def test_the_address_is_confirmed_only_to_who_knows_the_token(
    alone: WhatsAppChannel, token: str, mode: str, status: int, body: bytes
) -> None:
    query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": "1158201444"}
    answer = await alone.posted(WebhookRequest("GET", {}, query, b""), _ignore)
    assert (answer.status, answer.body) == (status, body)


async def _ignore(_: Sequence[Inbound]) -> None:
    return None


@pytest.mark.parametrize("name", NAMES)
async def test_a_post_cut_at_any_byte_is_malformed(alone: WhatsAppChannel, name: str) -> None:
    whole = documented(name)
    assert {(await posted(alone, whole[:end]))[0].status for end in range(len(whole))} == {400}


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=300, deadline=None)
def test_no_change_of_a_post_raises(no_reach: Reach, name: str, data: st.DataObject) -> None:
    body = bytearray(documented(name))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    answer, taken = asyncio.run(posted(make(SETTINGS, no_reach), bytes(body)))
    assert answer.status in {200, 400}
    assert all(
        sum((one.text is not None, one.pressed is not None, one.file is not None, one.is_other)) == 1 for one in taken
    )


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=300, deadline=None)
def test_no_value_in_place_of_another_raises(no_reach: Reach, name: str, data: st.DataObject) -> None:
    payload = json.loads(documented(name))
    _replace(payload, data)
    answer, _ = asyncio.run(posted(make(SETTINGS, no_reach), json.dumps(payload).encode()))
    assert answer.status in {200, 400}


def _replace(node: Any, data: st.DataObject) -> None:
    """Somewhere below, something else."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = data.draw(st.sampled_from(keys))
    if isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 9)):
        _replace(node[key], data)
        return
    node[key] = data.draw(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.integers()), st.just({})))


async def test_depth_does_not_matter(alone: WhatsAppChannel) -> None:
    assert (await posted(alone, b'{"object":' + b"[" * 100_000))[0].status == 400


async def test_no_repr_tells_what_was_said(alone: WhatsAppChannel) -> None:
    (inbound,) = (await posted(alone, documented("text")))[1]
    shown = repr(inbound) + repr(inbound.address) + repr(SETTINGS) + repr(vars(alone)["_settings"])
    assert not any(secret in shown for secret in (NUMBER, "color", "EAA-token", "app-secret"))
