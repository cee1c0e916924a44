# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes to the record: one line inside the act it tells of, and the monitor's countersignatures."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

from django.db import connection, transaction

from safeconduct.desk.audit import access, records, registry
from safeconduct.desk.audit.chain import Signed
from safeconduct.desk.audit.errors import CheckpointRefused, NotInTransaction
from safeconduct.desk.audit.models import Checkpoint, Entry, MonitorKey
from safeconduct.sealing import checkpoints
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.signatures import VerifyKey

THE_DESK = "the desk itself"


class Actor(Protocol):
    """Whoever acts; an operator of the room above."""

    name: str


def record(actor: Actor | None, act: str, subject: str = "") -> None:
    """Record an act in the caller's transaction, so that both are kept or neither. `None`: the desk itself acted.

    Raises `NotInTransaction`, `UnknownAct`, `NoMonitorKey`.
    """
    record_each(actor, act, [subject])


def record_each(actor: Actor | None, act: str, subjects: Iterable[str]) -> None:
    """The same act on each of several, an entry for each. Raises what `record` raises."""
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{act} must be recorded in the transaction that does it")
    code, now = registry.known(act).code, datetime.now(UTC)
    name, key = actor.name if actor else THE_DESK, access.monitor_key()
    told = [records.seal(records.Recorded(name, code, now, subject), key) for subject in subjects]
    Entry.objects.bulk_create(Entry(day=now.date(), sealed=sealed) for sealed in told)


@transaction.atomic
def seal_to_monitor(version: int, public: PublicKey) -> None:
    """From now on entries are sealed to this key."""
    MonitorKey.objects.update_or_create(version=version, defaults={"public": public.raw})


@transaction.atomic
def enter_countersignature(kept: Signed, *, actor: Actor | None = None) -> None:
    """Keep what the monitor signed offline. Raises `CheckpointRefused`.

    Whether the key is really the monitor's is for whoever verifies to say: the desk does not decide whom they trust.
    """
    row = Checkpoint.objects.select_for_update().filter(number=kept.checkpoint.number).first()
    if row is None or access.signed_of(row).checkpoint != kept.checkpoint:
        raise CheckpointRefused("this record has no such checkpoint")
    try:
        checkpoints.verify(kept.checkpoint, kept.countersignature, VerifyKey.parse(kept.countersigner))
    except (SealingError, ValueError) as error:
        raise CheckpointRefused("the countersignature does not fit") from error
    row.countersigner, row.countersignature = kept.countersigner, kept.countersignature
    row.save(update_fields=["countersigner", "countersignature"])
    record(actor, "audit.countersigned", str(row.number))
