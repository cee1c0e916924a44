# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key that covers the rows of the search index.

It lies in a file of its own, which no backup takes: what was erased is then gone from the rows of every copy as soon as
the desk covers its index anew, and a desk that was restored without the key makes one and covers what it has.
"""

import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from safeconduct.desk.cases.erasure_store import ErasureStore
from safeconduct.desk.cases.models import IndexGeneration, today
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, ConversationId

FILE = "lookup.db"


def covers() -> dict[int, bytes]:
    """The key of every generation that has one, by its row. Two while the index is covered anew."""
    named = {ConversationId(one.name): one.pk for one in IndexGeneration.objects.all()}
    return {named[name]: key.raw for name, key in _store().get_many(named).items()}


def newest() -> tuple[IndexGeneration, bytes]:
    """The generation that new rows belong to, and its key. The first call makes one."""
    generation = IndexGeneration.objects.order_by("-pk").first()
    key = generation and _store().get(ConversationId(generation.name))
    return (generation, key.raw) if generation and key else begin()


def begin() -> tuple[IndexGeneration, bytes]:
    """A new generation with a key of its own. The key is durable before the row that names it."""
    name = ConversationId(secrets.token_bytes(IDENTIFIER_BYTES))
    key = _store().make(name)
    return IndexGeneration.objects.create(name=name, day=today()), key.raw


def destroy(generation: IndexGeneration) -> None:
    """From here on no copy of its rows can be looked up in."""
    _store().destroy(ConversationId(generation.name))


def count() -> int:
    return len(_store())


def destroy_all() -> int:
    """R51: afterwards nothing can be looked up, by whomever. How many keys there were."""
    return _store().destroy_all()


def _store() -> ErasureStore:
    return _opened(settings.DESK.home / "desk" / FILE)


@lru_cache(maxsize=1)
def _opened(path: Path) -> ErasureStore:
    return ErasureStore(path)
