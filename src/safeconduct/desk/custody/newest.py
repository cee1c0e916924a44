# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page was shown with, so that nobody writes over what a colleague has written since."""

from typing import Any

from safeconduct.desk.custody.errors import WrittenMeanwhile
from safeconduct.desk.custody.models import Person, Sealed
from safeconduct.desk.custody.row_names import Table, name
from safeconduct.desk.custody.sealed import Page
from safeconduct.desk.operators.keyring import Keyring


def seen(keyring: Keyring, person: Person, page: Page[Any]) -> str:
    """Of the newest page of that kind; empty where there is none. Asked before what it holds is read."""
    rows = Sealed.objects.filter(person=person, kind=page.kind, team=keyring.operator.plays.team or "")
    last = rows.order_by("pk").values_list("pk", flat=True).last()
    return "" if last is None else name(Table.SEALED, last)


def require_seen(keyring: Keyring, person: Person, page: Page[Any], said: str) -> None:
    """Called inside an act, which waits here for a colleague's. Raises `WrittenMeanwhile`."""
    Person.objects.select_for_update().get(pk=person.pk)
    if said != seen(keyring, person, page):
        raise WrittenMeanwhile
