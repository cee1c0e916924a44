# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one call says, in its language.

A sentence without a true prompt is never left out in silence: the call goes on in another language that its caller chose,
else in the next of the settings, and says so; else `Speechless` asks for a person.
"""

import asyncio
from collections.abc import Sequence

from safeconduct.dialogue.scripts import hotline
from safeconduct.dialogue.speaking import split
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.keys import Keys
from safeconduct.edge.channels.voice.places import Answers, Counted, Digits, Pause, Said, Words
from safeconduct.edge.channels.voice.sounds import Sounds, silence

_GROUP, _NUMBER_GROUP = 4, 3  # digits that are said together
_BETWEEN_DIGITS, _BETWEEN_GROUPS = 0.1, 0.7
_KEY_SECONDS = 0.01
_SENTENCE_MOST = 300  # characters that are spoken at once: what follows is made while they are heard


class Speechless(Exception):  # noqa: N818 - what it is
    """In no language that we have can this be said."""


class Speaker:
    """One call's voice. `language` changes when its own cannot say something."""

    def __init__(self, call: Call, keys: Keys, sounds: Sounds, languages: Sequence[str]) -> None:
        self._call = call
        self._keys = keys
        self._sounds = sounds
        self._languages = tuple(languages)
        self.language = languages[0]
        self.chosen: list[str] = []  # by the caller, the latest first

    def choose(self, language: str) -> None:
        """The caller wants this one."""
        if language != self.language or not self.chosen:
            self.language = language
            self.chosen = [language, *(one for one in self.chosen if one != language)]

    async def say(self, says: Sequence[Said], *, digits: str = "") -> str | None:
        """The key that cut it short, or None when all was heard. Raises `Ended`, `Speechless`."""
        self.begin(says, digits=digits)
        return await self.heard()

    def begin(self, says: Sequence[Said], *, digits: str = "") -> None:
        """The same, without waiting. Raises `Speechless`."""
        for pcm in self._sounds_of(says, digits):
            self._call.play(pcm)

    async def say_named(self, *names: str) -> str | None:
        """Sentences of the hotline."""
        return await self.say([Words(hotline()[name]) for name in names])

    async def say_text(self, paragraphs: Sequence[str], language: str) -> str | None:
        """Words of the line or of an operator: prompts where there are any, else spoken now. Raises `Ended`, `Speechless`."""
        for paragraph in paragraphs:
            whole = self._sounds.find(paragraph, language, self._call.rate)
            for piece in [paragraph] if whole else split(paragraph, _SENTENCE_MOST):
                pcm = whole or await self._sounds.speak(piece, language, self._call.rate)
                if pcm is None:
                    raise Speechless
                if self._is_cut_short:  # while it was made: what is told now would be told over what follows
                    return await self.heard()
                self._call.play(pcm)
            self._call.play(silence(_BETWEEN_GROUPS, self._call.rate))
        return await self.heard()

    def next_key(self) -> "asyncio.Task[str]":
        """To be waited for, and left."""
        return self._keys.waiting()

    async def has_a_key(self) -> bool:
        """One that was pressed before anything is said; it takes a moment to be read."""
        await asyncio.wait({self._keys.waiting()}, timeout=_KEY_SECONDS)
        return self._is_cut_short

    @property
    def _is_cut_short(self) -> bool:
        return self._keys.waiting().done() or self._keys.is_pressing

    def play(self, pcm: bytes) -> None:
        """A sound without words."""
        self._call.play(pcm)

    def sound_of(self, name: str) -> bytes | None:
        """One sentence of the hotline, for somebody else's ears as well. None: nobody has it in this language."""
        return self._find(Words(hotline()[name]), self.language)

    async def heard(self) -> str | None:
        """Until all has left, or a key was pressed. Raises `Ended`."""
        played = asyncio.create_task(self._call.played())
        key = self._keys.waiting()
        try:
            await asyncio.wait({played, key}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            played.cancel()
            await asyncio.gather(played, return_exceptions=True)
        if self._is_cut_short:
            return await self._keys.next(None)
        if self._call.ended.is_set():
            return await self._keys.next(None)  # which raises
        return None

    def _sounds_of(self, says: Sequence[Said], digits: str) -> list[bytes]:
        for language in dict.fromkeys((self.language, *self.chosen, *self._languages)):
            found = self._all_in(language, says, digits)
            if found is not None:
                return [*self._change_to(language), *found]
        raise Speechless

    def _all_in(self, language: str, says: Sequence[Said], digits: str) -> list[bytes] | None:
        """None when one sentence is missing. One of another language's own is left out: that language is not offered."""
        rate, found = self._call.rate, list[bytes]()
        for said in says:
            if isinstance(said, Answers):
                continue
            if isinstance(said, Pause):
                found.append(silence(said.seconds, rate))
            elif isinstance(said, Digits):
                spelt = self._spelt(digits, _GROUP if said.is_code else _NUMBER_GROUP, language)
                if spelt is None:
                    return None
                found += spelt
            elif isinstance(said, Words) and said.language is not None:
                found += [pcm] if (pcm := self._find(said, said.language)) is not None else []
            elif (pcm := self._find(said, language)) is not None:
                found.append(pcm)
            else:
                return None
        return found

    def _spelt(self, digits: str, group: int, language: str) -> list[bytes] | None:
        rate, found = self._call.rate, list[bytes]()
        for place, digit in enumerate(digits, start=1):
            pcm = self._sounds.find(digit, language, rate)
            if pcm is None:
                return None
            found += [pcm, silence(_BETWEEN_DIGITS if place % group else _BETWEEN_GROUPS, rate)]
        return found

    def _change_to(self, language: str) -> list[bytes]:
        """Said in both, as far as both can be said: somebody hears a language that they did not choose."""
        if language == self.language:
            return []
        told = [self._find(Words(hotline()["other_language"]), one) for one in (self.language, language)]
        self.language = language
        return [pcm for pcm in told if pcm is not None]

    def _find(self, words: Words | Counted, language: str) -> bytes | None:
        if language not in AVAILABLE:
            return None
        voice = texts(language)
        if isinstance(words, Counted):
            text = voice.plural(words.one, words.many, words.count)
        else:
            text = voice.say(words.msgid, **words.params)
        return self._sounds.find(text, language, self._call.rate)
