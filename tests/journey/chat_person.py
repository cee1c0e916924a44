# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person with a phone: reads what it shows, finds the way by the words on it, answers as their application says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.journey.chat_line import ChatLine

from safeconduct.dialogue.scripts import Field, load, sentences
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.records import Record

QUESTIONS: Mapping[str, Field] = {one.name: one for one in load("apply").steps["application"].fields}
LANGUAGE_QUESTION = load("welcome").steps["language"].fields[0]
ENDONYMS = {tag: language.endonym for tag, language in LANGUAGES.items()}
PAUSE = 60  # seconds; who writes the next message sooner has not waited for an answer
ANSWER_SECONDS = 2
_NUMBERED = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
_CODE = re.compile(r"(?:[0-9]{4} ){5}[0-9]{4}")
_MARKS = str.maketrans("", "", "\u2068\u2069")  # they keep foreign words in order, and are not read


@dataclass(frozen=True)
class Shown:
    """One text on the phone, and when it came. `options` lead from a label to what the person presses or writes."""

    at: float
    text: str
    options: Mapping[str, str]
    has_buttons: bool

    def is_said(self, msgid: str, tag: str) -> bool:
        return texts(tag).say(msgid) in self.text


@dataclass
class Phone:
    """One address at the provider's double."""

    chat: ChatLine
    address: str
    language: str | None = None  # the messenger's own, where it tells one
    shown: list[Shown] = field(default_factory=list)
    _read: int = 0

    def _look(self) -> None:
        for address, text, buttons in self.chat.double.sent[self._read :]:
            if address == self.address:
                numbered = {label: number for number, label in _NUMBERED.findall(text)}
                options = {label: value for value, label in buttons} if buttons else numbered
                self.shown.append(Shown(self.chat.clock(), text, options, bool(buttons)))
        self._read = len(self.chat.double.sent)

    async def write(self, text: str, message_id: str | None = None) -> None:
        double = self.chat.double
        double.address = self.address
        if self.chat.line.facts.code == "telegram":
            self._tell_telegram(text, message_id)
        else:
            await double.say(text, address=self.address, message_id=message_id)
        await self._settle()

    def _tell_telegram(self, text: str, message_id: str | None) -> None:
        """As its apps do: with the language of the phone."""
        chat, double = int(self.address), self.chat.double
        if message_id is not None:
            double._chats.setdefault(chat, set()).add(int(message_id))
        sender = {"id": chat, "is_bot": False, "first_name": "Test Firstname"}
        if self.language is not None:
            sender["language_code"] = self.language
        double.tell({"text": text, "from": sender}, address=self.address, message_id=message_id)

    async def press(self, value: str) -> None:
        self.chat.double.address = self.address
        await self.chat.double.press(value)
        await self._settle()

    async def wait_until(self, moment: float) -> None:
        chat = self.chat
        while (due := await chat.line.spool.next_due(chat.line.facts.code)) is not None and due <= moment:
            await chat.wait_until(due)
            self._look()
        await chat.wait_until(moment)
        self._look()

    async def wait(self, seconds: float) -> None:
        await self.wait_until(self.chat.clock() + seconds)

    async def _settle(self) -> None:
        await self.chat.settle()
        self._look()


