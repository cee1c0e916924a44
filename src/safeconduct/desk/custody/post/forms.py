# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on the pages of the post, as types."""

from enum import Enum
from typing import TypeVar

from django.http import QueryDict

from safeconduct.desk.custody import fields
from safeconduct.desk.custody.post.access import SHOWN
from safeconduct.desk.custody.post.errors import BelowConvention, NothingSuch, TooManyShown
from safeconduct.desk.custody.post.kinds import Entry
from safeconduct.vocabulary.post import CONTENTS_MOST

_LONGEST, _MOST = 18, 999
Word = TypeVar("Word", bound=Enum)


def word(said: QueryDict, name: str, kind: type[Word], usual: Word) -> Word:
    """One of a list; the usual one for what no page offers."""
    try:
        return kind(said.get(name, ""))
    except ValueError:
        return usual


def entry(said: QueryDict) -> Entry:
    """Raises `NothingSuch`."""
    for one in Entry:
        if one.value == said.get("what"):
            return one
    raise NothingSuch


def pieces(said: QueryDict) -> list[int]:
    """The rows that were ticked, or all that stood on the page, which shows no more than `SHOWN`. Raises `TooManyShown`."""
    told = said.get("shown", "").split() if said.get("all") == "yes" else said.getlist("piece")
    if len(told) > SHOWN:
        raise TooManyShown
    return [int(one) for one in told if one.isascii() and one.isdigit() and len(one) <= _LONGEST]


def number(said: QueryDict, name: str) -> int:
    """Raises `BelowConvention` for what is no number: nothing else can be meant by it than less."""
    told = said.get(name, "").strip()
    if not (told.isascii() and told.isdigit() and len(told) <= len(str(_MOST))):
        raise BelowConvention
    return int(told)


def contents(said: QueryDict) -> str:
    """Raises `DoesNotFit`."""
    return fields.text(said, "contents", CONTENTS_MOST)
