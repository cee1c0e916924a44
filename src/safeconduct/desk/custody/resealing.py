# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every table of sealed rows owes its teams: to be sealed anew for a new key, and to be emptied in an emergency."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise

from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.rewrapping import Pass, Rewrapper, Step
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to


@dataclass(frozen=True, slots=True)
class SealedTable:
    """Rows with a `body` that is sealed once, to the key `key_version` of one team.

    `rows_of` gives those of a team, with whatever `purpose_of` reads to say what a row's seal is bound to.
    """

    code: str
    sentence: str | Promise
    model: type[models.Model]
    rows_of: Callable[[str], models.QuerySet[Any]]
    purpose_of: Callable[[Any], bytes]

    def rewrapper(self) -> Rewrapper:
        return Rewrapper(self.code, self.sentence, lambda team: self.rows_of(team).count(), self._step)

    def destroyer(self) -> Destroyer:
        """The team's key may come back from shares, so it is the bodies that go."""
        return Destroyer(self.code, self.sentence, lambda: self._full().count(), self.empty)

    def empty(self) -> int:
        """Destroy every body; how many there were."""
        return self._full().update(body=b"")

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
        purpose = self.purpose_of(row)
        plain = _opened(bytes(row.body), way.old, purpose)
        if plain is None:
            return False
        row.body, row.key_version = seal_to(way.new, plain, purpose=purpose), version
        row.save(update_fields=["body", "key_version"])
        return True


def _opened(body: bytes, keys: tuple[PrivateKey, ...], purpose: bytes) -> bytes | None:
    for key in keys:
        try:
            return open_with(key, body, purpose=purpose)
        except SealingError:
            continue
    return None
