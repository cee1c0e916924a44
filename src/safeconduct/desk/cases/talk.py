# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation as its page tells it: what was said, what happened between, and what became of each reply."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from safeconduct.desk.cases import deeds, telling, tongues
from safeconduct.desk.cases.models import Delivery, StoredEnvelope
from safeconduct.desk.cases.opening import Item, Opened
from safeconduct.desk.cases.tongues import Tongue
from safeconduct.vocabulary.casework import CaseAct, CaseNeed, UnitArrival
from safeconduct.vocabulary.records import (
    ApplicationFacts,
    ChatContact,
    DeliveryOutcome,
    DeliveryReport,
    FileSent,
    NoteText,
    PersonText,
    ReplyText,
)

# Of a reply that left in several messages the worst counts: a part of it may be missing.
_FROM_BEST_TO_WORST: tuple[DeliveryOutcome, ...] = ("waiting", "delivered", "uncertain", "refused")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a reply, in words. `is_trouble`: an operator should do something about it."""

    words: str
    is_trouble: bool = False
    is_missing: bool = False  # by this way the person does not have it
    is_unsure: bool = False  # by this way the person may not have it yet


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the page."""

    item: Item
    event: str = ""  # what happened, for what is nobody's words
    is_loud: bool = False
    fates: tuple[Fate, ...] = ()
    tongue: Tongue | None = None  # of words
    reason: str = ""  # that a colleague gave for what they did
    is_of_month: bool = False  # an outcome has no day
    readers: tuple[str, ...] = ()  # who opened the case, for what tells that alone


@dataclass(frozen=True, slots=True)
class _Scene:
    """In which chat the person was before an item, and is after it, and the language that they had named."""

    before: str = ""
    now: str = ""
    language: str = ""


_NO_WORDS = frozenset({"report"})  # shown beside its reply, unless it tells of trouble


@dataclass(frozen=True, slots=True)
class _Report:
    outcome: DeliveryOutcome
    channel: str  # in which chat the person was when it came


def entries(opened: Opened, *, page: Container[int], replies: Container[bytes]) -> list[Entry]:
    """The items of a page, each in its place. A report shows beside its reply; one of trouble has a line of its own too.

    `opened` may hold more than the page: what tells in which chat the person was, and what became of replies. `replies`
    are the envelopes that were really sent: a report of anything else is believed by nobody.
    """
    reports = _reports(opened)
    found: list[Entry] = []
    for item, scene in _with_scenes(opened):
        if item.stored.pk in page:
            entry = _told(item, scene, replies) or _done(item) or _said(item, scene, reports)
            is_their_own = (
                item.is_elsewhere and item.stored.author_id is not None
            )  # what the other team noted for itself
            if entry.event or (item.shape not in _NO_WORDS and not is_their_own):
                _append(found, entry)
    return found


def reported(opened: Opened) -> list[bytes]:
    """The replies that reports tell of."""
    return [item.record.reply for item in opened.items if isinstance(item.record, DeliveryReport)]


def fates(opened: Opened, stored: StoredEnvelope, *, chats: Container[str]) -> tuple[Fate, ...]:
    """What became of one reply. `opened`: at least what came after it, and what tells in which chat the person is.

    `chats`: those that replies go into. There a report is to come.
    """
    reports = _reports(opened)
    found = _fates(stored, reports)
    is_awaited = opened.channel in chats and opened.channel != telling.VOICE and bytes(stored.envelope) not in reports
    if not is_awaited or opened.channel is None:
        return found
    by = {"channel": telling.by(opened.channel)}
    return (*found, Fate(_("not known yet whether %(channel)s has delivered it") % by, is_unsure=True))


def _append(found: list[Entry], entry: Entry) -> None:
    """Who opened the case on one day, one after the other, is one line."""
    last = found[-1] if found else None
    if entry.readers and last and last.readers and last.item.stored.day == entry.item.stored.day:
        readers = (*last.readers, *entry.readers)
        said = deeds.act(CaseAct(deeds.READ), ", ".join(dict.fromkeys(readers)))
        found[-1] = replace(last, readers=readers, event=said)
        return
    found.append(entry)


def _told(item: Item, scene: _Scene, replies: Container[bytes]) -> Entry | None:
    """What is nobody's words."""
    record = item.record
    if isinstance(record, ChatContact):
        return Entry(item, _arrival(scene))
    if isinstance(record, FileSent):
        return Entry(item, _file(record))
    if isinstance(record, DeliveryReport):
        known = record.reply in replies
        return Entry(item, _trouble(_Report(record.outcome, scene.now)) if known else "", is_loud=True)
    if item.shape == "call":
        return Entry(item, _("Asked to talk to a person"), is_loud=True)
    return None


