# SPDX-License-Identifier: AGPL-3.0-or-later
"""R4: a number that a caller wishes to be called at, and the hours, on the clock where that number is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone as zones

from safeconduct.edge.channels.contract import Address
from safeconduct.edge.channels.voice.places import Act
from safeconduct.vocabulary.contact import SafeContactRule

CODE = "voice"
NUMBER_MOST = 17  # digits, with two zeros before a country code
_BY = "/"
_CALL_CHARACTERS = 16  # 64 bits of the call's random name
_ALL_DAY = ("00:00", "23:59")
_HOURS: Mapping[Act, tuple[str, str]] = {
    Act.KEEP_ANY: _ALL_DAY,
    Act.KEEP_MORNING: ("06:00", "11:59"),
    Act.KEEP_AFTERNOON: ("12:00", "17:59"),
    Act.KEEP_EVENING: ("18:00", "23:59"),
}


def chat_of(number: Address, call: str) -> Address:
    """The chat of one caller's wish. Whoever else names the same number has another: a number is typed, or forged, by anybody."""
    return Address(f"{number}{_BY}{call[:_CALL_CHARACTERS]}")


def number_of(chat: Address) -> Address | None:
    """Where the person of this chat wished to be called; None: they did not."""
    return Address(chat.partition(_BY)[0]) if chat.startswith("+") else None


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """A whole number. `zone` None: nobody can tell which clock it goes by, so no hours can be kept but all."""

    number: Address
    zone: str | None

    @property
    def digits(self) -> str:
        return self.number.removeprefix("+")

    def rule(self, act: Act) -> SafeContactRule:
        """The caller's wish, as the chat's rule."""
        since, until = _HOURS[act if self.zone is not None else Act.KEEP_ANY]
        return SafeContactRule(CODE, since, until, self.zone or "UTC")


def wanted(typed: str, *, fallback: str | None, now: float) -> Wanted | None:
    """A number with its country code, typed or told by the telephone company. None for what cannot be one.

    `fallback` is the line's own clock for countries that have several.
    """
    digits = typed.lstrip("+").removeprefix("00")
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    if not digits.isascii() or not digits.isdecimal() or not phonenumbers.is_valid_number(parsed):
        return None
    if phonenumbers.number_type(parsed) in _NOT_A_PERSONS:
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Wanted(Address(written), _zone(zones.time_zones_for_number(parsed), fallback, now))


_NOT_A_PERSONS = frozenset(
    {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST,
     phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.UAN}
)  # fmt: skip


def _zone(names: tuple[str, ...], fallback: str | None, now: float) -> str | None:
    """The number's own clock, if all of its zones show the same time now; else the line's, if it is one of them."""
    known = [(name, offset) for name in names if (offset := _offset(name, now)) is not None]
    if known and len({offset for _, offset in known}) == 1 and len(known) == len(names):
        return known[0][0]
    return fallback if fallback in names else None


def _offset(name: str, now: float) -> float | None:
    try:
        there = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return None if there is None else there.total_seconds()