@dataclass
class Person:
    """Who wrote one invented application."""

    entry: Mapping[str, Any]
    phone: Phone
    said: list[str] = field(default_factory=list)  # each distinct message, in order
    asked: list[str] = field(default_factory=list)  # the questions of the application, in order
    pages: list[Shown] = field(default_factory=list)  # what was asked for by its name
    answers_to_words: list[Shown] = field(default_factory=list)  # after the application, to words that asked nothing
    delays: list[float] = field(default_factory=list)  # of each of these
    menu: Shown | None = None  # the first menu in the person's language
    shown_at_first: int = 0  # messages on the phone before the person went on
    application_ends: int = 0  # as many messages had been shown then
    code: str | None = None
    is_applied: bool = False
    _written_at: float = 0
    _known: set[str] = field(default_factory=set)

    @property
    def tag(self) -> str:
        return str(self.entry["language"])

    @property
    def last(self) -> Shown:
        return self.phone.shown[-1]

    def says(self, msgid: str, **params: str | int) -> str:
        return texts(self.tag).say(msgid, **params)

    # --- what the person wrote of their own accord -------------------------------------------------------------------

    async def tell(self, index: int) -> None:
        """The message of this index, at its time. The same id twice is the provider's retry."""
        name = str(self.entry["provider_message_ids"][index])
        await self.phone.wait_until(self._written_at + float(self.entry["sent_after_s"][index]))
        self._written_at = self.phone.chat.clock()
        if name not in self._known:
            self.said.append(self.entry["messages"][index])
        self._known.add(name)
        await self.phone.write(self.entry["messages"][index], name.rpartition(":")[2])

    async def word(self, text: str) -> None:
        """Something more of their own."""
        self.said.append(text)
        self._written_at = self.phone.chat.clock()
        await self.phone.write(text)

    async def await_answer(self) -> list[Shown]:
        before = len(self.phone.shown)
        written = self._written_at
        await self.phone.wait(PAUSE - 1)
        found = self.phone.shown[before:]
        if self.is_applied:
            self.answers_to_words += found
            self.delays += [one.at - written for one in found]
        return found

    # --- the dialogue ------------------------------------------------------------------------------------------------

    async def choose(self, label: str) -> Shown:
        """The option that the phone shows under these words."""
        await self.phone.wait(ANSWER_SECONDS)
        shown, before = self.last, len(self.phone.shown)
        options = {name.translate(_MARKS): value for name, value in shown.options.items()}
        assert label in options, f"{self.entry['id']}: {label!r} is not offered: {shown.text[-300:]!r} {list(options)}"
        if shown.has_buttons:
            await self.phone.press(options[label])
        else:
            await self.phone.write(options[label])
        assert len(self.phone.shown) == before + 1, f"{self.entry['id']}: {len(self.phone.shown) - before} answers"
        return self.last

    async def answer(self, text: str) -> Shown:
        await self.phone.wait(ANSWER_SECONDS)
        await self.phone.write(text)
        return self.last

    async def speak_my_language(self) -> None:
        """Choose it, unless it was understood."""
        if not self._is_language_asked():
            another = next(tag for tag in (self.tag, *AVAILABLE) if self._menu_word("Another language", tag))
            if another == self.tag:
                return
            await self.choose(texts(another).say("Another language"))
        await self.choose(ENDONYMS[self.tag])

    def _is_language_asked(self) -> bool:
        return any(self.last.is_said(LANGUAGE_QUESTION.ask, tag) for tag in AVAILABLE)

    def _menu_word(self, msgid: str, tag: str) -> bool:
        return texts(tag).say(msgid) in self.last.options

    async def to_menu(self) -> None:
        if self.says("Apply") not in self.last.options:
            await self.answer("0")

    async def read(self, *labels: str) -> Shown:
        """A page, by the words that lead to it from the menu."""
        await self.to_menu()
        for label in labels:
            self.pages.append(await self.choose(self.says(label)))
        return self.last

    async def begin_application(self) -> None:
        await self.to_menu()
        await self.choose(self.says("Apply"))

    async def finish_application(self) -> None:
        """Every question that the phone shows, until the application is sent."""
        while (name := self._question()) is not None:
            self.asked.append(name)
            await self._answer_question(name)
        await self.choose(self.says("Send"))
        self.is_applied = True

    async def apply(self, *, shows_code: bool = False) -> None:
        await self.begin_application()
        await self.finish_application()
        await self.leave(shows_code=shows_code)

    async def leave(self, *, shows_code: bool = False) -> None:
        if shows_code:
            self.code = _code(await self.choose(self.says("Show me my code")))
        else:
            await self.choose(self.says("Not now"))
        await self.choose(self.says("Leave"))
        self.application_ends = len(self.phone.shown)

    def _question(self) -> str | None:
        """The question at the end of what the phone shows."""
        places = {name: self.last.text.rfind(self.says(one.ask)) for name, one in QUESTIONS.items()}
        name = max(places, key=lambda one: places[one])
        return name if places[name] >= 0 and self.says("Send") not in self.last.options else None

    async def _answer_question(self, name: str) -> None:
        question, value = QUESTIONS[name], self._value(name)
        if value is None:
            label = self.says(sentences()["skip"])
            await (self.choose(label) if self.last.has_buttons else self.answer(label))
        elif question.options:
            (label,) = (option.label for option in question.options if option.value == value)
            await self.choose(self.says(label))
        else:
            await self.answer(value)

    def _value(self, name: str) -> str | None:
        """What the application says to this question; None: nothing, it is skipped."""
        rule = self.entry["safe_contact"]
        if name == "head_count":
            return str(self.entry["head_count"])
        if name == "text":
            return None
        if name == "contact":
            return str(rule["channel"]) if rule else "never"
        if name == "neutral_text":
            return "yes" if rule["neutral_text"] else "no"
        of_rule = {"contact_from": "from", "contact_to": "to", "contact_zone": "timezone"}
        found = rule[of_rule[name]] if name in of_rule else self.entry[name]
        return None if found is None else str(found)


def _code(shown: Shown) -> str:
    found = _CODE.search(shown.text)
    assert found, "no code is shown in fours"
    return found.group()


@dataclass
class Lived:
    """All that a test may ask about one application that was lived through."""

    person: Person
    start: float
    records: list[Record] = field(default_factory=list)  # as the desk opens them
    first_day: int = 0  # as many messages had been shown before the desk answered
    deleted: set[str] = field(default_factory=set)  # messages taken out of the chat
    outside: list[Shown] = field(default_factory=list)  # shown after a reply of the desk outside the hours
    inside: list[Shown] = field(default_factory=list)  # shown in the hours before the person wrote
    after_word: list[Shown] = field(default_factory=list)  # shown after they wrote a word in the hours
    later: list[Shown] = field(default_factory=list)  # shown in the day after that

    @property
    def shown(self) -> list[Shown]:
        return self.person.phone.shown

    def transcript(self) -> list[tuple[float, str, tuple[str, ...]]]:
        """What the phone showed and how long after the beginning: equal for two who must not be told apart."""
        return [(one.at - self.start, one.text, tuple(one.options)) for one in self.shown]
