# SPDX-License-Identifier: AGPL-3.0-or-later
"""A date as somebody gave it: the text, the calendar and the precision stay; beside them the days it may mean."""

import calendar as gregorian
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import bikram_sambat
from abyssinica.calendar import Date as EthiopicDate
from hijridate import Hijri

from safeconduct.matching import months
from safeconduct.matching.scripts import plain


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    JUCHE = "juche"
    BIKRAM_SAMBAT = "bikram-sambat"
    HIJRI = "hijri"
    ETHIOPIAN = "ethiopian"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """`earliest` and `latest` are Gregorian days, both included. Its repr shows no date: it is personal."""

    text: str
    calendar: Calendar
    precision: Precision
    earliest: date
    latest: date

    def __repr__(self) -> str:
        return f"PartialDate({self.calendar}, {self.precision})"

    @property
    def year(self) -> int:
        """For `name_keys`: a year of another calendar begins within the Gregorian year given here."""
        return self.earliest.year


_JUCHE_BEFORE: Final = 1911
_LONGEST: Final = 80
_MARKS: Final = (
    (Calendar.JUCHE, re.compile(r"주체|juche|чучхе|чучче")),
    (Calendar.BIKRAM_SAMBAT, re.compile(r"\bb\.?\s?s\b|वि\.?\s?सं|बि\.?\s?सं|bikram|vikram|бикрам|викрам|विक्रम|बिक्रम")),
    (Calendar.HIJRI, re.compile(r"\ba\.?\s?h\b|هـ|هجري|hijri|хидж|ҳиҷр|хіджр|hijra")),
    (Calendar.ETHIOPIAN, re.compile(r"\be\.?\s?c\b|ዓ\.?\s?ም|ethiop|эфиоп|ефіоп")),
)
_BIKRAM_SAMBAT_YEARS: Final = range(1970, 2100)
_YEARS_TOLD_BY_THEMSELVES: Final = ((range(1300, 1500), Calendar.HIJRI), (range(2040, 2100), Calendar.BIKRAM_SAMBAT))
_IN_BRACKETS: Final = re.compile(r"(?<=\d)\s*\([^()]*\)")  # 주체79(1990)년: the same year once more
_EITHER_WAY: Final = re.compile(
    r"(?P<one>\d{1,2})\s*(?P<mark>[/-])\s*(?P<other>\d{1,2})\s*(?P=mark)\s*(?P<year>\d{2}|\d{4})"
)
_NUMBERS: Final = re.compile(r"\d+")
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u0900-\u097f]+[^\W\d_]*)*")

_Day = Callable[[int, int, int], date]
_TO_GREGORIAN: Final[dict[Calendar, _Day]] = {
    Calendar.GREGORIAN: date,
    Calendar.JUCHE: lambda year, month, day: date(year + _JUCHE_BEFORE, month, day),
    Calendar.BIKRAM_SAMBAT: lambda year, month, day: bikram_sambat.date(year, month, day).togregorian(),
    Calendar.HIJRI: lambda year, month, day: date.fromordinal(Hijri(year, month, day).to_gregorian().toordinal()),
    Calendar.ETHIOPIAN: lambda year, month, day: EthiopicDate(year, month, day).to_gregorian(),
}
_MONTHS_OF: Final = dict.fromkeys(Calendar, 12) | {Calendar.ETHIOPIAN: 13}


def read_date(text: str, calendar: Calendar | None = None) -> PartialDate | None:
    """A day, a month or a year in `text`; None when there is none that exists. Day before month where both are numbers.

    The calendar is the one given, or the one that the text names, or the one whose years look so (2058 is Bikram
    Sambat, 1410 Hijri), or the Gregorian.
    """
    readable = _IN_BRACKETS.sub(" ", _with_ascii_digits(text[:_LONGEST]))
    parts = _parts(readable)
    if parts is None:
        return None
    year, month, day = parts
    calendar = calendar or _calendar_of(readable, year)
    year = _whole_year(year, calendar)
    try:
        return _spanning(text, calendar, year, month, day)
    except (ValueError, OverflowError, bikram_sambat.BikramSambatError):
        return None


def is_either_way(text: str) -> bool:
    """03/04/1990: some write the day first and some the month, and nothing tells who wrote it. With points it is the day."""
    found = _EITHER_WAY.fullmatch(_IN_BRACKETS.sub(" ", _with_ascii_digits(text[:_LONGEST])).strip())
    if found is None or _calendar_of(text, int(found["year"])) is not Calendar.GREGORIAN:
        return False
    one, other = int(found["one"]), int(found["other"])
    return one != other and all(1 <= number <= _MONTHS_OF[Calendar.GREGORIAN] for number in (one, other))


def _with_ascii_digits(text: str) -> str:
    return plain("".join(str(unicodedata.digit(letter, letter)) for letter in text))


def _parts(text: str) -> tuple[int, int | None, int | None] | None:
    numbers = [(number, len(number)) for number in _NUMBERS.findall(text)]
    values = [int(number) for number, length in numbers if length <= 4]
    month = next((found for word in _WORDS.findall(text) if (found := months.number(word))), None)
    if not values or len(values) > 3 or len(values) != len(numbers):
        return None
    if month:
        return _with_named_month(values, month)
    if len(values) == 1:
        return values[0], None, None
    year_first = numbers[0][1] > 2
    ordered = values if year_first or _MARKS[0][1].search(text) else values[::-1]
    return (ordered[0], ordered[1], ordered[2]) if len(ordered) > 2 else (ordered[0], ordered[1], None)


def _with_named_month(values: list[int], month: int) -> tuple[int, int, int | None] | None:
    if len(values) == 1:
        return values[0], month, None
    if len(values) > 2:
        return None
    day, year = sorted(values)
    return year, month, day


def _calendar_of(text: str, year: int) -> Calendar:
    for calendar, mark in _MARKS:
        if mark.search(text):
            return calendar
    return next((calendar for years, calendar in _YEARS_TOLD_BY_THEMSELVES if year in years), Calendar.GREGORIAN)


def _whole_year(year: int, calendar: Calendar) -> int:
    """Two digits are the last century's, unless they are of this one's first quarter."""
    if calendar is Calendar.GREGORIAN and year < 100:
        return year + (2000 if year < 26 else 1900)
    return year


def _spanning(text: str, calendar: Calendar, year: int, month: int | None, day: int | None) -> PartialDate:
    first = _TO_GREGORIAN[calendar]
    if month and day:
        exact = first(year, month, day)
        return PartialDate(text, calendar, Precision.DAY, exact, exact)
    if month:
        start = first(year, month, 1)
        after = first(year, month + 1, 1) if month < _MONTHS_OF[calendar] else first(year + 1, 1, 1)
        return PartialDate(text, calendar, Precision.MONTH, start, after - timedelta(days=1))
    start, after = first(year, 1, 1), first(year + 1, 1, 1)
    return PartialDate(text, calendar, Precision.YEAR, start, after - timedelta(days=1))


def swapped(day: date) -> date | None:
    """The same numbers with month and day the other way round, where such a day exists."""
    if day.day > 12 or day.month > gregorian.monthrange(day.year, day.day)[1]:
        return None
    return date(day.year, day.day, day.month)
