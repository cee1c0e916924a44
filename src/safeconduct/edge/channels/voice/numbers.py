# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who calls and what was dialled, from the headers of an INVITE. All of it was written by others."""

import re
from collections.abc import Mapping, Sequence

from safeconduct.edge.channels.contract import Address

READ_HEADERS = ("From", "To", "P-Asserted-Identity", "Privacy")

_LONGEST = 512
_URI = re.compile(r"\b(?:sips?|tel):([^@;?>,\s]{1,64})", re.IGNORECASE)
_SEPARATORS = str.maketrans("", "", "-.()")  # RFC 3966: visual separators
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)  # E.164
_WITHHELD = re.compile(r"\b(?:id|user|full|header|critical)\b", re.IGNORECASE)  # RFC 3323, RFC 3325

_SPOKEN = {
    "+7": "ru", "+77": "kk", "+34": "es", "+52": "es", "+53": "es", "+57": "es", "+58": "es", "+86": "zh-Hans", "+91": "hi", "+33": "fr",
    "+225": "fr", "+237": "fr", "+254": "sw", "+255": "sw", "+375": "ru", "+380": "uk", "+850": "ko-KP", "+963": "ar", "+964": "ar",
    "+967": "ar", "+20": "ar", "+977": "ne", "+992": "tg", "+996": "ky", "+998": "uz-Latn", "+1": "en", "+44": "en",
}  # fmt: skip


def caller(headers: Mapping[str, str], *, without_plus: bool = False) -> Address | None:
    """An E.164 number, or None: withheld, not a telephone's, or not international.

    Only what is surely international is taken, for a number that was guessed would call back a stranger. `without_plus`:
    this telephone company leaves the plus out (and never gives a national number).
    """
    if _WITHHELD.search(headers.get("Privacy", "")[:_LONGEST]):
        return None
    for name in ("P-Asserted-Identity", "From"):
        if (user := _user(headers.get(name, ""))) is None:
            continue
        number = user.translate(_SEPARATORS)
        if number.startswith("00"):
            number = f"+{number[2:]}"
        if without_plus and number[:1].isdecimal():
            number = f"+{number}"
        if _INTERNATIONAL.fullmatch(number):
            return Address(number)
    return None


def likely(number: str | None, languages: Sequence[str]) -> str | None:
    """The language that is spoken where this number is from, if it is one of these. A guess, for who chooses none."""
    if number is None:
        return None
    found = [prefix for prefix, tag in _SPOKEN.items() if number.startswith(prefix) and tag in languages]
    return _SPOKEN[max(found, key=len)] if found else None


def called(headers: Mapping[str, str]) -> str:
    """The user part of To; empty when there is none."""
    return _user(headers.get("To", "")) or ""


def _user(header: str) -> str | None:
    """The display name may hold anything, so what stands in angle brackets is looked at first."""
    header = header[:_LONGEST]
    _, bracket, rest = header.rpartition("<")
    found = _URI.search(rest if bracket else header)
    return found[1] if found else None
