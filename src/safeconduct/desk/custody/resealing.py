# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every table of sealed rows owes its teams: a signature, to be sealed anew for a new key, to be emptied in an emergency."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise

from safeconduct.desk.custody import signing
from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.models import Operator, TeamKey
from safeconduct.desk.operators.rewrapping import Pass, Rewrapper, Step
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to
from safeconduct.sealing.pages import Place


@dataclass(frozen=True, slots=True)
class SealedTable:
    """Rows with a `body` that is sealed once, to the key `key_version` of one team, and the `signature` of what stands where.

    `rows_of` gives those of a team, `rows` all there are, with whatever `purpose_of` reads to say what a row's seal is bound
    to, and `day_of` to say when it was entered. `number_of` is the row's own number; a row that is known by its purpose alone,
    and signed before it has a number, says 0.
    """

    code: str
    sentence: str | Promise
    model: type[models.Model]
    rows_of: Callable[[str], models.QuerySet[Any]]
    purpose_of: Callable[[Any], bytes]
    rows: Callable[[], models.QuerySet[Any]]
    day_of: Callable[[Any], date]
    team_of: Callable[[Any], str] = lambda row: row.team
    number_of: Callable[[Any], int] = lambda row: row.pk
    reads_without: bool = False  # a row of it can be set aside, and the others still tell something
    # What follows of that for the row, in the same transaction.
    when_set_aside: Callable[[Operator, Any], None] = lambda _actor, _row: None
    # Registrars see the number in a drill: of what is not theirs to count (R30, R42) it says one, however many.
    is_counted: bool = True

    def place_of(self, row: Any) -> Place:
        """What a row's signature says besides its body."""
        bound, team = self.purpose_of(row), self.team_of(row)
        return Place(self.code, self.number_of(row), bound, team, row.key_version, self.day_of(row))

    def batch(self, after: int, most: int) -> list[Any]:
        """The next so many rows, whosever they say they are."""
        return list(self.rows().filter(pk__gt=after).order_by("pk")[:most])

    def rewrapper(self) -> Rewrapper:
        return Rewrapper(self.code, self.sentence, lambda team: self.rows_of(team).count(), self._step)

    def destroyer(self) -> Destroyer:
        """The team's key may come back from shares, so it is the bodies that go."""
        if self.is_counted:
            return Destroyer(self.code, self.sentence, lambda: self._full().count(), self.empty)
        return Destroyer(self.code, self.sentence, lambda: 1, self._emptied)

    def empty(self) -> int:
        """Destroy every body; how many there were."""
        return self._full().update(body=b"")

    def _emptied(self) -> int:
        self.empty()
        return 1

    def _full(self) -> models.QuerySet[Any]:
        return self.model._default_manager.exclude(body=b"")  # noqa: SLF001 - Django's own way to a model's rows

    @transaction.atomic
    def _step(self, way: Pass, after: int, limit: int) -> Step:
        if not way.destroys_old:  # there is one wrap: it is replaced once everybody of the team can have the new key
            return Step(after, 0, 0, is_end=True)
        rows = list(self.rows_of(way.team).filter(pk__gt=after).order_by("pk")[:limit])
        version = TeamKey.objects.get(team__code=way.team, public=way.new.raw).version
        closed = sum(not self._sealed_anew(row, way, version) for row in rows if row.key_version != version)
        return Step(rows[-1].pk if rows else after, len(rows), closed, is_end=len(rows) < limit)

    def _sealed_anew(self, row: Any, way: Pass, version: int) -> bool:
        """What is not true is left as it is: a new signature would make it so."""
        purpose = self.purpose_of(row)
        if not signing.is_true(self, row):
            return False
        plain = _opened(bytes(row.body), way.old, purpose)
        if plain is None:
            return False
        row.body, row.key_version = seal_to(way.new, plain, purpose=purpose), version
        signing.sign(self, [row])
        row.save(update_fields=["body", "key_version", "signature"])
        return True


def _opened(body: bytes, keys: tuple[PrivateKey, ...], purpose: bytes) -> bytes | None:
    for key in keys:
        try:
            return open_with(key, body, purpose=purpose)
        except SealingError:
            continue
    return None
