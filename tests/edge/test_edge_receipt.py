# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receipt: shown for 30 minutes to whoever holds the ticket, typed back once, found again by its digits alone."""

import asyncio

import pytest
from tests.edge.conftest import Clock, Line
from tests.edge.person import Person
from tests.stored import stored_under

from safeconduct.sealing.receipts import Receipt


async def test_the_receipt_is_six_groups_of_four(person: Person) -> None:
    shown = await person.apply()
    groups = ["".join(span.itertext()) for span in shown.by_id("receipt")]
    assert [len(group) for group in groups] == [4] * 6
    assert Receipt.parse(shown.receipt).digits == "".join(groups)


async def test_a_repeated_last_post_shows_the_same_receipt_and_stores_nothing(person: Person, line: Line) -> None:
    review = await person.review()
    first = await person.post("apply", review.hidden)
    again = await person.post("apply", review.hidden)
    assert (again.status, again.receipt) == (200, first.receipt)
    assert len(await line.arrived()) == 1


@pytest.mark.rule("T9")
async def test_twenty_last_posts_at_once_are_one_application(person: Person, line: Line) -> None:
    review = await person.review(text="I pressed it twenty times")
    shown = await asyncio.gather(*(person.post("apply", review.hidden) for _ in range(20)))
    assert {page.status for page in shown} == {200}
    assert len({page.receipt for page in shown}) == 1
    assert len(await line.arrived()) == 2  # facts and text


async def test_after_30_minutes_the_ticket_shows_no_digits(person: Person, line: Line, clock: Clock) -> None:
    review = await person.review()
    await person.post("apply", review.hidden)
    clock.now += 30 * 60
    late = await person.post("apply", review.hidden)
    assert late.status == 400
    assert not late.has("receipt")
    assert len(await line.arrived()) == 1


@pytest.mark.rule("T1")
async def test_a_tab_that_a_browser_brings_back_after_days_stores_nothing_anew_and_shows_no_code(
    person: Person, line: Line, clock: Clock
) -> None:
    review = await person.review()
    await person.post("apply", review.hidden)
    clock.now += 9 * 24 * 3600
    await line.spool.sweep(clock())
    late = await person.post("apply", review.hidden)
    assert late.status == 200
    assert not late.has("receipt")
    assert len(await line.arrived()) == 1
    assert (await person.post("apply", late.hidden)).receipt  # whoever presses it again has sent it today


async def test_just_before_30_minutes_it_still_does(person: Person, clock: Clock) -> None:
    review = await person.review()
    shown = await person.post("apply", review.hidden)
    clock.now += 30 * 60 - 1
    assert (await person.post("apply", review.hidden)).receipt == shown.receipt


async def test_the_last_group_typed_back_is_told_right(person: Person) -> None:
    shown = await person.apply()
    typed = {"ticket": shown.hidden["ticket"], "last_group": f" {shown.receipt[-4:]} "}
    page = await person.post("apply", typed)
    assert page.status == 200
    assert not page.has("receipt")


@pytest.mark.parametrize("typed", ["", "0000x", "12", "１２３４５", "x" * 9_000])
async def test_another_group_shows_the_receipt_again(person: Person, typed: str) -> None:
    shown = await person.apply()
    page = await person.post("apply", {"ticket": shown.hidden["ticket"], "last_group": typed})
    assert page.status == 400
    assert page.receipt == shown.receipt
    assert page.by_id("last_group").get("aria-invalid") == "true"


async def test_digits_of_another_script_are_the_same_digits(person: Person) -> None:
    shown = await person.apply()
    arabic = shown.receipt.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert (await person.post("apply", {"ticket": shown.hidden["ticket"], "last_group": arabic[-4:]})).status == 200
    assert (await person.open(arabic)).status == 200


async def test_seven_words_open_the_inbox_as_well(person: Person) -> None:
    shown = await person.apply()
    words = next(p.text or "" for p in shown.all("p") if p.get("class") == "words")
    assert len(words.split()) == 7
    assert (await person.open(words.upper())).status == 200


@pytest.mark.parametrize("ticket", ["", "x", "x" * 42, "é" * 43, "=" * 43, "x" * 44, "\x00" * 43])
async def test_a_ticket_of_another_shape_is_refused(person: Person, ticket: str) -> None:
    review = await person.review()
    assert (await person.post("apply", {**review.hidden, "ticket": ticket})).status == 400


@pytest.mark.rule("T3")
async def test_the_spool_holds_neither_the_digits_nor_the_ticket(person: Person, line: Line) -> None:
    shown = await person.apply(text="planted words")
    spool = b"".join(stored_under(line.folder).values())
    for secret in (shown.receipt, shown.hidden["ticket"], "planted words"):
        assert secret.encode() not in spool
