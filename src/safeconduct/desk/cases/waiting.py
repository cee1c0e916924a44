# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3: what is in clear about a case, and only while it waits. The only place that sets these columns."""

from datetime import datetime

from django.db import connection

from safeconduct.desk.cases.models import Case, Escalation, StoredEnvelope
from safeconduct.sealing.envelope import parse, split, without_label
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.labels import Label

_WITHDRAW = "UPDATE cases_storedenvelope SET core = %s, has_clear_label = %s WHERE id = %s"


def begin(case: Case, label: Label, since: datetime) -> None:
    """From now on it waits: at least since then, at least as urgently. Does not save."""
    case.folded_into = None  # a fold puts away what came, never what comes
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
    _withdraw_labels(case)


def _withdraw_labels(case: Case) -> None:
    """Of ten thousand messages of a flood as of one: bare updates, for each row is only made smaller."""
    labelled = StoredEnvelope.objects.filter(case=case, has_clear_label=True).values_list("pk", "core")
    bare = [(split(without_label(parse(bytes(core))))[0], False, pk) for pk, core in labelled.iterator()]
    if bare:
        with connection.cursor() as cursor:
            cursor.executemany(_WITHDRAW, bare)
