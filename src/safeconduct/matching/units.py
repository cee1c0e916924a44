# SPDX-License-Identifier: AGPL-3.0-or-later
"""A military unit's number in one spelling: `12345`, four digits for Rosgvardia, `А1234`."""

import re
import unicodedata
from typing import Final

# Latin letters that look like Cyrillic ones: the Cyrillic ones are meant.
LOOKALIKES: Final = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))

_PREFIX: Final = r"(?:В\s?[/.\\]?\s?Ч\.?|V\s?[/.]\s?CH\.?|ВОЙСКОВ\w+\s+ЧАСТ\w+|ВІЙСЬКОВ\w+\s+ЧАСТИН\w+|MILITARY\s+UNIT|UNIT|ЧАСТЬ|Ч\.)"
_NUMBER: Final = r"(?P<number>[АA]\s?-?\s?\d{4}|\d{4,5})(?:\s?-\s?(?P<letter>[А-ЯA-Z]))?"
_WHOLE: Final = re.compile(rf"\s*(?:{_PREFIX})?\s*(?:NO\.?|[#N:])?\s*{_NUMBER}\s*")
_WITHIN: Final = re.compile(rf"(?:\b{_PREFIX}\s*(?:NO\.?|[#N:])?\s*{_NUMBER}|\b(?P<bare>[АA]-?\d{{4}}))\b")
_LONGEST: Final = 60


def unit(text: str) -> str | None:
    """The one spelling of a field that holds a unit; None when it holds none."""
    if len(text) > _LONGEST:
        return None
    match = _WHOLE.fullmatch(_ready(text))
    return _spelled(match["number"], match["letter"]) if match else None


def units_in(text: str) -> list[str]:
    """Units named in running text: with their prefix, or in the Ukrainian form."""
    return [_spelled(found["number"] or found["bare"], found["letter"]) for found in _WITHIN.finditer(_ready(text))]


def _ready(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(DASHES).upper()


def _spelled(number: str, letter: str | None) -> str:
    bare = re.sub(r"[\s-]", "", number).translate(LOOKALIKES)
    return f"{bare}-{letter.translate(LOOKALIKES)}" if letter else bare
