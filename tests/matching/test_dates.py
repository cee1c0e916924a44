# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date

import pytest
from hypothesis import given, settings, strategies

from safeconduct.matching.dates import Calendar, Precision, is_either_way, read_date


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("12.05.1990", Calendar.GREGORIAN),
        ("1990年5月12日", Calendar.GREGORIAN),
        ("12 травня 1990", Calendar.GREGORIAN),
        ("주체79(1990)년 5월 12일", Calendar.JUCHE),
        ("वि.सं. २०४७ बैशाख २९", Calendar.BIKRAM_SAMBAT),
        ("2047-01-29", Calendar.BIKRAM_SAMBAT),
        ("17 شوال 1410", Calendar.HIJRI),
        ("4 Ginbot 1982 E.C.", Calendar.ETHIOPIAN),
    ],
)
def test_one_day_is_one_day_in_every_calendar(text: str, calendar: Calendar) -> None:
    read = read_date(text)
    assert read is not None
    assert (read.calendar, read.precision, read.earliest, read.text) == (
        calendar,
        Precision.DAY,
        date(1990, 5, 12),
        text,
    )


def test_a_year_spans_the_days_it_may_mean() -> None:
    read = read_date("Juche 79")
    assert read is not None
    assert (read.precision, read.earliest, read.latest) == (Precision.YEAR, date(1990, 1, 1), date(1990, 12, 31))


def test_a_month_ends_where_the_next_begins() -> None:
    read = read_date("May 1990")
    assert read is not None
    assert (read.earliest, read.latest) == (date(1990, 5, 1), date(1990, 5, 31))


@pytest.mark.parametrize("text", ["", "99.99.1990", "1990-13-01", "tomorrow", "123456", "31.02.1990"])
def test_a_day_that_does_not_exist_is_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("text", ["03/04/1990", "3/4/90", "03-04-1990", "٠٣/٠٤/١٩٩٠", "12 / 11 / 1980"])
def test_a_date_that_is_read_day_first_or_month_first_says_so(text: str) -> None:
    assert is_either_way(text)


@pytest.mark.parametrize(
    "text",
    ["03.04.1990", "13/04/1990", "04/13/1990", "04/04/1990", "1990/03/04", "1990-03-04", "3 April 1990 (03/04/1990)",
     "1990 (03/04/1990)", "03/1990", "", "03/04/1410", "0/4/1990"],
)  # fmt: skip
def test_a_date_that_is_read_in_one_way_does_not(text: str) -> None:
    assert not is_either_way(text)


def test_what_was_written_stays_in_brackets_and_is_not_read() -> None:
    day, year = read_date("3 April 1990 (03/04/1990)"), read_date("1990 (03/04/1990)")
    assert day is not None
    assert year is not None
    assert (day.earliest, day.text) == (date(1990, 4, 3), "3 April 1990 (03/04/1990)")
    assert (year.precision, year.earliest) == (Precision.YEAR, date(1990, 1, 1))


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(strategies.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    read = read_date(text)
    assert read is None or read.earliest <= read.latest
