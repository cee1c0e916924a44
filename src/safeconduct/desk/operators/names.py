# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names that people sign in with."""

import re
import unicodedata

from safeconduct.desk.operators.errors import NameRefused

# Starts and ends with a letter or digit; between them also spaces, dots, dashes and apostrophes.
_NAME = re.compile(r"[^\W_](?:[\w .'’-]{0,38}[^\W_])?")


def as_typed(text: str) -> str:
    """The one form in which a name is stored and looked up: capitals and extra spaces do not count."""
    told = text.replace("\x00", "\ufffd")  # PostgreSQL takes no NUL, not even in a question
    return " ".join(unicodedata.normalize("NFKC", told).casefold().split())


def chosen(text: str) -> str:
    """A name for a new operator. Raises `NameRefused`."""
    name = as_typed(text)
    if not _NAME.fullmatch(name):
        raise NameRefused("a name has 1 to 40 letters, digits, spaces, dots or dashes, and ends with none of the last")
    return name
