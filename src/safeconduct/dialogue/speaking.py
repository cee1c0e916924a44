# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a text channel shows for the effects of a turn, in one language. Pure: the door sends it.

A sentence that names a value which the door does not have is left out: half an address helps nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import regex

from safeconduct.dialogue.engine import ALWAYS, MESSAGE
from safeconduct.dialogue.forms import Read
from safeconduct.dialogue.scripts import BRANDS, Option, Promise, sentences
from safeconduct.dialogue.texts import AVAILABLE, SOURCE_LANGUAGE, Texts, placeholders, texts
from safeconduct.dialogue.turns import (
    Act,
    Ask,
    Effect,
    Finish,
    Hear,
    Leave,
    Offer,
    Promised,
    ReadBack,
    Refuse,
    Say,
    Ways,
)
from safeconduct.vocabulary.channels import CHANNELS
from safeconduct.vocabulary.languages import LANGUAGES

_ISOLATED = "\u2068{}\u2069"  # what runs the other way keeps its order, and cannot turn what stands around it
_WORDS_OF_EVERY_MOMENT = {*ALWAYS, "skip"}
_KIND_OF_WAY = {  # as the page of the addresses says it
    "web": "Web page",
    "onion": "Web page for the Tor browser",
    "voice": "Telephone",
    "sms": "Text message",
} | {channel.code: channel.name for channel in CHANNELS.values() if channel.is_brand}
_GRAPHEME = regex.compile(r"\X")
_ENDS = (regex.compile(r"\s*\n\s*\n\s*"), regex.compile(r"(?<=[.!?…。！？؟।])\s+|(?<=[。！？])"), regex.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message to a person. `options` are (value, label in the person's language), where the channel has buttons."""

    text: str
    options: tuple[tuple[str, str], ...] = ()


def speak(
    effects: Sequence[Effect],
    language: str,
    *,
    buttons: bool,
    ways: Sequence[tuple[str, str]] = (),
    values: Mapping[str, str] = {},
) -> tuple[Spoken, ...]:
    """What the person reads of a turn. `ways` are (kind or name, address); `values` what only the door knows.

    Nothing for a turn that waits for the door (`Act`, `Finish`) and says nothing. A language without a catalogue is
    answered in English.
    """
    voice = _Voice(language, ways, values)
    paragraphs = [paragraph for effect in effects for paragraph in voice.paragraphs(effect)]
    offer = _offer(effects)
    if offer is not None and not buttons:
        paragraphs += voice.listed(offer, is_message=_is_message(effects))
    if offer is not None and not paragraphs:
        paragraphs = [voice.texts.say(sentences()["choose_by_number"])]
    shown = tuple((option.value, voice.label(option)) for option in _sorted(offer)) if offer and buttons else ()
    return (Spoken("\n\n".join(paragraphs), shown),) if paragraphs else ()


def split(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` characters: at the end of a paragraph, else of a sentence, else of a word.

    Never inside what a person sees as one character, unless that alone is longer. Only white space is lost. Total.
    """
    most, rest, pieces = max(limit, 1), text.strip(), []
    while len(rest) > most:
        cut = _cut(rest, most)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


@dataclass(frozen=True, slots=True)
class _Voice:
    """One language, and what the door knows."""

    language: str
    ways: Sequence[tuple[str, str]]
    values: Mapping[str, str]

    @property
    def texts(self) -> Texts:
        return texts(self.language if self.language in AVAILABLE else SOURCE_LANGUAGE)

    def label(self, option: Option) -> str:
        return self.texts.say(option.label)

    def paragraphs(self, effect: Effect) -> Iterator[str]:
        match effect:
            case Say(msgid, params) | Refuse(msgid, params):
                yield from self._said(msgid, params)
            case Promised(promise):
                yield f"{self.texts.say(promise.text)} ({self._article(promise)})"
            case Ways():
                yield self._ways()
            case Ask(field):
                yield from self._said(field.ask, {})
                if field.hint is not None:
                    yield from self._said(field.hint, {"max": field.max})
            case ReadBack(answers) if answers:
                yield "\n".join(self._read(read) for read in answers)
            case _:
                return

    def listed(self, offer: Offer, *, is_message: bool) -> Iterator[str]:
        """The ways on where there are no buttons: numbers, and the words that work everywhere."""
        own = _own(offer)
        if is_message:
            yield self.texts.say(sentences()["choices_by_zero"])
            return
        if own:
            yield "\n".join(f"{number}. {self.label(option)}" for number, option in enumerate(own, 1))
            yield self.texts.say(sentences()["choose_by_number"])
        # A sign of every telephone's alphabet: any other would cut a text message to less than half.
        yield " / ".join(self.label(option) for option in _sorted(offer) if option not in own)

    def _said(self, msgid: str, params: Mapping[str, str | int]) -> Iterator[str]:
        given = {name: self._foreign(value) for name, value in {**self.values, **params}.items() if value != ""}
        if placeholders(msgid) <= set(given):
            yield self.texts.say(msgid, **given)

    def _foreign(self, value: str | int) -> str:
        is_turned = self.language in LANGUAGES and LANGUAGES[self.language].right_to_left
        return _ISOLATED.format(value) if is_turned and isinstance(value, str) else str(value)

    def _article(self, promise: Promise) -> str:
        numbers = ", ".join(map(str, promise.articles))
        if promise.law != "GC III":
            return self.texts.say(sentences()["article_of_protocol"], article=numbers)
        if len(promise.articles) == 1:
            return self.texts.say(sentences()["article"], article=numbers)
        return self.texts.say(sentences()["articles"], articles=numbers)

    def _ways(self) -> str:
        if not self.ways:
            return self.texts.say(sentences()["no_ways"])
        lines = [f"{self._kind(kind)}: {self._foreign(address)}" for kind, address in self.ways]
        return "\n".join([self.texts.say(sentences()["ways"]), *lines])

    def _kind(self, kind: str) -> str:
        name = _KIND_OF_WAY.get(kind, kind)
        return self._foreign(name) if name in BRANDS else self.texts.say(name)

    def _read(self, read: Read) -> str:
        answer = self._foreign(read.value) if read.label is None else self.texts.say(read.label)
        return f"{self.texts.say(read.field.ask)} {answer}"


def _offer(effects: Sequence[Effect]) -> Offer | None:
    """The last. Nothing is offered to who has left, nor while the door has still to say what came of it."""
    if any(isinstance(effect, Act | Finish | Leave) for effect in effects):
        return None
    return next((effect for effect in reversed(effects) if isinstance(effect, Offer)), None)


def _is_message(effects: Sequence[Effect]) -> bool:
    """A message that was taken as one: whoever tells something does not want the whole list after each sentence."""
    is_heard = any(isinstance(effect, Hear) and effect.field == MESSAGE for effect in effects)
    return is_heard and not any(isinstance(effect, Refuse | Ask) for effect in effects)


def _own(offer: Offer) -> list[Option]:
    """In the order in which `choosing.chosen` counts them."""
    return [option for option in offer.options if option.value not in _WORDS_OF_EVERY_MOMENT]


def _sorted(offer: Offer) -> list[Option]:
    return [*_own(offer), *(option for option in offer.options if option.value in _WORDS_OF_EVERY_MOMENT)]


def _cut(text: str, most: int) -> int:
    ends = _ends_of_graphemes(text, most)
    if not ends:
        return most
    for pattern in _ENDS:
        found = [match.start() for match in pattern.finditer(text, 0, most + 1)]
        fitting = [end for end in found if end in ends and end > most // 3]
        if fitting:
            return fitting[-1]
    return max(ends)


def _ends_of_graphemes(text: str, most: int) -> set[int]:
    ends = set()
    for match in _GRAPHEME.finditer(text):
        if match.end() > most:
            break
        ends.add(match.end())
    return ends
