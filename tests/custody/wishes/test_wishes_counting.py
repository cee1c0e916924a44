# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which record counts, whatever is said, in whatever order it is entered."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.desk.custody.wishes.counting import (
    APART,
    CONFIRMED_FOR,
    Fear,
    Ground,
    Missing,
    Stop,
    Unlisted,
    in_order,
    missing,
    standing,
    stops,
    unlisted,
)
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.wishes import WayHome, Wish, WishKind, WitnessOffice

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a loaded machine
START = datetime(2026, 11, 1, 9, tzinfo=UTC)
SHEETS = ("1", "2")
SICK, OVER = (Ground.TO_BE_SENT_HOME_SICK,), (Ground.HOSTILITIES_OVER,)
WHOLE = Wish(
    kind=WishKind.EXCHANGE, said=START, language="ko-KP", sheet="2", interpreter="Kim", witness="Anna Weber",
    witness_office=WitnessOffice.RED_CROSS, is_signed=True, copy_given=True, name="Чхве Мин", entered_by="registrar one",
)  # fmt: skip
LACKING = {
    "language": ("", Missing.LANGUAGE),
    "sheet": ("", Missing.SHEET),
    "interpreter": (" ", Missing.INTERPRETER),
    "witness": ("", Missing.WITNESS),
    "witness_office": (None, Missing.WITNESS_OFFICE),
    "is_signed": (False, Missing.SIGNATURE),
    "copy_given": (False, Missing.COPY),
}


def said(hours: float, kind: WishKind = WishKind.EXCHANGE, **changed: object) -> Wish:
    return msgspec.structs.replace(WHOLE, said=START + timedelta(hours=hours), kind=kind, **changed)


wishes = st.builds(
    said,
    st.integers(0, 300),
    st.sampled_from(WishKind),
    language=st.sampled_from(["", "xx", *LANGUAGES]),
    sheet=st.sampled_from(["", "1", "2", "9"]),
    interpreter=st.sampled_from(["", "Kim"]),
    witness=st.sampled_from(["", "Anna Weber", "kim", "Registrar  One"]),
    witness_office=st.none() | st.sampled_from(WitnessOffice),
    is_signed=st.booleans(),
    copy_given=st.booleans(),
    name=st.sampled_from(["", "Чхве Мин"]),
    refuses_if_sick=st.booleans(),
)
histories = st.lists(wishes, max_size=8)


@pytest.mark.rule("R38")
def test_there_are_six_kinds_and_who_has_said_nothing_is_undecided() -> None:
    assert {one.value for one in WishKind} == {
        "exchange", "no_exchange", "stay", "return_after_hostilities", "third_country", "undecided",
    }  # fmt: skip
    assert standing([], SHEETS).kind is WishKind.UNDECIDED


@pytest.mark.rule("R39")
@pytest.mark.parametrize("field", LACKING)
def test_a_record_that_lacks_anything_counts_for_nothing(field: str) -> None:
    value, lack = LACKING[field]
    incomplete = said(1, WishKind.STAY, **{field: value})
    assert missing(incomplete, SHEETS) == [lack]
    assert standing([WHOLE, incomplete], SHEETS).counts == WHOLE


@pytest.mark.rule("R39")
@pytest.mark.parametrize("witness", ["Kim", "KIM ", "registrar one", "Registrar  One"])
def test_neither_who_entered_it_nor_who_translated_it_witnesses_it(witness: str) -> None:
    assert missing(said(0, witness=witness), SHEETS) == [Missing.WITNESS_APART]


@pytest.mark.rule("R39")
def test_nobody_witnesses_their_own_wish() -> None:
    assert missing(said(0, name="Ri Chol", witness="RI  CHOL"), SHEETS) == [Missing.WITNESS_APART]


@pytest.mark.rule("R39")
@calm
@given(histories)
def test_nothing_incomplete_ever_counts(told: list[Wish]) -> None:
    counts = standing(told, SHEETS).counts
    assert counts is None or not missing(counts, SHEETS)
    assert (counts is None) == all(missing(one, SHEETS) for one in told)


@pytest.mark.rule("R40")
@calm
@given(st.data(), histories)
def test_the_latest_valid_one_counts_whatever_the_order_of_entry(data: st.DataObject, told: list[Wish]) -> None:
    entered = data.draw(st.permutations(told))
    assert standing(entered, SHEETS) == standing(told, SHEETS)
    valid = [one.said for one in told if not missing(one, SHEETS)]
    counts = standing(entered, SHEETS).counts
    assert counts is None or counts.said == max(valid)


