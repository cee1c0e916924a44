# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of the offered answers a message means: by its number in the list, its stored value, or its words."""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from safeconduct.dialogue.duress import ascii_digits
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.dialogue.words import plain

_LONGEST = 200  # characters; a longer message chooses nothing


class Offered(Protocol):
    """An option of a question, or a choice at the end of a step."""

    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...


def chosen(offered: Sequence[Offered], message: str) -> str | None:
    """The value of the one answer that a message means, or None. Labels count in every language that we have."""
    if len(message) > _LONGEST:
        return None
    said = message.strip()
    number = ascii_digits(said).rstrip(".)")
    if number.isascii() and number.isdigit() and 1 <= int(number) <= len(offered):
        return offered[int(number) - 1].value
    words = plain(said)
    values = {option.value for option in offered if said == option.value or words in _names(option.label)}
    return values.pop() if len(values) == 1 else None


@cache
def _names(label: str) -> frozenset[str]:
    return frozenset(plain(texts(tag).say(label)) for tag in AVAILABLE) - {""}
