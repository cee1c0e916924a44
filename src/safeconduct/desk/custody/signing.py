# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody wrote, and nobody else: each sealed page bears the house's signature over its body and its place (T6).

Whoever can write into the database can seal to a team; they cannot sign. A page that does not bear its signature is
never shown, is not sealed anew, and counts for nothing that is decided.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models, transaction
from django.utils.functional import Promise

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit import appender
from safeconduct.desk.custody import days
from safeconduct.desk.custody.audited import ALTERED
from safeconduct.desk.custody.errors import NoSuchPage, PageAltered
from safeconduct.desk.custody.models import Altered
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing import pages
from safeconduct.sealing.errors import BadSignature
from safeconduct.sealing.pages import Place
from safeconduct.sealing.signatures import VerifyKey

BATCH = 500
BATCHES = 4  # of one look of the clock: a few tenths of a second


class Table(Protocol):
    """What this room needs of `resealing.SealedTable`."""

    @property
    def code(self) -> str: ...
    @property
    def sentence(self) -> str | Promise: ...
    @property
    def model(self) -> type[models.Model]: ...

    @property
    def reads_without(self) -> bool: ...

    @property
    def when_set_aside(self) -> Callable[[Operator, Any], None]: ...

    def place_of(self, row: Any) -> Place: ...
    def batch(self, after: int, most: int) -> list[Any]: ...


_known: dict[str, Table] = {}


def register(tables: Iterable[Table]) -> None:
    """Called once per room from its `AppConfig.ready`."""
    _known.update({one.code: one for one in tables})


def tables() -> tuple[Table, ...]:
    return tuple(_known.values())


def known(code: str) -> Table:
    """Raises `KeyError`."""
    return _known[code]


def sign(table: Table, rows: Iterable[Any]) -> None:
    """Puts the signature into each row, which the caller saves. Raises `NoSigningKey`."""
    key = appender.signing_key()
    for row in rows:
        row.signature = pages.sign(table.place_of(row), bytes(row.body), key)


def keep(table: Table, rows: Sequence[models.Model]) -> None:
    """New rows, each signed with the number that it was given. Called inside an act."""
    kept = table.model._default_manager  # noqa: SLF001 - Django's own way to a model's rows
    with transaction.atomic(savepoint=False):
        made = kept.bulk_create(rows)
        sign(table, made)
        kept.bulk_update(made, ["signature"])


def is_true(table: Table, row: Any, key: VerifyKey | None = None) -> bool:
    """Whether this house wrote it, and there."""
    key = key or appender.signing_key().verify_key
    try:
        pages.verify(table.place_of(row), bytes(row.body), bytes(row.signature), key)
    except BadSignature:
        return False
    return True


def require_true(table: Table, row: Any) -> None:
    """Raises `PageAltered`, also of what was set aside: of this kind nothing stands in its place."""
    if not is_true(table, row):
        raise PageAltered(table.code, row.pk)


def standing(table: Table, rows: Iterable[Any]) -> Iterator[Any]:
    """Those that count, in their order. What was set aside does not.

    Raises `PageAltered` where another is not what was written: whoever left it out would decide without it.
    """
    key = appender.signing_key().verify_key
    for row in rows:
        if is_true(table, row, key):
            yield row
        elif not is_set_aside(table, row):
            raise PageAltered(table.code, row.pk)


def newest(table: Table, rows: models.QuerySet[Any]) -> Any | None:
    """The last that counts; None where there is none. Raises `PageAltered`."""
    last = rows.last()
    if last is None or is_true(table, last):
        return last
    return next(standing(table, rows.reverse()), None)


def last(table: Table, rows: Sequence[Any]) -> Any | None:
    """The same of rows that were read, in their order."""
    if not rows or is_true(table, rows[-1]):
        return rows[-1] if rows else None
    return next(standing(table, reversed(rows)), None)


def lasting(table: Table, rows: Iterable[Any]) -> list[Any]:
    """Those that are true. Of every other the monitor hears."""
    key, true = appender.signing_key().verify_key, []
    for row in rows:
        if is_true(table, row, key):
            true.append(row)
        elif not is_set_aside(table, row):
            notice(table, row)
    return true


