# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packages out and acknowledgements in. Needs nobody's keys: what goes out was sealed long before.

Whatever is in the folder `out` any transport may take away; what nobody acknowledged is there again a day later.
"""

import contextlib
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit import appender
from safeconduct.desk.custody import acts, crossing, owing, rooms
from safeconduct.desk.custody.bureau import keys
from safeconduct.desk.custody.bureau.audited import REFUSED, SILENT, UNSEALED
from safeconduct.desk.custody.bureau.errors import AcknowledgementRefused, NoBureauKey, Wrong
from safeconduct.desk.custody.bureau.making import ILL
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.duties import BY_CODE
from safeconduct.desk.custody.models import Event, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing import packages
from safeconduct.sealing.errors import BadSignature, OtherLine, SealingError, UnknownSigner
from safeconduct.sealing.packages import Received
from safeconduct.vocabulary.custody import PersonEvent

AGAIN = timedelta(days=1)
SILENCE = timedelta(days=7)
BATCH = 500  # packages in one run
FILE_MAX = 28 + 24 * packages.RECEIVED_MAX + 80  # bytes of the longest acknowledgement
_NAMED = 10
_LARGEST = 2**63 - 1  # what a column holds
_STARTS = frozenset(event.value for event in BY_CODE["bureau"].starts)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one acknowledgement did: packages now acknowledged, those that were already, and entries that fit nothing.

    `strangers` are the first numbers of those: no package has them, or another token.
    """

    now: int
    before: int
    unknown: int
    strangers: tuple[int, ...] = ()


def unacknowledged() -> QuerySet[Package]:
    return Package.objects.filter(acknowledged=None)


def send_due(today: date) -> int:
    """What the clock does: write what was never sent, and what is a day old without an answer. How many."""
    due = unacknowledged().exclude(key=None).filter(Q(sent=None) | Q(sent__lte=today - AGAIN))
    return send(settings.DESK.bureau / "out", due[:BATCH], today)


def send(folder: Path, rows: Iterable[Package], today: date) -> int:
    """Write these packages, each whole or not at all. What is not sealed yet is left out. How many. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for row in rows:
        if row.body:
            _write(folder / name(row), bytes(row.body))
            written.append(row.pk)
    with transaction.atomic():
        for start in range(0, len(written), BATCH):
            Package.objects.filter(pk__in=written[start : start + BATCH]).update(sent=today)
    return len(written)


def name(row: Package) -> str:
    return f"package-{row.number:010d}.sce"


def exchange(today: date) -> None:
    """What the clock does every few minutes: in, out, and ring for what is silent. What fails in one stops no other."""
    with contextlib.ExitStack() as rest:
        rest.callback(watch, today)
        rest.callback(send_due, today)
        with contextlib.suppress(NoBureauKey):  # `watch` rings for it
            take_in()


def take(raw: bytes, *, actor: Operator | None = None) -> Taken:
    """One acknowledgement: what it names needs to be sent no more, and the register says that the Bureau knows.

    Raises `NoBureauKey`, `AcknowledgementRefused`.
    """
    bureau, line = keys.bureau(), appender.signing_key().verify_key
    try:
        said = packages.read_acknowledgement(raw, line=line.key_id, bureau=bureau.signing)
    except SealingError as error:
        raise AcknowledgementRefused(_wrong(raw, error)) from error
    ours = _known(said.received)
    done = [_acknowledged(one, min(said.day, acts.today())) if one in ours else None for one in said.received]
    with transaction.atomic():
        audit.record(actor, "custody.bureau_acknowledged", str(done.count(True)))
    strangers = [one.number for one, was in zip(said.received, done, strict=True) if was is None]
    return Taken(done.count(True), done.count(False), len(strangers), tuple(strangers[:_NAMED]))


def take_in() -> int:
    """Every file of the folder `in`; what was read is taken away, what is none is set aside, and rings. How many were read."""
    folder = settings.DESK.bureau / "in"
    folder.mkdir(parents=True, exist_ok=True)
    read = 0
    for path in sorted(folder.glob("*.sca")):
        try:
            take(_bytes_of(path))
            path.unlink()
        except (AcknowledgementRefused, OSError):
            raise_alert(REFUSED)
            with contextlib.suppress(OSError):  # then it stays where it is, and rings again
                path.rename(path.with_suffix(".refused"))
        else:
            read += 1
    return read


def watch(today: date) -> None:
    """A Bureau that says nothing for a week rings until it speaks; so does a package that nothing seals."""
    _ring(SILENT, when=unacknowledged().exclude(key=None).filter(made__lte=today - SILENCE).exists())
    _ring(UNSEALED, when=unacknowledged().filter(key=None).exists())


def _wrong(raw: bytes, error: SealingError) -> Wrong:
    if len(raw) > FILE_MAX:
        return Wrong.TOO_LONG
    kinds = ((OtherLine, Wrong.OTHER_LINE), (UnknownSigner, Wrong.OTHER_KEY), (BadSignature, Wrong.ALTERED))
    return next((why for kind, why in kinds if isinstance(error, kind)), Wrong.NONE)


def _ring(kind: str, *, when: bool) -> None:
    raise_alert(kind) if when else settle_alert(kind)


def _known(received: Sequence[Received]) -> set[Received]:
    """Those that fit a package, found many at a time: nobody holds us up with numbers that we never gave."""
    found: set[Received] = set()
    for start in range(0, len(received), BATCH):
        numbers = [one.number for one in received[start : start + BATCH] if one.number <= _LARGEST]
        rows = Package.objects.filter(number__in=numbers).values_list("number", "token")
        found.update(Received(number, bytes(token)) for number, token in rows)
    return found


@crossing.act
def _acknowledged(said: Received, day: date) -> bool | None:
    """True: now. False: it was before. None: no package of ours has this number and token."""
    found = Package.objects.filter(number=said.number, token=said.token).first()
    if found is None:
        return None
    Person.objects.select_for_update().get(pk=found.person_id)
    row = Package.objects.select_related("person", "event").get(pk=found.pk)
    if row.acknowledged is not None:
        return False
    row.acknowledged, row.body = max(day, row.made), b""
    row.told = _told(row)
    row.save(update_fields=["acknowledged", "body", "told"])
    return True


def _told(row: Package) -> Event | None:
    """The register's own word that the Bureau knows; none for what did not happen, and for what no duty asks for."""
    if row.kind in ILL:
        event = PersonEvent.BUREAU_TOLD_HEALTH
    elif row.kind in _STARTS and row.event is not None and row.event.stands:
        event = PersonEvent.BUREAU_NOTIFIED
    else:
        return None
    day = max(row.acknowledged or row.made, row.made)
    answers = str(row.event_id) if event is PersonEvent.BUREAU_NOTIFIED else ""  # which of several the Bureau knows
    made = Event.objects.create(
        person=row.person, camp=row.person.camp, kind=event.value, of=answers, happened=day, entered=acts.today()
    )
    owing.work_out_person(row.person)
    rooms.follow(made)
    return made


def _bytes_of(path: Path) -> bytes:
    """No more than an acknowledgement can have: a longer file is none, and so is what is no file. Waits for nobody.

    Raises `AcknowledgementRefused`, `OSError`.
    """
    found = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            raise AcknowledgementRefused(Wrong.NONE)
        return os.read(found, FILE_MAX + 1)
    finally:
        os.close(found)


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".part")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