def on_day(day: int, kind: WishKind, **changed: object) -> Wish:
    """From a paper without a time."""
    return msgspec.structs.replace(said(24 * day - 9, kind), has_time=False, **changed)


@pytest.mark.rule("R40")
def test_of_one_day_without_times_the_one_that_was_entered_last_counts() -> None:
    stays, goes = on_day(1, WishKind.STAY), on_day(1, WishKind.EXCHANGE)
    assert standing([goes, stays], SHEETS).counts == stays
    assert standing([stays, goes], SHEETS).counts == goes
    assert standing([goes, stays, on_day(0, WishKind.UNDECIDED)], SHEETS).counts == stays


@pytest.mark.rule("R40")
def test_a_paper_without_a_time_is_not_older_than_one_of_that_morning_that_was_entered_before_it() -> None:
    morning, evening, untold = said(0, WishKind.EXCHANGE), said(9, WishKind.UNDECIDED), on_day(0, WishKind.STAY)
    assert standing([morning, untold], SHEETS).counts == untold
    assert standing([untold, morning], SHEETS).counts == morning
    assert in_order([evening, untold, morning]) == [morning, evening, untold]


@pytest.mark.rule("R40")
def test_without_times_nobody_is_confirmed_by_papers_that_may_be_of_one_sitting() -> None:
    first = on_day(1, WishKind.EXCHANGE)  # START is nine in the morning of the day before
    why = [unlisted(standing([first, said(hours)], SHEETS), said(hours).said) for hours in (38, 50.9, 51)]
    assert why == [Unlisted.UNCONFIRMED, Unlisted.UNCONFIRMED, None]


@pytest.mark.rule("R40", "R43")
def test_who_said_something_else_on_a_day_without_times_is_on_no_list_until_asked_again() -> None:
    told = [said(0), said(25), on_day(1, WishKind.STAY, is_signed=False)]
    assert unlisted(standing(told, SHEETS), START + timedelta(hours=27)) is Unlisted.DOUBT
    assert unlisted(standing([*told, said(26)], SHEETS), START + timedelta(hours=27)) is None


@pytest.mark.rule("R40")
@calm
@given(histories, st.lists(st.integers(0, 7)))
def test_whatever_has_no_time_what_is_surely_earlier_stands_earlier(told: list[Wish], bare: list[int]) -> None:
    told = [msgspec.structs.replace(one, has_time=place not in bare) for place, one in enumerate(told)]
    order = in_order(told)
    assert sorted(order, key=msgspec.json.encode) == sorted(told, key=msgspec.json.encode)
    assert [one.said.date() for one in order] == sorted(one.said.date() for one in told)
    timed = [one.said for one in order if one.has_time]
    assert timed == sorted(timed)


@pytest.mark.rule("R40")
@calm
@given(histories, st.integers(0, 400))
def test_whoever_is_listed_said_it_twice_and_last_within_72_hours(told: list[Wish], hours: int) -> None:
    at = START + timedelta(hours=hours)
    now = standing(told, SHEETS)
    if unlisted(now, at) is None:
        assert now.counts is not None
        assert timedelta(0) <= at - now.counts.said <= CONFIRMED_FOR
        same = {one.said for one in told if one.kind is WishKind.EXCHANGE and not missing(one, SHEETS)}
        assert max(same) - min(same) >= APART
        assert now.counts.name


@pytest.mark.rule("R40")
@pytest.mark.parametrize(("hours", "why"), [(71.9, None), (72, None), (72.1, Unlisted.UNCONFIRMED)])
def test_what_was_said_again_holds_for_72_hours(hours: float, why: Unlisted | None) -> None:
    now = standing([said(0), said(12)], SHEETS)
    assert unlisted(now, START + timedelta(hours=12 + hours)) is why


@pytest.mark.rule("R40")
def test_a_wish_that_was_said_once_is_not_confirmed_however_fresh() -> None:
    assert unlisted(standing([said(0)], SHEETS), START + timedelta(hours=1)) is Unlisted.UNCONFIRMED


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([said(0), said(0.02)], Unlisted.UNCONFIRMED),
        ([said(0), said(11.9)], Unlisted.UNCONFIRMED),
        ([said(0), said(12)], None),
        ([said(0), said(12), said(12.5)], None),
        ([said(0), said(13, WishKind.STAY), said(14)], Unlisted.UNCONFIRMED),
        ([said(0), said(2, WishKind.UNDECIDED), said(3), said(20)], None),
    ],
)
def test_two_papers_of_one_sitting_confirm_nothing(told: list[Wish], why: Unlisted | None) -> None:
    assert unlisted(standing(told, SHEETS), START + timedelta(hours=21)) is why


