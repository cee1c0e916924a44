# SPDX-License-Identifier: AGPL-3.0-or-later
"""A flood, and who waits in it: whoever's network has had its share, half a minute long, and nobody else (T7, T14)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import html5lib
import httpx
import pytest
from tests.edge.conftest import ADDRESS, Clock, Line
from tests.edge.person import Page, Person

from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.edge.web import admission as admissions
from safeconduct.edge.web import passes
from safeconduct.edge.web.admission import CROWD, HALF, RESERVED, STANDING_MOST, Admission
from safeconduct.edge.web.app import make_app
from safeconduct.edge.web.posts import Gone
from safeconduct.edge.web.shares import NEAR, WIDE
from safeconduct.spool.contract import Lane
from safeconduct.vocabulary.records import PersonText

PROXY = bytes([127, 0, 0, 1])
CAMP = "203.0.113.7"
NEIGHBOUR = "198.51.100.9"
PLAIN = 'one\r\ntwo {sealed} "><b id="problem-sum">&amp; \ue000 я\u202e'
UNCARRIED = PLAIN + "\x00"
VISIT_MOST = 14_000

From = Callable[[str | None], AbstractAsyncContextManager[Person]]


@pytest.fixture
def pace() -> Clock:
    """By which shares grow again: it stands still while a person waits."""
    return Clock()


@pytest.fixture
def admission(line: Line, pace: Clock) -> Admission:
    return Admission(line.spool, proxies=[PROXY], clock=pace)


@pytest.fixture
def coming_from(line: Line, admission: Admission) -> From:
    """A person whose address the proxy tells; without one they come through the onion service."""
    app = make_app(line.spool, line.credentials, clock=line.clock, demonstration=True, admission=admission)

    @asynccontextmanager
    async def come(address: str | None) -> AsyncIterator[Person]:
        headers = {} if address is None else {"x-forwarded-for": address}
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 40_000))
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers) as client:
            yield Person(client)

    return come


@pytest.fixture
def fill_to(line: Line, admission: Admission, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the spool say how full it is."""

    def fill(share: float) -> None:
        async def fullness(lane: Lane) -> float:
            assert lane is Lane.FIRST
            return share

        monkeypatch.setattr(line.spool, "fullness", fullness)
        monkeypatch.setattr(admission, "_fullness", share)

    return fill


@pytest.fixture
async def camp(coming_from: From, fill_to: Callable[[float], None]) -> AsyncIterator[Person]:
    """One of many behind one address that has had its share, in a flood."""
    async with coming_from(CAMP) as person:
        for _ in range(NEAR.at_once):
            await person.apply()
        fill_to(HALF)
        yield person


def is_question(page: Page) -> bool:
    return page.status == 200 and page.has("sum-2") and not page.has("receipt")


def answer(page: Page, *, beside: int = 0) -> dict[str, str]:
    """What a person sends who can add; `beside` makes it wrong."""
    first, second = page.all("legend")[0][0].text.removesuffix(" = ?").split(" + ")  # type: ignore[union-attr]
    return {**page.hidden, "sum": str((int(first) + int(second) - 2 + beside) % 7 + 2)}


@pytest.mark.rule("T7", "T14")
async def test_while_there_is_room_nothing_is_asked_of_anybody(
    coming_from: From, fill_to: Callable[[float], None]
) -> None:
    fill_to(HALF - 0.01)
    for address in (CAMP, None):
        async with coming_from(address) as person:
            assert all([(await person.apply()).has("receipt") for _ in range(3 * NEAR.at_once)])


@pytest.mark.rule("T7", "T14")
@pytest.mark.parametrize("words", [PLAIN, UNCARRIED])
async def test_who_comes_after_their_networks_share_answers_and_waits_and_is_stored(
    camp: Person, line: Line, clock: Clock, words: str
) -> None:
    before = len(await line.arrived())
    asked = await camp.apply(text=words)
    assert is_question(asked)
    assert not asked.has("problem-sum")
    assert "Nothing is stored yet." in asked.text
    assert len(await line.arrived()) == before
    clock.now += passes.WAIT_SECONDS
    assert (await camp.post("apply", answer(asked))).has("receipt")
    stored = [record for _, record in (await line.arrived())[before:]]
    assert stored[1:] == [PersonText(words.replace("\r\n", "\n"))]


