# SPDX-License-Identifier: AGPL-3.0-or-later
"""One broken character must not cost a person their message."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edge.channels.contract import HasWebhook, WebhookRequest
from safeconduct.edge.channels.halves import whole
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.telegram.channel import Settings, make
from safeconduct.edge.channels.telegram.tests.conftest import Taken
from safeconduct.edge.channels.telegram.tests.double import SECRET, TOKEN

ANY = st.text(st.one_of(st.characters(categories=["Cs"]), st.sampled_from('a\\"ud83d😀/')), max_size=20)


@pytest.mark.rule("T8")
@given(ANY)
def test_halves_become_the_sign_for_them_and_nothing_else_changes(text: str) -> None:
    expected = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert msgspec.json.decode(whole(json.dumps(text).encode())) == expected


@pytest.mark.rule("T8")
def test_what_is_no_json_is_left_as_it_is() -> None:
    for written in (b"", b"\\", b"\\u", b"\\ud8", b'"\\ud83', b"\xff\\ud", b"\\\\ud800"):
        assert whole(written) == written


@pytest.mark.rule("T8")
async def test_a_message_with_half_a_character_is_taken() -> None:
    given = {"token": TOKEN, "mode": "webhook", "webhook_url": "https://line.example", "webhook_secret": SECRET}
    reach, taken = Reach(), Taken()
    channel = make(msgspec.convert(given, Settings), reach)
    assert isinstance(channel, HasWebhook)
    message = {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": "I want \ud83d to live"}
    body = json.dumps({"update_id": 1, "message": message}).encode()
    request = WebhookRequest("POST", {"x-telegram-bot-api-secret-token": SECRET}, {}, body)
    assert (await channel.posted(request, taken)).status == 200
    await reach.close()
    assert taken.inbounds[0].text == "I want \ufffd to live"