@pytest.mark.rule("R39", "R40")
def test_an_older_sheet_leaves_a_wish_valid_and_confirms_none() -> None:
    under_the_old = standing([said(0, sheet="1"), said(25, sheet="1")], SHEETS)
    assert under_the_old.kind is WishKind.EXCHANGE
    assert unlisted(under_the_old, START + timedelta(hours=26)) is Unlisted.UNCONFIRMED
    again = standing([said(0, sheet="1"), said(25, sheet="2")], SHEETS)
    assert unlisted(again, START + timedelta(hours=26)) is None


@pytest.mark.rule("R40", "R43")
def test_who_said_something_else_last_is_on_no_list_though_the_paper_is_incomplete() -> None:
    told = [said(0), said(25), said(26, WishKind.STAY, is_signed=False)]
    assert unlisted(standing(told, SHEETS), START + timedelta(hours=27)) is Unlisted.DOUBT


@pytest.mark.rule("R43")
def test_without_a_confirmed_name_nobody_is_listed() -> None:
    now = standing([said(0), said(25, name=" ")], SHEETS)
    assert unlisted(now, START + timedelta(hours=26)) is Unlisted.NO_NAME


@pytest.mark.rule("R41")
@pytest.mark.parametrize("kind", [one for one in WishKind if one not in {WishKind.EXCHANGE, WishKind.UNDECIDED}])
def test_the_sick_are_not_sent_against_their_will(kind: WishKind) -> None:
    assert stops(standing([said(0, kind)], SHEETS), WayHome.SICK, Fear.NONE, SICK) is Stop.REFUSES
    assert stops(standing([said(0, kind)], SHEETS), WayHome.EXCHANGE, Fear.NONE, ()) is Stop.NO_WISH


@pytest.mark.rule("R41")
def test_a_refusal_is_heard_though_its_paper_is_incomplete_and_silence_keeps_nobody_gravely_ill() -> None:
    assert stops(standing([said(0, refuses_if_sick=True)], SHEETS), WayHome.SICK, Fear.NONE, SICK) is Stop.REFUSES
    mumbled = said(3, WishKind.UNDECIDED, refuses_if_sick=True, is_signed=False)
    assert stops(standing([said(0), mumbled], SHEETS), WayHome.SICK, Fear.NONE, SICK) is Stop.DOUBT
    assert stops(standing([], SHEETS), WayHome.SICK, Fear.NONE, SICK) is None


@pytest.mark.rule("R41")
@calm
@given(histories, st.sampled_from(WayHome))
def test_a_fear_that_is_open_or_was_upheld_stops_every_return(told: list[Wish], way: WayHome) -> None:
    now = standing(told, SHEETS)
    assert stops(now, way, Fear.OPEN, set(Ground)) is Stop.FEAR
    assert stops(now, way, Fear.UPHELD, set(Ground)) is Stop.NOT_RETURNED


@pytest.mark.rule("R41")
@pytest.mark.parametrize("kind", [WishKind.STAY, WishKind.THIRD_COUNTRY])
def test_after_the_hostilities_who_does_not_want_to_go_has_a_decision_of_their_own_first(kind: WishKind) -> None:
    now = standing([said(0, kind)], SHEETS)
    assert stops(now, WayHome.AFTER_HOSTILITIES, Fear.NONE, OVER) is Stop.FEAR
    assert stops(now, WayHome.AFTER_HOSTILITIES, Fear.ANSWERED, OVER) is None


@pytest.mark.rule("R41")
@calm
@given(histories, st.sampled_from(WayHome), st.sampled_from(Fear), st.sets(st.sampled_from(Ground)))
def test_while_hostilities_last_who_refuses_is_sent_in_no_way(
    told: list[Wish], way: WayHome, fear: Fear, grounds: set[Ground]
) -> None:
    now = standing([*told, said(999, refuses_if_sick=True)], SHEETS)
    lasting = grounds - {Ground.HOSTILITIES_OVER}
    assert stops(now, way, fear, lasting) is not None


@pytest.mark.rule("R41")
def test_each_ground_has_to_have_been_entered_by_others() -> None:
    now = standing([said(0)], SHEETS)
    assert stops(now, WayHome.AFTER_HOSTILITIES, Fear.NONE, SICK) is Stop.NOT_OVER
    assert stops(now, WayHome.SICK, Fear.NONE, OVER) is Stop.NOT_SICK
    assert stops(now, WayHome.EXCHANGE, Fear.NONE, ()) is None
