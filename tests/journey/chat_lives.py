# SPDX-License-Identifier: AGPL-3.0-or-later
"""The invented applications of the messengers, each lived through on a line of its own, many at the same time.

A life: the messages at their times, what the person reads and answers in between, and a day later a reply of the desk:
outside the person's hours, and then inside.
"""

import asyncio
import json
from collections import UserDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.journey.chat_line import ChatLine, chat_line
from tests.journey.chat_person import PAUSE, Lived, Person, Phone, Shown

from safeconduct.vocabulary.records import Record

Entry = Mapping[str, Any]
_FILE = Path(__file__).parent / "chat_applications.jsonl"
ENTRIES: dict[str, Entry] = {
    entry["id"]: entry for line in _FILE.read_text(encoding="utf-8").splitlines() for entry in [json.loads(line)]
}
REPLY = "Operator: 12 − «ответ» 答え ١٢ 🙏"  # what no catalogue says, in many scripts
WORD = "..."  # said to show that one is there; no answer to any question
AT_ONCE = 8
DAY = 24 * 3600

# What they ask for by its name before they apply, as labels from the menu on.
SAFELY, CHECK, TREATED, SEARCH = (
    "How to do it safely",
    "Check that this is the real line",
    "How people are treated",
    "I look for someone",
)
READS: Mapping[str, Sequence[str]] = {
    "A001": (CHECK,), "A032": (CHECK,), "A040": (CHECK,), "A043": (CHECK,), "A057": (CHECK,),
    "A019": (TREATED, "Every day"), "A022": (TREATED, "Your family and your name"), "A047": (TREATED, "Every day"),
    "A039": (SAFELY, "If you are alone"), "A036": (SAFELY, "If you are a group"), "A056": (SAFELY,), "A058": (SAFELY,),
}  # fmt: skip
PHONES = {"A001": None, "A019": "am", "A022": "ru", "A033": "en", "A048": "ru"}  # in another language than the person's
SHOWS_CODE = {"A057"}
APPLIES_LAST = {"A035"}  # their messages are choices from the lists that came before
IS_ASKED_WHILE_WRITING = {"A033"}  # the first question is open while the last messages come


def opening(entry: Entry) -> float:
    """A moment in the person's own hours: then they have the phone."""
    rule = entry["safe_contact"]
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp()
    return noon if rule is None else next_time(noon, rule["from"], rule["timezone"]) + 60


def next_time(now: float, clock: str, zone: str, *, later: int = 0) -> float:
    """When that wall clock shows this time next, `later` minutes added."""
    here = datetime.fromtimestamp(now, ZoneInfo(zone)).replace(tzinfo=None)
    hour, minute = map(int, clock.split(":"))
    there = here.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(minutes=later)
    while there <= here:
        there += timedelta(days=1)
    return there.replace(tzinfo=ZoneInfo(zone)).timestamp()


def address_of(entry: Entry) -> str:
    """On Telegram the chat's number stands in the message's id; a phone number is made of the entry's."""
    parts = str(entry["provider_message_ids"][0]).split(":")
    return parts[1] if parts[0] == "tg" else f"+99900000{entry['id'][1:4]}"


def phone_of(entry: Entry, chat: ChatLine) -> Phone:
    language = PHONES.get(entry["id"][:4], entry["language"].lower())
    return Phone(chat, address_of(entry), language, _read=len(chat.double.sent))


async def live_first_day(person: Person) -> None:
    """The messages in their order, and the dialogue where the person pauses."""
    entry, last = person.entry, len(person.entry["messages"]) - 1
    applies_after = _applies_after(entry)
    for index in range(last + 1):
        await person.tell(index)
        if index < last and entry["sent_after_s"][index + 1] < PAUSE:
            continue
        await person.await_answer()
        if person.menu is None:
            person.shown_at_first = len(person.phone.shown)
            await person.speak_my_language()
            person.menu = person.last
        if index == applies_after:
            await _read_and_apply(person)
    if entry["id"][:4] in IS_ASKED_WHILE_WRITING:
        await person.finish_application()
        await person.leave()


async def _read_and_apply(person: Person) -> None:
    name = person.entry["id"][:4]
    if person.entry["type"] == "relative":
        await person.read(SEARCH)
    if name in READS:
        await person.read(*READS[name])
    if name in IS_ASKED_WHILE_WRITING:
        await person.begin_application()
    else:
        await person.apply(shows_code=name in SHOWS_CODE)


def _applies_after(entry: Entry) -> int:
    """After the first message, or the one that names the duress word; not in the middle of a burst."""
    last, word = len(entry["messages"]) - 1, entry["duress_word"]
    if entry["id"] in APPLIES_LAST:
        return last
    told = next((i for i, said in enumerate(entry["messages"]) if word is not None and word in said), 0)
    return next(i for i in range(told, last + 1) if i == last or entry["sent_after_s"][i + 1] >= PAUSE)


