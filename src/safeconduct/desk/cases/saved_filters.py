# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions that an operator asks the queue often. Over what is in clear while it waits, and nothing else.

The name is the operator's own words, and the question says what they watch: both open with their key alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec
from django.db import transaction

from safeconduct.desk.cases.models import SavedFilter
from safeconduct.desk.cases.queue import Filters
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to

MOST = 12
NAME_MAX = 40
_PURPOSE = b"filter"


class _Asked(msgspec.Struct, frozen=True):
    name: str
    language: str
    urgency: str
    mine: str
    channel: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """One of them, opened."""

    pk: int
    name: str
    filters: Filters

    @property
    def asked(self) -> str:
        """As it stands in the queue's address."""
        return urlencode(self.filters.said)


def of(operator: Operator, private: PrivateKey) -> list[Saved]:
    """The operator's own, in the order in which they were saved. What an earlier key was to open is left out."""
    return list(_opened(SavedFilter.objects.filter(operator=operator).order_by("pk")[:MOST], private))


@transaction.atomic
def save(operator: Operator, name: str, filters: Filters) -> bool:
    """Keep it. False when there are as many as a page can show: drop one first."""
    if SavedFilter.objects.select_for_update().filter(operator=operator).count() >= MOST:
        return False
    said = {"language": "", "urgency": "", "mine": "", **filters.said, "name": name[:NAME_MAX]}
    SavedFilter.objects.create(operator=operator, sealed=sealed(operator, said))
    return True


def sealed(operator: Operator, said: Mapping[str, str]) -> bytes:
    """What is kept of a question."""
    return seal_to(operator.key, msgspec.msgpack.encode(said), purpose=_PURPOSE)


def drop(operator: Operator, pk: int) -> None:
    """Does nothing where there is none of theirs."""
    SavedFilter.objects.filter(operator=operator, pk=pk).delete()


def _opened(rows: Iterable[SavedFilter], private: PrivateKey) -> Iterable[Saved]:
    for row in rows:
        try:
            said = msgspec.msgpack.decode(open_with(private, row.sealed, purpose=_PURPOSE), type=_Asked)
        except (SealingError, msgspec.DecodeError):
            continue
        yield Saved(row.pk, said.name, Filters.read(msgspec.structs.asdict(said)))
