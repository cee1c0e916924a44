# SPDX-License-Identifier: AGPL-3.0-or-later
"""R4: whether a person may be written to now. Stands in front of every message that is no answer to their own words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from safeconduct.dialogue.scripts import sentences
from safeconduct.edge.channels.contract import About, Facts
from safeconduct.edge.chat.state import ChatState
from safeconduct.vocabulary.contact import SafeContactRule

_LOOK_AGAIN = 3600  # seconds; a clock in another country may change


@dataclass(frozen=True, slots=True)
class Permission:
    """`text`: the person is there, say it. `knock`: only that something waits. Neither: not before `again`."""

    text: bool = False
    knock: bool = False
    again: int = 0


def permission(state: ChatState, channel: str, now: float) -> Permission:
    """What may be sent into this chat now that the person has not just asked for.

    Who named hours is written to in these hours alone, even while they hold the phone: others may see it. Who named none
    yet is answered while they are there. Whoever wants no messages, or named another channel, comes for them.
    """
    later = Permission(again=int(now) + _LOOK_AGAIN)
    if state.contact == "undeclared":
        return Permission(text=True) if state.is_here(now) else later
    rule = state.rule
    if state.contact != "declared" or rule is None or rule.channel != channel:
        return later
    opens = opens_at(rule, now)
    if opens is None:
        return later
    if opens > now:
        return Permission(again=min(opens, int(now) + _LOOK_AGAIN))
    return Permission(text=True) if state.is_here(now) else Permission(knock=True)


def may_leave(about: About, state: ChatState, channel: str, now: float) -> bool:
    """Asked again in the moment of sending: while a message waits hours end, and phones are put down or handed on."""
    if about == "answer":
        return True
    may = permission(state, channel, now)
    return may.text or (about == "knock" and may.knock)


def answers_freely(state: ChatState, channel: str, now: float) -> bool:
    """Whether a word that asked for nothing is answered: never against the rule that the person named."""
    if state.contact == "never":
        return False
    if state.contact != "declared" or state.rule is None or state.rule.channel != channel:
        return True
    opens = opens_at(state.rule, now)
    return opens is not None and opens <= now


def where_answered(state: ChatState, facts: Facts) -> str | None:
    """What whoever asks for a person has to know of where the answer will be; None where it comes to them by itself (R4)."""
    if facts.is_call or state.contact == "declared":
        return None
    return sentences()["answer_waits" if state.contact == "undeclared" else "answer_by_code"]


def opens_at(rule: SafeContactRule, now: float) -> int | None:
    """Now (or before) when the hours are open, else when they open next; None for a time zone that nobody knows.

    Both ends are wall time where the person is, summer time included; the last minute belongs to the hours.
    """
    try:
        zone = ZoneInfo(rule.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    there = datetime.fromtimestamp(now, UTC).astimezone(zone)
    if rule.holds(f"{there:%H:%M}"):
        return int(now)
    hour, minute = map(int, rule.from_.split(":"))
    opening = there.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if opening <= there:
        opening = (there.replace(tzinfo=None) + timedelta(days=1)).replace(
            hour=hour, minute=minute, second=0, microsecond=0, tzinfo=zone
        )
    return int(opening.timestamp())