async def live_next_day(lived: Lived) -> None:
    """A reply of the desk outside the hours, in which the person writes too; then the hours; then a word."""
    person, phone, rule = lived.person, lived.person.phone, lived.person.entry["safe_contact"]
    chat = phone.chat
    conversation = await chat.conversation_of(phone.address)
    if rule is None:
        await chat.answer(conversation, REPLY)
        lived.outside = await _shown_meanwhile(person, 2 * DAY)
        return
    if (outside := outside_of(rule, chat.clock())) is not None:
        await phone.wait_until(outside)
        await chat.answer(conversation, REPLY)
        lived.outside = await _shown_meanwhile(person, 1800)
    else:
        await phone.wait(1800)
        await chat.answer(conversation, REPLY)
    before = len(phone.shown)
    await phone.wait_until(next_time(chat.clock(), rule["from"], rule["timezone"], later=5))
    lived.inside = phone.shown[before:]
    await person.word(WORD)
    await phone.wait(PAUSE)
    lived.after_word = phone.shown[before + len(lived.inside) :]
    lived.later = await _shown_meanwhile(person, DAY, word=None)


async def _shown_meanwhile(person: Person, seconds: float, *, word: str | None = WORD) -> list[Shown]:
    """What the phone shows in a time in which nobody may write to it: the person says a word in the middle."""
    before = len(person.phone.shown)
    await person.phone.wait(seconds / 2)
    if word is not None:
        await person.word(word)
    await person.phone.wait(seconds / 2)
    return person.phone.shown[before:]


def outside_of(rule: Mapping[str, Any], now: float) -> float | None:
    """Two hours after the hours have closed, half an hour from now at least; None when they never close."""
    if (rule["from"], rule["to"]) == ("00:00", "23:59"):
        return None
    return next_time(now + 1800, rule["to"], rule["timezone"], later=120)


async def live(
    entry: Entry, folder: Path, *, start: float | None = None, before: Sequence[Entry] = (), is_short: bool = False
) -> Lived:
    """One application on a new line; `before` are those who wrote to the same line earlier."""
    began = opening(entry) if start is None else start
    async with chat_line(entry["channel"], folder, start=began - (DAY if before else 0)) as chat:
        for other in before:
            await live_first_day(Person(other, phone_of(other, chat)))
        await chat.wait_until(began)
        phone = phone_of(entry, chat)
        lived = Lived(Person(entry, phone, _written_at=began), began)
        await live_first_day(lived.person)
        lived.first_day = len(phone.shown)
        if not is_short:
            await live_next_day(lived)
        lived.records = await records_of(chat, phone.address)
        lived.deleted = {number for _, number in chat.double.deleted}
        return lived


async def records_of(chat: ChatLine, address: str) -> list[Record]:
    return await chat.records(await chat.conversation_of(address))


RELATIVES = ("A006", "A007", "A029", "A043", "A046", "A051", "A059")
SOUGHT = {"A006": "A002", "A051": "A048"}  # who was asked about has written to the same line before
WORDS_OF = {"ru": "A013", "zh-Hans": "A028", "sw": "A047", "uz-Latn": "A048", "kk": "A058"}  # who asks about nobody
_JULY = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()


def about_nobody(entry: Entry) -> Entry:
    """The same person at the same times, with words about nobody."""
    said = list(entry["messages"])
    other = ENTRIES[WORDS_OF[entry["language"]]]["messages"] if entry["language"] in WORDS_OF else said[::-1]
    return {**entry, "messages": [other[index % len(other)] for index in range(len(said))]}


def without_the_word(entry: Entry) -> Entry:
    return {**entry, "messages": [said.replace("КАЛИНА", "МАЛИНА") for said in entry["messages"]]}


LIVES: dict[str, dict[str, Any]] = {
    **{name: {"entry": entry} for name, entry in ENTRIES.items() if not entry["events"]},
    **{f"{name} about nobody": {"entry": about_nobody(ENTRIES[name]), "is_short": True} for name in RELATIVES},
    **{
        f"{name} after {other}": {"entry": ENTRIES[name], "before": [ENTRIES[other]], "is_short": True}
        for name, other in SOUGHT.items()
    },
    "A004 without the word": {"entry": without_the_word(ENTRIES["A004"]), "is_short": True},
    "A040 in summer": {"entry": ENTRIES["A040"], "start": next_time(_JULY, "20:00", "Africa/Cairo") + 60},
}


class Lives(UserDict[str, Lived]):
    """By name. A life that could not be lived to its end fails the tests that ask for it, and no others."""

    def __init__(self, found: Mapping[str, Lived | BaseException]) -> None:
        super().__init__({name: one for name, one in found.items() if isinstance(one, Lived)})
        self._failed = {name: one for name, one in found.items() if isinstance(one, BaseException)}

    def __missing__(self, name: str) -> Lived:
        raise AssertionError(f"{name} was not lived to its end") from self._failed.get(name)


def live_all(folder: Path) -> Lives:
    """Every life, some at the same time."""
    folders = {name: folder / name.replace(" ", "-") for name in LIVES}
    for own in folders.values():
        own.mkdir()
    return asyncio.run(_live_all(folders))


async def _live_all(folders: Mapping[str, Path]) -> Lives:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> Lived:
        async with turns:
            return await live(**LIVES[name], folder=folders[name])

    found = await asyncio.gather(*map(one, LIVES), return_exceptions=True)
    return Lives(dict(zip(LIVES, found, strict=True)))
