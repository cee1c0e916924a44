# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation as its page tells it: what was said, what happened between, and what became of each reply."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from safeconduct.desk.cases import telling
from safeconduct.desk.cases.models import Delivery
from safeconduct.desk.cases.opening import Item, Opened
from safeconduct.vocabulary.records import ChatContact, DeliveryOutcome, DeliveryReport, FileSent

# Of a reply that left in several messages the worst counts: a part of it may be missing.
_FROM_BEST_TO_WORST: tuple[DeliveryOutcome, ...] = ("waiting", "delivered", "uncertain", "refused")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a reply, in words. `is_trouble`: an operator should do something about it."""

    words: str
    is_trouble: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the page."""

    item: Item
    event: str = ""  # what happened, for what is nobody's words
    is_loud: bool = False
    fates: tuple[Fate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Report:
    outcome: DeliveryOutcome
    channel: str  # in which chat the person was when it came


def entries(opened: Opened) -> list[Entry]:
    """Every item in its place. A report shows beside its reply; one that tells of trouble has a line of its own too."""
    reports = _reports(opened)
    ours = {bytes(item.stored.envelope) for item in opened.items if item.shape == "reply"}
    return [entry for item, before, now in _with_chats(opened) if (entry := _entry(item, before, now, reports, ours))]


def _entry(item: Item, before: str, now: str, reports: dict[bytes, _Report], ours: set[bytes]) -> Entry | None:
    record = item.record
    if isinstance(record, ChatContact):
        return Entry(item, _arrival(before, now))
    if isinstance(record, FileSent):
        return Entry(item, _file(record))
    if isinstance(record, DeliveryReport):
        trouble = _trouble(_Report(record.outcome, now)) if record.reply in ours else ""
        return Entry(item, trouble, is_loud=True) if trouble else None
    if item.shape == "call":
        return Entry(item, _("Asked to talk to a person"), is_loud=True)
    return Entry(item, fates=_fates(item, reports) if item.shape == "reply" else ())


def _file(record: FileSent) -> str:
    """By what the channel said that it is; what it really is shows when somebody asks for it."""
    is_sound = record.media_type.startswith("audio/")
    said = _("A voice message, %(size)s") if is_sound else _("A file, %(size)s")
    return said % {"size": filesizeformat(record.size)}


def _with_chats(opened: Opened) -> Iterator[tuple[Item, str, str]]:
    """Each item with the chat in which the person was before it, and is after it."""
    now = ""
    for item in opened.items:
        before = now
        if isinstance(item.record, ChatContact):
            now = item.record.channel
        yield item, before, now


def _arrival(before: str, now: str) -> str:
    if now == telling.VOICE:
        return _("Called") if not before else _("Called, with the code")
    if not before:
        return _("Writes by %(channel)s") % {"channel": telling.by(now)}
    if before == now:
        said = _("Came back with the code from another chat by %(channel)s")
    else:
        said = _("Went on by %(channel)s")
    return said % {"channel": telling.by(now)}


def _reports(opened: Opened) -> dict[bytes, _Report]:
    """The worst that is told of each reply."""
    found: dict[bytes, _Report] = {}
    for item, _before, now in _with_chats(opened):
        if isinstance(item.record, DeliveryReport):
            told = _Report(item.record.outcome, now)
            found[item.record.reply] = max(told, found.get(item.record.reply, told), key=_badness)
    return found


def _badness(report: _Report) -> int:
    return _FROM_BEST_TO_WORST.index(report.outcome)


def _fates(item: Item, reports: dict[bytes, _Report]) -> tuple[Fate, ...]:
    report = reports.get(bytes(item.stored.envelope))
    fates = [_in_mailbox(item.stored.delivery)]
    if report is not None:
        fates.append(_in_chat(report))
    return tuple(fate for fate in fates if fate.words)


def _in_mailbox(delivery: str) -> Fate:
    if delivery == Delivery.WAITING:
        return Fate(_("on its way"))
    if delivery == Delivery.DELIVERED:
        return Fate(_("in the person's inbox"))
    if delivery == Delivery.UNDELIVERABLE:
        return Fate(_("Not delivered: this person's inbox is gone"), is_trouble=True)
    return Fate("")


def _in_chat(report: _Report) -> Fate:
    by = {"channel": telling.by(report.channel)}
    if report.outcome == "waiting":
        return Fate(_("told by %(channel)s that a message waits") % by)
    if report.outcome == "delivered":
        return Fate(_("delivered by %(channel)s") % by)
    if report.outcome == "refused":
        return Fate(_("could not be delivered by %(channel)s") % by, is_trouble=True)
    return Fate(_("nobody knows whether it arrived by %(channel)s; it is not sent again") % by, is_trouble=True)


def _trouble(report: _Report) -> str:
    """The same as a line of its own, for a reply that may stand far above."""
    by = {"channel": telling.by(report.channel)}
    if report.outcome == "refused":
        return _("A reply could not be delivered by %(channel)s") % by
    if report.outcome == "uncertain":
        return _("Nobody knows whether a reply arrived by %(channel)s") % by
    return ""
