# SPDX-License-Identifier: AGPL-3.0-or-later
"""A personal number in one spelling: `АБ-123456`, Cyrillic letters whatever keyboard wrote them."""

import re
import unicodedata
from typing import Final

from safeconduct.matching.units import DASHES, LOOKALIKES

_LONGEST: Final = 40
_NUMBER: Final = r"(?P<letters>[A-ZА-ЯІЇЄҐ]{1,2})\s?-?\s?(?P<digits>\d{3}\s?\d{3})"
_WHOLE: Final = re.compile(
    rf"\s*(?:Л\s?/\s?Н|ЛИЧНЫЙ НОМЕР|ОСОБИСТИЙ НОМЕР|SERVICE NUMBER)?\s*(?:NO\.?|[#:])?\s*{_NUMBER}\s*"
)
_WITHIN: Final = re.compile(rf"\b{_NUMBER}\b")
_CYRILLIC: Final = re.compile("[А-ЯІЇЄҐ]+")


def service_number(text: str) -> str | None:
    """The one spelling; None when the text is no such number or has a letter that no Cyrillic one looks like."""
    if len(text) > _LONGEST:
        return None
    match = _WHOLE.fullmatch(_ready(text))
    return _spelled(match) if match else None


def service_numbers_in(text: str) -> list[str]:
    return [spelled for match in _WITHIN.finditer(_ready(text)) if (spelled := _spelled(match))]


def _ready(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(DASHES).upper()


def _spelled(match: re.Match[str]) -> str | None:
    letters = match["letters"].translate(LOOKALIKES)
    digits = "".join(match["digits"].split())
    return f"{letters}-{digits}" if _CYRILLIC.fullmatch(letters) and digits.isascii() else None
