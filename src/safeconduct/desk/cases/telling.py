# SPDX-License-Identifier: AGPL-3.0-or-later
"""The facts of a case in an operator's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import get_timezone_location
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from safeconduct.desk.cases.states import CaseState, Move
from safeconduct.vocabulary import channels
from safeconduct.vocabulary.applications import ApplicationType, Kind, Stage, Urgency
from safeconduct.vocabulary.contact import WEB, SafeContactRule
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.records import ApplicationFacts

VOICE = "voice"  # the channel of calls
MANY = 100  # more people than one line has ever brought out at once: a person looks at the number

TYPES: dict[ApplicationType, str | Promise] = {
    ApplicationType.INDIVIDUAL: _lazy("One soldier"),
    ApplicationType.UNIT: _lazy("A unit"),
    ApplicationType.CONSCRIPT: _lazy("Someone about to be conscripted"),
    ApplicationType.RELATIVE: _lazy("A relative"),
}
STAGES: dict[Stage, str | Promise] = {
    Stage.HOME: _lazy("At home"),
    Stage.CONSCRIPTED: _lazy("Called up"),
    Stage.TRAINING: _lazy("In training"),
    Stage.DEPLOYED: _lazy("Deployed, behind the line"),
    Stage.FRONT: _lazy("At the front"),
}
URGENCIES: dict[Urgency, str | Promise] = {
    Urgency.NOW: _lazy("At the front"),
    Urgency.SOON: _lazy("In service"),
    Urgency.LATER: _lazy("At home"),
}
STATES: dict[CaseState, str | Promise] = {
    CaseState.SILENT: _lazy("Said nothing yet"),
    CaseState.NEW: _lazy("New"),
    CaseState.OPEN: pgettext_lazy("state of a case", "Open"),
    CaseState.ANSWERED: _lazy("Answered"),
    CaseState.CLOSED: _lazy("Closed"),
}
KINDS: dict[str, str | Promise] = {
    Kind.APPLICATION.value: _lazy("Application"),
    Kind.MESSAGE.value: _lazy("Message"),
    Kind.TROUBLE.value: _lazy("Reply did not arrive"),
}
_BRANDS: dict[str, str] = {code: one.name for code, one in channels.CHANNELS.items() if one.is_brand}
CHANNELS: dict[str, str | Promise] = _BRANDS | {
    WEB: _lazy("Web"),
    "sms": _lazy("Text message"),
    VOICE: _lazy("Call"),
    "terminal": _lazy("Terminal (demonstration)"),
}
_BY: dict[str, str | Promise] = _BRANDS | {  # the same inside a sentence: they write by …
    WEB: _lazy("web"),
    "sms": _lazy("text message"),
    VOICE: _lazy("telephone"),
    "terminal": _lazy("terminal (demonstration)"),
}
MOVES: dict[Move, str | Promise] = {
    Move.SETTLE: _lazy("Needs no answer"),
    Move.CLOSE: _lazy("Close the case"),
    Move.RETURN: _lazy("Put back into the queue"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the table. `warning` says why a person should look twice."""

    name: str
    value: str
    warning: str = ""


def facts(said: ApplicationFacts, now: datetime) -> list[Fact]:
    """All that was asked, in the order in which an operator needs it."""
    return [
        Fact(_("Who"), str(TYPES[said.type])),
        Fact(_("Where"), str(STAGES[said.stage])),
        Fact(_("People"), f"{said.head_count:,}", _("Look at this number") if said.head_count > MANY else ""),
        Fact(_("Language"), language(said.language)),
        Fact(_("Came by"), channel(said.channel)),
        *contact(said.safe_contact, now),
        Fact(_("Duress word"), _("Agreed") if said.duress_word_set else _("None agreed")),
    ]


def contact(rule: SafeContactRule | None, now: datetime) -> list[Fact]:
    """R4 in words, with the clock where the person is."""
    if rule is None:
        return [Fact(_("Contact"), _("Never. Answers only wait in the inbox; the person comes for them."))]
    if rule.channel == WEB:
        return [Fact(_("Contact"), _("Answers wait in the inbox. Nothing is sent to the person."))]
    said = _("%(channel)s, from %(start)s to %(end)s, %(place)s time") % {
        "channel": channel(rule.channel),
        "start": rule.from_,
        "end": rule.to,
        "place": _place(rule.timezone),
    }
    text = _("Neutral only") if rule.neutral_text else _("The person asked for plain words")
    return [Fact(_("Contact"), said, _outside(rule, now)), Fact(_("Text"), text)]


def clock_there(rule: SafeContactRule, now: datetime) -> str | None:
    """What a clock shows where the person is; None in a time zone that nobody knows."""
    try:
        return f"{now.astimezone(ZoneInfo(rule.timezone)):%H:%M}"
    except (ZoneInfoNotFoundError, ValueError):
        return None


def language(tag: str) -> str:
    """Its name in the desk's own language: an operator must know it before they can read it."""
    return _language(tag, _desk_language()) if tag in LANGUAGES else _("Not known")


@lru_cache
def _language(tag: str, desk: str) -> str:
    name = Locale.parse(tag, sep="-").get_display_name(desk)
    return name[:1].upper() + name[1:] if name else tag


def _desk_language() -> str:
    return (get_language() or "en").replace("-", "_")


def channel(code: str) -> str:
    return str(CHANNELS.get(code, code))


def by(code: str) -> str:
    """A channel's name within a sentence."""
    return str(_BY.get(code, code))


def writes(code: str) -> str:
    """How they come to us, beside the case's number."""
    return _("calls by telephone") if code == VOICE else _("writes by %(channel)s") % {"channel": by(code)}


def waited(since: datetime, now: datetime) -> str:
    """How long, in one unit: what an operator compares at a glance."""
    minutes = max(0, int((now - since) / timedelta(minutes=1)))
    if minutes < 1:
        return _("under 1 min")
    if minutes < 60:  # noqa: PLR2004 - an hour
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 - below two days hours still matter
        return ngettext("%(count)d h", "%(count)d h", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def _place(zone: str) -> str:
    try:
        return get_timezone_location(ZoneInfo(zone), locale=_desk_language(), return_city=True)
    except (ZoneInfoNotFoundError, ValueError, LookupError):
        return zone


def _outside(rule: SafeContactRule, now: datetime) -> str:
    clock = clock_there(rule, now)
    if clock is None:
        return _("Nobody knows this time zone: write nothing until the person has said what they mean")
    return "" if rule.holds(clock) else _("It is %(clock)s there now: outside this time") % {"clock": clock}
