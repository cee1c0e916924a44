# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the door believes of the board, and what it does without it."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from tests.edge.conftest import Clock, Line

from safeconduct.edge.board import REFRESH_SECONDS, BoardReader
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Kept, Posted
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.vocabulary import board

DAY = 24 * 3600
ANCHOR_EXPIRES = datetime(2028, 1, 1, tzinfo=UTC)


def reader(line: Line) -> BoardReader:
    """As a process that has just started."""
    return BoardReader(line.spool, root=line.credentials.root, tags=("en",), clock=line.clock)


async def later(line: Line) -> None:
    line.clock.now += REFRESH_SECONDS


async def test_what_two_publishers_signed_is_believed(line: Line) -> None:
    view = await reader(line).view()
    assert view.intake == line.intake.public
    assert view.line == board.LineNotice("within_day")


@pytest.mark.rule("T13", "R9")
async def test_what_too_few_or_strangers_signed_is_not(bare_line: Line) -> None:
    publisher, stranger = bare_line.publishers[0], SigningKey.generate()
    content = board.encode(board.TeamKeys({"intake": board.TeamKey(1, bare_line.intake.public.raw)}))
    for signers in ((), (publisher,), (publisher, stranger), bare_line.reviewers):
        await bare_line.publish(board.TEAMS, content, signers=signers)
        assert (await reader(bare_line).view()).intake is None


@pytest.mark.rule("T13")
async def test_altered_content_is_not_believed_and_the_last_good_stays(line: Line) -> None:
    reading = reader(line)
    await reading.view()
    posted = await line.spool.published(board.TEAMS)
    assert posted is not None
    other = board.encode(board.TeamKeys({"intake": board.TeamKey(1, PrivateKey.generate().public.raw)}))
    await line.spool.publish(board.TEAMS, posted.version, posted.document, other)
    await later(line)
    assert (await reading.view()).intake == line.intake.public
    assert (await reader(line).view()).intake is None


async def test_a_newer_entry_is_seen_within_seconds(line: Line) -> None:
    reading, key = reader(line), PrivateKey.generate()
    await reading.view()
    await line.publish_teams(key=key)
    assert (await reading.view()).intake == line.intake.public
    await later(line)
    assert (await reading.view()).intake == key.public


async def test_a_clock_that_was_set_back_does_not_stop_the_reading(line: Line, clock: Clock) -> None:
    reading, key = reader(line), PrivateKey.generate()
    await reading.view()
    clock.now -= DAY
    await line.publish_teams(key=key)
    assert (await reading.view()).intake == key.public


@pytest.mark.rule("T4", "R9")
async def test_an_older_entry_is_refused_even_by_a_process_that_never_saw_the_newer(line: Line) -> None:
    old = await line.spool.published(board.LINE)
    assert old is not None
    await line.publish_line(board.LineNotice("within_hour"))
    await reader(line).view()
    # Whoever writes to the spool's file may show an old entry under a high number.
    await line.spool.publish(board.LINE, 99, old.document, old.content)
    assert (await reader(line).view()).line is None


async def test_an_expired_entry_is_no_longer_believed(line: Line, clock: Clock) -> None:
    reading = reader(line)
    assert (await reading.view()).intake is not None
    clock.now += 30 * DAY
    assert (await reading.view()).intake is None


async def test_what_a_wrong_clock_called_expired_is_believed_when_the_clock_is_right(line: Line, clock: Clock) -> None:
    clock.now += 40 * DAY
    reading = reader(line)
    assert (await reading.view()).intake is None
    clock.now -= 40 * DAY
    assert (await reading.view()).intake == line.intake.public


async def test_a_clock_that_jumps_and_comes_back_takes_nothing_away_for_good(line: Line, clock: Clock) -> None:
    reading = reader(line)
    for days, intake in ((0, line.intake.public), (40, None), (-40, line.intake.public)):
        clock.now += days * DAY
        assert (await reading.view()).intake == intake


