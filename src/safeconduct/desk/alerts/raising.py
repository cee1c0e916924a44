# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raising an alert, saying that it is over, and taking it.

A row holds a kind, times and a count: never a case, nor a name of anyone who wrote. Each function may be called inside
another act's transaction, and is kept or undone with it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from safeconduct.desk.alerts import registry, roster
from safeconduct.desk.alerts.errors import AlertGone, UnknownKind
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators.models import Operator

ANEW = timedelta(hours=1)  # somebody took it, and it still lasts: others are asked again


@transaction.atomic
def raise_alert(kind: str, *, is_anew: bool = False) -> None:
    """Somebody has to look. Of each kind there is one open alert, which counts. Raises `UnknownKind`.

    `is_anew`: of what lasts there is more since. Whoever took it took what was there then: it asks again, from the step at
    which it was.
    """
    known, now = registry.known(kind), timezone.now()
    row = _taken(known.code) or _made(known.code, now)
    if row is None:
        return
    row.latest, row.is_over = now, False
    if not known.lasts:
        row.count += 1
    if row.acknowledged_at is not None and (is_anew or not timedelta(0) <= now - row.acknowledged_at <= ANEW):
        _open_again(row, now, step=row.step if is_anew else 0)
    row.save()


@transaction.atomic
def settle_alert(kind: str) -> None:
    """What was raised is over. An alert that nobody has taken stays to be seen, and asks nobody further."""
    row = _taken(registry.known(kind).code)
    if row is None or row.is_over:
        return
    if row.acknowledged_by is not None:
        row.delete()
        return
    row.is_over = True
    row.save()


@transaction.atomic
def acknowledge(actor: Operator, pk: int, order: Sequence[str] = roster.USUAL) -> None:
    """The actor is the one who looks. Raises `AlertGone`: a colleague was first, or there is nothing that they could take."""
    open_ones = Alert.objects.select_for_update().filter(pk=pk, acknowledged_by=None)
    row = open_ones.exclude(kind__in=registry.hidden_from(actor.plays)).first()
    if row is None or not roster.takes(actor, row, order):
        raise AlertGone(str(pk))
    audit.record(actor, "alerts.acknowledged", row.kind)
    if row.is_over or not _lasts(row.kind):
        row.delete()  # the record keeps who took it
        return
    row.acknowledged_by, row.acknowledged_at = actor, timezone.now()
    row.save()


def _taken(code: str) -> Alert | None:
    return Alert.objects.select_for_update().filter(kind=code).first()


def _made(code: str, now: datetime) -> Alert | None:
    """None when it was made here; the row when another process was first."""
    try:
        with transaction.atomic():
            Alert.objects.create(kind=code, since=now, latest=now, step_since=now)
    except IntegrityError:
        return _taken(code)
    audit.record(None, "alerts.raised", code)
    return None


def _open_again(row: Alert, now: datetime, *, step: int) -> None:
    row.acknowledged_by, row.acknowledged_at = None, None
    row.step, row.step_since = step, now
    audit.record(None, "alerts.raised", row.kind)


def _lasts(code: str) -> bool:
    try:
        return registry.known(code).lasts
    except UnknownKind:  # of an older release: nothing would ever settle it
        return False
