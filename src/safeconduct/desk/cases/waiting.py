# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3: what is in clear about a case, and only while it waits. The only place that sets these columns."""

from datetime import datetime

from safeconduct.desk.cases.models import Case, Escalation, StoredEnvelope
from safeconduct.sealing.envelope import parse, split, without_label
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.labels import Label


def begin(case: Case, label: Label, since: datetime) -> None:
    """From now on it waits: at least since then, at least as urgently. Does not save."""
    case.waiting_since = min(case.waiting_since or since, since)
    case.urgency = max(case.urgency or 0, label.urgency.value)
    if label.kind is Kind.TROUBLE and case.kind:  # whoever waits for an answer stands before a reply that went astray
        return
    case.channel, case.language = label.channel, label.language
    if case.kind != Kind.APPLICATION.value:  # a message that follows an unread application is part of it
        case.kind = label.kind.value


def end(case: Case) -> None:
    """Nothing waits: labels and precise times leave the clear, in the case and in its envelopes. Does not save it."""
    case.waiting_since = case.opened_at = case.urgency = None
    case.channel = case.language = case.kind = ""
    case.claimed_by = case.claimed_until = None
    Escalation.objects.filter(case=case).delete()
    for row in case.envelopes.filter(has_clear_label=True):
        _withdraw_label(row)


def _withdraw_label(row: StoredEnvelope) -> None:
    row.core, _ = split(without_label(parse(row.core)))
    row.has_clear_label = False
    row.save(update_fields=["core", "has_clear_label"])
