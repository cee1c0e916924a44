# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts that cross on PostgreSQL: of two that wait for each other it ends one. That one left nothing behind, and is done again."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

Said = ParamSpec("Said")
Given = TypeVar("Given")
_SERIALISATION, _DEADLOCK = "40001", "40P01"


def act(do: Callable[Said, Given]) -> Callable[Said, Given]:
    """One transaction, and once more when it crossed with another. Within an act it is a part of that one, which is done again whole.

    What it is given is read twice then: no iterator.
    """

    @wraps(do)
    def whole(*said: Said.args, **more: Said.kwargs) -> Given:
        once = transaction.atomic(do)
        if connection.in_atomic_block:
            return once(*said, **more)
        try:
            return once(*said, **more)
        except OperationalError as error:
            if not _has_crossed(error):
                raise
        return once(*said, **more)

    return whole


def _has_crossed(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") in {_SERIALISATION, _DEADLOCK}
