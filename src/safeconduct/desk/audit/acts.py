# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes to the record: one line inside the act it tells of."""

from datetime import UTC, datetime
from typing import Protocol

from django.db import connection, transaction

from safeconduct.desk.audit import records, registry
from safeconduct.desk.audit.errors import NoMonitorKey, NotInTransaction
from safeconduct.desk.audit.models import Entry, MonitorKey
from safeconduct.sealing.keys import PublicKey

THE_DESK = "the desk itself"


class Actor(Protocol):
    """Whoever acts; an operator of the room above."""

    name: str


def record(actor: Actor | None, act: str, subject: str = "") -> None:
    """Record an act in the caller's transaction, so that both are kept or neither. `None`: the desk itself acted.

    Raises `NotInTransaction`, `UnknownAct`, `NoMonitorKey`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{act} must be recorded in the transaction that does it")
    code = registry.known(act).code
    now = datetime.now(UTC)
    told = records.Recorded(actor.name if actor else THE_DESK, code, now, subject)
    Entry.objects.create(day=now.date(), sealed=records.seal(told, monitor_key()))


def monitor_key() -> PublicKey:
    """The public key that entries are sealed to. Raises `NoMonitorKey`."""
    newest = MonitorKey.objects.order_by("-version").first()
    if newest is None:
        raise NoMonitorKey("the monitor team has no key; make the team's keys first")
    return PublicKey.parse(bytes(newest.public))


@transaction.atomic
def seal_to_monitor(version: int, public: PublicKey) -> None:
    """From now on entries are sealed to this key."""
    MonitorKey.objects.update_or_create(version=version, defaults={"public": public.raw})
