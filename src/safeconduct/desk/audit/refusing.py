# SPDX-License-Identifier: AGPL-3.0-or-later
"""A refusal leaves no trace but its entry in the record."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from safeconduct.desk.audit import acts
from safeconduct.desk.audit.acts import Actor


@contextmanager
def refusals_recorded(
    actor: Actor | None, act: str, subject: str, *, of: type[Exception] | tuple[type[Exception], ...]
) -> Iterator[None]:
    """What is done inside is one transaction. When it raises `of`, all of it is undone and `act` alone is recorded.

    The outermost act of a request uses it: inside somebody else's transaction the entry would be undone with that.
    """
    try:
        with transaction.atomic():
            yield
    except of:
        with transaction.atomic():
            acts.record(actor, act, subject)
        raise