async def test_an_expired_entry_is_logged_once(line: Line, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    clock.now += 40 * DAY
    reading = reader(line)
    for _ in range(3):
        await reading.view()
        await later(line)
    assert caplog.text.count("board entry teams is refused: Expired") == 1


@pytest.mark.rule("R9")
async def test_nothing_is_believed_for_longer_than_the_trust_anchor(line: Line, clock: Clock) -> None:
    await line.publish_teams(days=1_000)
    reading = reader(line)
    assert (await reading.view()).intake == line.intake.public
    clock.now = ANCHOR_EXPIRES.timestamp() - 1
    assert (await reading.view()).intake == line.intake.public
    await later(line)
    assert (await reading.view()).intake is None


@pytest.mark.rule("T4", "R9")
async def test_a_version_that_could_not_be_remembered_is_remembered_with_the_next_reading(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(_kept: Kept) -> None:
        raise SpoolUnavailable("busy")

    reading = reader(line)
    with monkeypatch.context() as broken:
        broken.setattr(line.spool, "keep", unavailable)
        await reading.view()
    assert await line.spool.kept("board", board.TEAMS.encode()) is None
    await later(line)
    await reading.view()
    assert await line.spool.kept("board", board.TEAMS.encode()) == (1).to_bytes(8)


async def test_all_who_come_during_the_first_reading_wait_for_it(line: Line) -> None:
    reading = reader(line)
    views = await asyncio.gather(*(reading.view() for _ in range(5)))
    assert [view.intake for view in views] == [line.intake.public] * 5


async def test_nobody_waits_for_a_later_reading(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, gate = reader(line), asyncio.Event()
    await reading.view()
    really = line.spool.published

    async def slow(name: str) -> Posted | None:
        await gate.wait()
        return await really(name)

    monkeypatch.setattr(line.spool, "published", slow)
    await later(line)
    first = asyncio.ensure_future(reading.view())
    await asyncio.sleep(0.01)
    assert (await asyncio.wait_for(reading.view(), 20)).intake == line.intake.public
    gate.set()
    await first


async def test_signed_nonsense_is_no_key(line: Line) -> None:
    for content in (b"", b"{}", b'{"teams":{"intake":{"version":1,"key":"AAAA"}}}', b"\xff\x00"):
        await line.publish(board.TEAMS, content)
        assert (await reader(line).view()).intake is None


async def test_without_intakes_key_the_form_is_not_shown(bare_line: Line) -> None:
    await bare_line.publish_line(board.LineNotice("within_day", (board.Way("telegram", "@example_bot"),)))
    async with bare_line.client() as client:
        form = await client.get("/en/apply")
        assert form.status_code == 503
        assert "<form" not in form.text
        assert "@example_bot" in form.text
        assert (await client.get("/healthz")).status_code == 503
        assert (await client.post("/en/apply", data={"type": "unit", "stage": "home"})).status_code == 503


async def test_only_published_ways_in_are_shown(client: httpx.AsyncClient, line: Line) -> None:
    assert "Telegram" not in (await client.get("/en/")).text
    await line.publish_line(board.LineNotice("within_hour", (board.Way("telegram", "@<b>x"),)))
    await later(line)
    page = (await client.get("/en/")).text
    assert "@&lt;b&gt;x" in page


async def test_the_way_out_is_the_one_that_the_line_names(client: httpx.AsyncClient, line: Line) -> None:
    await line.publish_line(board.LineNotice("within_hour", leave="https://weather.example/"))
    assert 'href="https://weather.example/"' in (await client.get("/en/how")).text


@pytest.mark.parametrize(
    ("wait", "said"), [("within_hour", "an hour"), ("within_day", "a day"), ("within_three_days", "three days")]
)
async def test_the_usual_wait_is_the_boards(line: Line, wait: board.UsualWait, said: str) -> None:
    await line.publish_line(board.LineNotice(wait))
    async with line.client() as client:
        review = await client.post("/en/apply", data={"type": "individual", "stage": "front"})
        ticket = review.text.split('name="ticket" value="')[1].split('"')[0]
        shown = await client.post("/en/apply", data={"type": "individual", "stage": "front", "ticket": ticket})
    assert f"usually comes within {said}." in shown.text