@pytest.mark.rule("T7")
@pytest.mark.usefixtures("camp")
async def test_a_network_that_has_not_had_its_share_is_asked_nothing(coming_from: From) -> None:
    async with coming_from(NEIGHBOUR) as person:
        assert (await person.apply()).has("receipt")


@pytest.mark.rule("T7", "T14")
async def test_who_has_no_address_is_asked_and_spends_nobodys_share(
    coming_from: From, fill_to: Callable[[float], None], clock: Clock
) -> None:
    fill_to(HALF)
    async with coming_from(None) as onion, coming_from("127.0.0.1") as other:
        pages = [await visitor.apply() for _ in range(WIDE.at_once) for visitor in (onion, other)]
        assert all(is_question(page) for page in pages)
        clock.now += passes.WAIT_SECONDS
        assert (await onion.post("apply", answer(pages[0]))).has("receipt")
    async with coming_from(NEIGHBOUR) as person:
        assert (await person.apply()).has("receipt")


@pytest.mark.rule("T7")
async def test_a_wrong_answer_or_none_is_asked_anew_and_costs_no_second_wait(camp: Person, clock: Clock) -> None:
    asked = await camp.apply(text="still here")
    clock.now += passes.WAIT_SECONDS
    wrong = await camp.post("apply", answer(asked, beside=1))
    none = await camp.post("apply", wrong.hidden)
    for page in (wrong, none):
        assert is_question(page)
        assert page.has("problem-sum")
        assert page.hidden["text"] == "still here"
    assert (await asyncio.wait_for(camp.post("apply", answer(none)), 10)).has("receipt")


@pytest.mark.rule("T7")
async def test_a_pass_lets_one_application_in(camp: Person, line: Line, clock: Clock) -> None:
    first, second = await camp.apply(), await camp.apply()
    clock.now += passes.WAIT_SECONDS
    before = len(await line.arrived())
    shown = await camp.post("apply", answer(first))
    again = await camp.post("apply", answer(first))
    assert shown.receipt == again.receipt
    borrowed = {**answer(first), "ticket": second.hidden["ticket"]}
    assert is_question(await camp.post("apply", borrowed))
    assert is_question(await camp.post("apply", {**answer(second), "pass": "forged"}))
    assert len(await line.arrived()) == before + 1


@pytest.mark.rule("T7")
async def test_a_pass_that_was_left_lying_is_asked_anew(camp: Person, clock: Clock) -> None:
    asked = await camp.apply()
    clock.now += passes.WAIT_SECONDS + passes.GOOD_SECONDS
    assert is_question(await camp.post("apply", answer(asked)))


@pytest.mark.rule("T7", "T14")
async def test_who_answers_early_is_answered_when_the_wait_is_over(
    camp: Person, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "WAIT_SECONDS", 4)  # long enough that a busy machine is not late for the look below
    asked, before = await camp.apply(), len(await line.arrived())
    waiting = asyncio.create_task(camp.post("apply", answer(asked)))
    await asyncio.sleep(0.7)
    assert len(await line.arrived()) == before
    assert (await asyncio.wait_for(waiting, 60)).has("receipt")


@pytest.mark.rule("T7", "T9")
async def test_when_too_many_stand_one_is_told_to_try_again_and_loses_nothing(
    camp: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admissions, "STANDING_MOST", 0)
    told = await camp.post("apply", answer(await camp.apply(text="still here")))
    assert told.status == 503
    assert "Your answers are still here." in told.text
    clock.now += passes.WAIT_SECONDS
    assert (await camp.post("apply", told.hidden)).has("receipt")


@pytest.mark.rule("T7")
async def test_who_leaves_while_standing_frees_their_place(admission: Admission) -> None:
    async def never() -> dict[str, str]:
        await asyncio.Event().wait()
        raise AssertionError

    async def gone() -> dict[str, str]:
        await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    standing = [asyncio.create_task(admission.stand(never, 60)) for _ in range(STANDING_MOST - 1)]
    await asyncio.sleep(0)
    for _ in range(3):
        with pytest.raises(Gone):
            await admission.stand(gone, 60)
    assert await admission.stand(never, 0.01)
    for task in standing:
        task.cancel()
    await asyncio.gather(*standing, return_exceptions=True)


