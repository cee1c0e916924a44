# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which weights call for a doctor."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.desk.custody.medical.weights import Loss, Weighed, losses

FIRST = date(2026, 10, 1)


def weighed(*told: tuple[int, int]) -> list[Weighed]:
    """Pairs of a day after the first and grams."""
    return [Weighed(FIRST + timedelta(days=day), grams) for day, grams in told]


def why(*told: tuple[int, int], centimetres: int | None = None) -> tuple[Loss, ...]:
    """Of the last of them."""
    rows = weighed(*told)
    return losses(rows, centimetres).get(rows[-1].day, ())


@pytest.mark.rule("R28")
def test_a_twentieth_less_in_a_month_calls_for_a_review_and_a_gram_more_does_not() -> None:
    assert why((0, 80_000), (30, 76_000)) == (Loss.MONTH,)
    assert why((0, 80_000), (30, 76_100)) == ()


@pytest.mark.rule("R28")
def test_a_slow_loss_is_seen_when_a_tenth_of_the_highest_weight_is_gone() -> None:
    slow = ((0, 80_000), (60, 77_000), (120, 74_000), (180, 72_100))
    assert why(*slow) == ()
    assert why(*slow, (240, 72_000)) == (Loss.ARRIVAL,)


@pytest.mark.rule("R28")
def test_a_loss_is_seen_although_months_were_missed() -> None:
    assert why((0, 80_000), (200, 76_000)) == (Loss.MONTH,)


@pytest.mark.rule("R28")
def test_a_thin_person_is_to_be_seen_by_a_doctor_at_once() -> None:
    assert why((0, 56_600), centimetres=175) == (Loss.THIN,)
    assert why((0, 56_700), centimetres=175) == ()


@given(st.lists(st.integers(50_000, 90_000), min_size=1, max_size=12).map(sorted))
def test_whoever_never_loses_weight_is_never_called(grams: list[int]) -> None:
    assert losses(weighed(*((30 * place, one) for place, one in enumerate(grams))), None) == {}


@given(st.permutations(weighed((0, 80_000), (30, 75_000), (60, 79_000), (90, 70_000))))
def test_papers_may_come_in_any_order(rows: list[Weighed]) -> None:
    assert set(losses(rows, None)) == {FIRST + timedelta(days=30), FIRST + timedelta(days=90)}
