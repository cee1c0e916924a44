# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of somebody's sheet decides where they go: the language they speak, and whose quarters are theirs by rank (arts. 22, 43 to 45)."""

from collections.abc import Collection, Iterable

from safeconduct.desk.custody import forms, sealed
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary import ranks
from safeconduct.vocabulary.custody import Category
from safeconduct.vocabulary.reception import Received, RetainedPersonnel


def sheets_of(keyring: Keyring, people: Iterable[Person]) -> dict[int, Received]:
    """The newest sheet of each person, by their row, as far as the reader's key opens it."""
    try:
        return sealed.newest_of([person.pk for person in people], keyring, sealed.IDENTITY)
    except NotAdmitted:
        return {}


def category_of(person: Person, sheet: Received | None) -> Category:
    """Whose quarters they have a right to: by the table of ranks that was read when the sheet was written, else by the newest.

    A woman's are women's, by her sheet or by those she has, whatever the rank (R24). Whose rank no table knows keeps the quarters they have, else has those of other ranks.
    """
    lodged = Category(person.quarters.category) if person.quarters else None
    if lodged is Category.WOMEN:
        return lodged
    return (_by_sheet(sheet) if sheet is not None else None) or lodged or Category.OTHER_RANKS


def categories(keyring: Keyring, people: Iterable[Person]) -> dict[int, Category]:
    """Whose quarters each has a right to by their sheet alone, by their rows: nobody whose rank no table knows, or whose sheet does not open."""
    told = {pk: _by_sheet(sheet) for pk, sheet in sheets_of(keyring, people).items()}
    return {pk: category for pk, category in told.items() if category is not None}


def _by_sheet(sheet: Received) -> Category | None:
    if sheet.is_woman:
        return Category.WOMEN
    rank = forms.equivalent(sheet, sheet)
    return ranks.category(rank.grade) if rank is not None else None


def retained(keyring: Keyring, people: Collection[Person]) -> dict[str, RetainedPersonnel]:
    """Medical personnel and chaplains among them, by number, as far as the reader's key opens their sheets."""
    numbers = {one.pk: one.number for one in people}
    told = {numbers[pk]: sheet.retained for pk, sheet in sheets_of(keyring, people).items()}
    return {number: role for number, role in told.items() if role is not None}