def _done(item: Item) -> Entry | None:
    """What a colleague did, or wrote down."""
    record = item.record
    if isinstance(record, CaseAct):
        return _act(item, record)
    if isinstance(record, CaseNeed):
        return Entry(item, deeds.need(record, _who(item)))
    if item.shape in {"unit", "identity"}:
        return Entry(item, deeds.unit(record, _who(item)), is_of_month=isinstance(record, UnitArrival))
    return None


def _said(item: Item, scene: _Scene, reports: dict[bytes, _Report]) -> Entry:
    record = item.record
    if not isinstance(record, PersonText | ReplyText | NoteText):
        return Entry(item)
    fates = _fates(item.stored, reports) if isinstance(record, ReplyText) else ()
    return Entry(item, fates=fates, tongue=tongues.of(record.text, scene.language))


def _act(item: Item, record: CaseAct) -> Entry:
    who = _who(item)
    readers = (who,) if record.act == deeds.READ else ()
    return Entry(item, deeds.act(record, who), record.act in deeds.LOUD, reason=record.reason, readers=readers)


def _who(item: Item) -> str:
    return item.stored.author.name if item.stored.author else _("a former colleague")


def _file(record: FileSent) -> str:
    """By what the channel said that it is; what it really is shows when somebody asks for it."""
    is_sound = record.media_type.startswith("audio/")
    said = _("A voice message, %(size)s") if is_sound else _("A file, %(size)s")
    return said % {"size": filesizeformat(record.size)}


def _with_scenes(opened: Opened) -> Iterator[tuple[Item, _Scene]]:
    scene = _Scene()
    for item in opened.items:
        record = item.record
        if isinstance(record, ChatContact):
            scene = _Scene(scene.now, record.channel, record.language)
        elif isinstance(record, ApplicationFacts):
            scene = _Scene(scene.now, scene.now, record.language)
        else:
            scene = replace(scene, before=scene.now)
        yield item, scene


def _arrival(scene: _Scene) -> str:
    if scene.now == telling.VOICE:
        return _("Called") if not scene.before else _("Called, with the code")
    by = {"channel": telling.by(scene.now)}
    if not scene.before:
        return _("Writes by %(channel)s") % by
    if scene.before == scene.now:
        return _("Came back with the code from another chat by %(channel)s") % by
    return _("Went on by %(channel)s") % by


def _reports(opened: Opened) -> dict[bytes, _Report]:
    """The worst that is told of each reply."""
    found: dict[bytes, _Report] = {}
    for item, scene in _with_scenes(opened):
        if isinstance(item.record, DeliveryReport):
            told = _Report(item.record.outcome, scene.now)
            found[item.record.reply] = max(told, found.get(item.record.reply, told), key=_badness)
    return found


def _badness(report: _Report) -> int:
    return _FROM_BEST_TO_WORST.index(report.outcome)


def _fates(stored: StoredEnvelope, reports: dict[bytes, _Report]) -> tuple[Fate, ...]:
    report = reports.get(bytes(stored.envelope))
    found = [_in_mailbox(stored.delivery)]
    if report is not None:
        found.append(_in_chat(report))
    return tuple(fate for fate in found if fate.words)


def _in_mailbox(delivery: str) -> Fate:
    if delivery == Delivery.WAITING:
        return Fate(_("on its way"), is_missing=True)
    if delivery == Delivery.DELIVERED:
        return Fate(_("in the person's inbox"))
    if delivery == Delivery.UNDELIVERABLE:
        return Fate(_("Not delivered: this person's inbox is gone"), is_trouble=True, is_missing=True)
    return Fate("")


def _in_chat(report: _Report) -> Fate:
    by = {"channel": telling.by(report.channel)}
    if report.outcome == "waiting":
        return Fate(_("told by %(channel)s that a message waits") % by, is_unsure=True)
    if report.outcome == "delivered":
        return Fate(_("delivered by %(channel)s") % by)
    if report.outcome == "refused":
        return Fate(_("could not be delivered by %(channel)s") % by, is_trouble=True, is_missing=True)
    words = _("nobody knows whether it arrived by %(channel)s; it is not sent again") % by
    return Fate(words, is_trouble=True, is_unsure=True)


def _trouble(report: _Report) -> str:
    """The same as a line of its own, for a reply that may stand far above."""
    by = {"channel": telling.by(report.channel)}
    if report.outcome == "refused":
        return _("A reply could not be delivered by %(channel)s") % by
    if report.outcome == "uncertain":
        return _("Nobody knows whether a reply arrived by %(channel)s") % by
    return ""
