# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one appender: numbers the entries that were committed, chains them and signs the end.

Entries are written unchained inside the acts they tell of, so that acts do not wait for each other; what was rolled back
was never there. The lock on the one row of `Head` lets only one appender chain at a time, whatever processes run.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction

from safeconduct.desk.audit import chain
from safeconduct.desk.audit.models import Checkpoint, Entry, Head
from safeconduct.desk.audit.own_key import read_signing_key
from safeconduct.sealing import checkpoints
from safeconduct.sealing.signatures import SigningKey

CHECKPOINT_EVERY = 256  # entries; and at the last entry of each day
_BATCH = 1000


def signing_key() -> SigningKey:
    """The desk's own key, from its credentials. Raises `NoSigningKey`."""
    return read_signing_key(settings.DESK.secrets)


def chain_once() -> int:
    """Chain what waits. Returns how many entries that were. Called every second by the clock."""
    if not Entry.objects.filter(number__isnull=True).exists():
        return 0
    key = signing_key()
    with transaction.atomic():
        Head.objects.get_or_create(pk=1)
        head = Head.objects.select_for_update().get(pk=1)
        waiting = list(Entry.objects.filter(number__isnull=True).order_by("id")[:_BATCH])
        made = [sign(key, end) for end in _chained(head, waiting)]
        Entry.objects.bulk_update(waiting, ["number", "hash"])
        Checkpoint.objects.bulk_create(made, ignore_conflicts=True)
        head.signature = sign(key, head).signature
        head.save()
    return len(waiting)


def checkpoint_now() -> int:
    """Make the present end a checkpoint, for the monitor to take away. Returns its number; 0 when nothing is chained."""
    with transaction.atomic():
        head = Head.objects.select_for_update().filter(pk=1).first()
        if head is None or head.day is None:
            return 0
        Checkpoint.objects.bulk_create([sign(signing_key(), head)], ignore_conflicts=True)
    return head.number


def sign(key: SigningKey, end: "Head | Checkpoint") -> Checkpoint:
    """A checkpoint of that end of the chain, with the desk's signature."""
    if end.day is None:
        raise ValueError("nothing has been chained yet")
    told = checkpoints.Checkpoint(end.number, end.day, bytes(end.hash))
    return Checkpoint(number=told.number, day=told.day, hash=told.hash, signature=checkpoints.sign(told, key))


def _chained(head: Head, waiting: list[Entry]) -> Iterator[Checkpoint]:
    """Number and link the entries, move the head along, and yield the places that deserve a checkpoint."""
    for entry in waiting:
        if head.day is not None and head.day != entry.day:
            yield Checkpoint(number=head.number, day=head.day, hash=head.hash)
        entry.number = head.number + 1
        entry.hash = chain.link(bytes(head.hash), entry.number, entry.day, bytes(entry.sealed))
        head.number, head.day, head.hash = entry.number, entry.day, entry.hash
        if entry.number % CHECKPOINT_EVERY == 0:
            yield Checkpoint(number=head.number, day=head.day, hash=head.hash)