def is_set_aside(table: Table, row: Any) -> bool:
    """By the monitor, exactly as it is now."""
    key, marks = appender.signing_key(), Altered.objects.filter(table=table.code, row=row.pk).exclude(mark=b"")
    wanted = pages.set_aside(table.place_of(row), bytes(row.body), bytes(row.signature), key)
    return any(bytes(one.mark) == wanted for one in marks)


@transaction.atomic
def notice(table: Table, row: Any) -> None:
    """A row that is not what was written: the monitor hears of it, once for each row as it was found."""
    if was_destroyed(table, row):
        return
    found = pages.name_of(table.place_of(row), bytes(row.body), bytes(row.signature), appender.signing_key())
    _, is_new = Altered.objects.get_or_create(
        table=table.code, row=row.pk, found=found, defaults={"noticed": days.entered()}
    )
    if is_new:
        audit.record(None, "custody.altered", f"{table.code} {row.pk}")
        raise_alert(ALTERED)


@transaction.atomic
def set_aside(actor: Operator, pk: int) -> None:
    """It counts no more, and what else is known is read without it. Raises `NoSuchPage`: it is gone, or it is true again."""
    said = Altered.objects.select_for_update().filter(pk=pk).first()
    row = None if said is None else row_of(said)
    if said is None or row is None or not known(said.table).reads_without:
        raise NoSuchPage
    table, key = known(said.table), appender.signing_key()
    said.mark = pages.set_aside(table.place_of(row), bytes(row.body), bytes(row.signature), key)
    said.save(update_fields=["mark"])
    audit.record(actor, "custody.set_aside", f"{table.code} {row.pk}")
    table.when_set_aside(actor, row)


def row_of(said: Altered) -> Any | None:
    """The row as it was found; None when it is gone, was put right, or was altered again (then it is another)."""
    row = next(iter(known(said.table).batch(said.row - 1, 1)), None) if said.table in _known else None
    if row is None or row.pk != said.row:
        return None
    key = appender.signing_key()
    found = pages.name_of(known(said.table).place_of(row), bytes(row.body), bytes(row.signature), key)
    return row if found == bytes(said.found) else None


def open_ones() -> list[tuple[Altered, Any]]:
    """What was found and still is so, and was not set aside: each with its row, the newest first."""
    rows = [(said, row_of(said)) for said in Altered.objects.order_by("-pk")]
    return [(said, row) for said, row in rows if row is not None and not is_set_aside(known(said.table), row)]


@dataclass(slots=True)
class Round:
    """A look at all rows of all tables, a batch at a time and then from the beginning; nobody's keys are needed."""

    at: int = 0
    after: int = 0

    def look(self) -> tuple[int, list[tuple[Table, Any]]]:
        """How many rows were looked at, and those of them that are neither true, nor set aside, nor destroyed with the keys."""
        key, table = appender.signing_key().verify_key, tables()[self.at]
        rows = table.batch(self.after, BATCH)
        self.at, self.after = (self.at, rows[-1].pk) if len(rows) == BATCH else ((self.at + 1) % len(tables()), 0)
        false = [row for row in rows if not is_true(table, row, key)]
        return len(rows), [(table, row) for row in false if not (was_destroyed(table, row) or is_set_aside(table, row))]

    @property
    def is_at_start(self) -> bool:
        return (self.at, self.after) == (0, 0)


def was_destroyed(table: Table, row: Any) -> bool:
    """With the keys, in an emergency: then nothing that was written before it is left either (R51)."""
    if bytes(row.body):
        return False
    full = table.model._default_manager.exclude(body=b"")  # noqa: SLF001 - Django's own way to a model's rows
    return not full.filter(pk__lt=row.pk).exists()


def watch(now: Round) -> None:
    """So many rows at each call; the monitor hears of each that is not what was written."""
    for _ in range(BATCHES):
        for table, row in now.look()[1]:
            notice(table, row)
        if now.is_at_start:
            break


def altered() -> tuple[int, list[tuple[Table, Any]]]:
    """All rows there are: how many, and those that are not what was written."""
    one, rows = Round(), 0
    found: list[tuple[Table, Any]] = []
    while True:
        looked, false = one.look()
        rows, found = rows + looked, found + false
        if one.is_at_start:
            return rows, found
