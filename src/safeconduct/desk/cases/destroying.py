# SPDX-License-Identifier: AGPL-3.0-or-later
"""What makes every case unreadable for good: the erasure keys, one of each conversation (R51)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.cases import index_keys, journal, keys
from safeconduct.desk.operators.destroying import Destroyer


def _count() -> int:
    return len(keys.of_this_desk().erasure)


def _destroy() -> int:
    transaction.on_commit(journal.empty)  # wraps that the other destroyers took are in SQLite's log still
    return keys.of_this_desk().erasure.destroy_all()


DESTROYERS = (
    Destroyer("cases.erasure", _("Erasure keys, one of each conversation"), _count, _destroy),
    Destroyer("cases.index", _("Keys that cover the search index"), index_keys.count, index_keys.destroy_all),
)
