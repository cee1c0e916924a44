# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date

import pytest
from hypothesis import given, settings, strategies

from safeconduct.matching.dates import Calendar, Precision, read_date


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


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(strategies.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    read = read_date(text)
    assert read is None or read.earliest <= read.latest
