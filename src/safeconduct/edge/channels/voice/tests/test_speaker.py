# SPDX-License-Identifier: AGPL-3.0-or-later
"""A key cuts short what is being said, also what is only being made."""

import asyncio

from safeconduct.edge.channels.voice.keys import Keys
from safeconduct.edge.channels.voice.sounds import Sounds
from safeconduct.edge.channels.voice.speaker import Speaker
from safeconduct.edge.channels.voice.tests.memory import PaperCall, PaperPrompts, PaperVoice


class Slow(Sounds):
    """Somebody presses a key while the second part is made."""

    def __init__(self, call: PaperCall, keys: Keys) -> None:
        super().__init__(PaperPrompts(), PaperVoice())
        self._call, self._keys = call, keys

    async def speak(self, text: str, language: str, rate: int) -> bytes | None:
        if text == "two":
            self._call.press("1")
            await asyncio.wait({self._keys.waiting()})
        return await super().speak(text, language, rate)


async def test_a_key_while_the_rest_of_a_long_reply_is_made_ends_it() -> None:
    call = PaperCall()
    keys = Keys(call, word=lambda _digits: None, pressed=call.stop_playing)
    speaker = Speaker(call, keys, Slow(call, keys), ["en"])
    assert await speaker.say_text(["one", "two", "three"], "en") == "1"
    assert call.texts() == ["one"]
    await keys.close()
