# SPDX-License-Identifier: AGPL-3.0-or-later
"""R4 beside the reply box: what will happen to an answer that is sent now. The edge enforces it; this says it."""

from collections.abc import Container
from datetime import datetime

from django.utils.translation import gettext as _

from safeconduct.desk.cases import telling
from safeconduct.desk.cases.opening import Opened
from safeconduct.vocabulary.contact import SafeContactRule


def told(opened: Opened, deliverable: Container[str], now: datetime) -> str:
    """One or two sentences about the chat; nothing for a person who has only been on the web."""
    code = opened.channel
    if code is None:
        return ""
    if code == telling.VOICE:
        return _to_a_caller(opened, deliverable)
    return _to_a_writer(opened, code, deliverable, now)


def _to_a_writer(opened: Opened, code: str, deliverable: Container[str], now: datetime) -> str:
    by = {"channel": telling.by(code)}
    if opened.facts is not None and opened.facts.safe_contact is None and not opened.has_moved:
        return _("They write by %(channel)s, and asked never to be written to: nothing is sent there.") % by
    if code not in deliverable:
        return _("They write by %(channel)s, but this desk has no key for it: tell your administrator.") % by
    rule = _rule_here(opened)
    if rule is None:
        return _only_while_here(by)
    if rule.channel != code:
        return (
            _("They write by %(channel)s, and asked not to be written to there: the answer waits for their code.") % by
        )
    return _in_hours(rule, by, now)


def _to_a_caller(opened: Opened, deliverable: Container[str]) -> str:
    """R4: a call is never returned, unless the person asked for it and named hours. On the telephone only the edge knows."""
    if telling.VOICE not in deliverable:
        return _("They called, but this desk has no key for calls: tell your administrator.")
    rule = _rule_here(opened)
    if rule is None or rule.channel != telling.VOICE:
        return _(
            "They hear it when they call again and type their code. Nobody is called who did not ask for it: who did is called "
            "in the hours that they named, and hears it then."
        )
    return _(
        "They asked to be called between %(start)s and %(end)s, their time. The line calls then, does not say who it is, and "
        "reads this to them once they have pressed a key."
    ) % {"start": rule.from_, "end": rule.to}


def _rule_here(opened: Opened) -> SafeContactRule | None:
    """The rule that holds in this chat: one that was declared before the person came here with a code does not."""
    return opened.facts.safe_contact if opened.facts and not opened.has_moved else None


def _only_while_here(by: dict[str, str]) -> str:
    return (
        _(
            "If they are writing at this moment, they get it by %(channel)s too. Otherwise nothing is sent: "
            "no hours were agreed for it. They get it when they write again."
        )
        % by
    )


def _in_hours(rule: SafeContactRule, by: dict[str, str], now: datetime) -> str:
    clock = telling.clock_there(rule, now)
    if clock is None:
        return (
            _("They write by %(channel)s, but nobody knows the time zone that they named: nothing is sent there.") % by
        )
    if rule.holds(clock):
        return (
            _(
                "If they are writing at this moment, they get it by %(channel)s too. Otherwise they first get "
                "a neutral note that something waits, and the text when they answer."
            )
            % by
        )
    return _(
        "It is %(clock)s there now, outside the agreed hours: nothing is sent by %(channel)s before %(start)s, even if they "
        "are writing now. Then a neutral note, and the text when they answer."
    ) % {**by, "clock": clock, "start": rule.from_}
