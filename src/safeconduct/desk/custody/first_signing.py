# SPDX-License-Identifier: AGPL-3.0-or-later
"""Once, at the update that brought signatures: what was entered before it is signed as it stands.

That it was done is kept among the credentials, where nobody who can write into the database can undo it: whoever takes a
signature away has a page that is refused, and no page of an older day.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import signing

MARK = "pages-signed"


def mark() -> Path:
    secrets: Path = settings.DESK.secrets
    return secrets / MARK


def is_done() -> bool:
    return mark().exists()


@transaction.atomic
def sign_all() -> int:
    """How many pages bore no signature and were signed. The caller has seen that this was never done here."""
    # The monitor's record says it, so that a second time would be seen.
    count = sum(_signed(table) for table in signing.tables())
    audit.record(None, "custody.pages_signed", str(count))
    return count


def _signed(table: signing.Table) -> int:
    after, count = 0, 0
    while rows := table.batch(after, signing.BATCH):
        bare: list[Any] = [row for row in rows if not bytes(row.signature)]
        signing.sign(table, bare)
        table.model._default_manager.bulk_update(bare, ["signature"])  # noqa: SLF001 - Django's own way to a model's rows
        after, count = rows[-1].pk, count + len(bare)
    return count