@pytest.mark.rule("T7", "T14")
async def test_the_last_room_is_kept_for_networks_that_have_not_had_their_share(
    camp: Person, coming_from: From, fill_to: Callable[[float], None], clock: Clock
) -> None:
    fill_to(RESERVED)
    told = await camp.apply(text="still here")
    assert (told.status, told.hidden["text"]) == (503, "still here")
    async with coming_from(NEIGHBOUR) as person:
        assert (await person.apply()).has("receipt")
    fill_to(HALF)  # the desk has collected some
    asked = await camp.post("apply", told.hidden)
    clock.now += passes.WAIT_SECONDS
    assert (await camp.post("apply", answer(asked))).has("receipt")


@pytest.mark.rule("T7", "T9")
async def test_what_is_stored_already_is_shown_again_without_a_question(
    coming_from: From, fill_to: Callable[[float], None]
) -> None:
    async with coming_from(None) as person:
        review = await person.review()
        shown = await person.post("apply", review.hidden)
        fill_to(HALF)
        assert (await person.post("apply", review.hidden)).receipt == shown.receipt


@pytest.mark.rule("T7", "T14")
async def test_known_conversations_flow_on(
    camp: Person, coming_from: From, line: Line, fill_to: Callable[[float], None]
) -> None:
    async with coming_from(NEIGHBOUR) as person:
        receipt = (await person.apply()).receipt
    fill_to(1.0)
    inbox = await camp.open(receipt)
    for number in range(2 * NEAR.at_once):
        inbox = await camp.write(inbox, f"message {number}")
        assert inbox.status == 200
    assert (await line.arrived())[-1][1] == PersonText(f"message {2 * NEAR.at_once - 1}")


@pytest.mark.rule("T7")
async def test_more_than_the_machine_takes_is_a_flood_until_it_is_calm(
    coming_from: From, admission: Admission, pace: Clock
) -> None:
    async with coming_from(None) as person:
        for _ in range(2 * CROWD):  # one after the other
            with admission.storing():
                pass
        crowd = [admission.storing() for _ in range(CROWD)]
        for one in crowd[:-1]:
            one.__enter__()
        assert all([(await person.apply()).has("receipt") for _ in range(2)])
        with crowd[-1]:
            assert (await person.apply()).has("receipt")  # this one is more than the machine takes
            assert is_question(await person.apply())
        for one in crowd[:-1]:
            one.__exit__(None, None, None)
        assert is_question(await person.apply())
        pace.now += admissions.CALM_SECONDS
        assert (await person.apply()).has("receipt")


@pytest.mark.rule("T7")
async def test_the_spool_is_asked_in_passing_and_not_for_everyone(
    coming_from: From, line: Line, pace: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Lane] = []

    async def fullness(lane: Lane) -> float:
        asked.append(lane)
        return HALF

    monkeypatch.setattr(line.spool, "fullness", fullness)
    async with coming_from(None) as person:
        assert (await person.apply()).has("receipt")  # nobody waits for the look that they caused
        assert all([is_question(await person.apply()) for _ in range(5)])
        assert len(asked) == 1
        pace.now += admissions.LOOK_SECONDS
        await person.apply()
    await asyncio.sleep(0)
    assert asked == [Lane.FIRST] * 2


@pytest.mark.rule("T2", "T7")
@pytest.mark.parametrize("tag", AVAILABLE)
async def test_the_question_can_be_read_in_every_language(camp: Person, tag: str) -> None:
    camp.tag = tag
    page = await camp.apply()
    html5lib.HTMLParser(strict=True).parse(page.answer.text)
    assert is_question(page)
    labels = {label.get("for") for label in page.all("label")}
    assert labels == {f"sum-{number}" for number in passes.SUMS}
    assert len(page.all("button")) == 1
    assert int(page.answer.headers["content-length"]) % 4096 == 0
    assert page.answer.headers["cache-control"] == "no-store"
    assert int(page.answer.headers["content-length"]) < VISIT_MOST
