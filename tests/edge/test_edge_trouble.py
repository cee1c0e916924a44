# SPDX-License-Identifier: AGPL-3.0-or-later
"""When it cannot be done: said at once, in the person's language, with another way, and with nothing given away."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.edge.conftest import Clock, Line, make_line
from tests.edge.person import Person

from safeconduct.edge.web.posts import BODY_MAX
from safeconduct.spool.contract import Commit, Kept, Lane, Outcome, Quota
from safeconduct.spool.errors import SpoolFull, SpoolUnavailable
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.board import LineNotice, Way
from safeconduct.vocabulary.records import PersonText

PROBED_FOR = 1.1  # seconds after which the spool asks itself again whether it could store


@pytest.fixture
async def small_line(tmp_path: Path, clock: Clock) -> AsyncIterator[Line]:
    """A spool that a few long applications fill."""
    spool = await SqliteSpool.open(tmp_path / "small.db", quota=Quota(400_000), clock=clock)
    line = await make_line(spool, clock, tmp_path)
    await line.publish_teams()
    await line.publish_line(LineNotice("within_day", (Way("telegram", "@example_bot"),)))
    yield line
    await spool.close()


@pytest.fixture
async def bare_spool(tmp_path: Path, clock: Clock) -> SqliteSpool:
    """The test itself closes it."""
    return await SqliteSpool.open(tmp_path / "gone.db", quota=Quota(64 * 1024 * 1024), clock=clock)


async def fill(person: Person) -> None:
    """Until not even a few words fit."""
    for text in ("я" * 9_000, "я"):
        while (await person.apply(text=text)).status == 200:
            pass


@pytest.mark.rule("T9", "T14")
async def test_a_full_spool_is_told_with_another_way_and_a_second_try(small_line: Line) -> None:
    async with small_line.client() as client:
        person = Person(client)
        review = await person.review(text="я" * 9_000)
        await fill(person)
        refused = await person.post("apply", review.hidden)
        assert refused.status == 503
        assert "Nothing can be stored at the moment." in refused.text
        assert "@example_bot" in refused.text
        assert refused.hidden == review.hidden
        assert not refused.has("receipt")
        waiting = await small_line.spool.waiting(1000)
        await small_line.spool.settle([each.seq for each in waiting])
        assert (await person.post("apply", refused.hidden)).status == 200


@pytest.mark.rule("T9")
async def test_a_full_spool_shows_no_form(small_line: Line) -> None:
    async with small_line.client() as client:
        person = Person(client)
        assert (await client.get("/healthz")).status_code == 200
        await fill(person)
        await asyncio.sleep(PROBED_FOR)
        form = await person.get("apply")
        assert (form.status, form.all("form")) == (503, [])
        assert (await client.get("/healthz")).status_code == 503


@pytest.mark.rule("T9")
async def test_a_spool_that_is_gone_is_told_everywhere(bare_spool: SqliteSpool, clock: Clock, tmp_path: Path) -> None:
    line = await make_line(bare_spool, clock, tmp_path)
    await line.publish_teams()
    async with line.client() as client:
        person = Person(client)
        review, shown = await person.review(), await person.apply()
        inbox = await person.open(shown.receipt)
        await bare_spool.close()
        await asyncio.sleep(PROBED_FOR)
        assert (await person.get("apply")).status == 503
        assert (await person.post("apply", review.hidden)).status == 503
        assert (await person.open(shown.receipt)).status == 503
        assert (await person.act(inbox, "look")).status == 503
        assert (await client.get("/healthz")).status_code == 503
        for name in ("", "how", "treatment", "check", "inbox"):
            assert (await person.get(name)).status == 200


async def test_a_message_that_cannot_be_stored_stays_on_the_page(
    person: Person, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = await person.open((await person.apply()).receipt)

    async def full(_commit: Commit) -> Outcome:
        raise SpoolFull(Lane.KNOWN)

    monkeypatch.setattr(line.spool, "commit", full)
    page = await person.write(inbox, "do not lose me")
    assert page.status == 503
    assert page.by_id("text").text == "do not lose me"
    assert page.replies == []


@pytest.mark.rule("T9")
async def test_a_message_that_was_stored_and_yet_refused_is_not_doubled_by_a_second_try(
    person: Person, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = await person.open((await person.apply()).receipt)
    really = line.spool.commit

    async def stored_and_yet_refused(commit: Commit) -> Outcome:
        await really(commit)
        raise SpoolUnavailable("broke after the write")

    with monkeypatch.context() as broken:
        broken.setattr(line.spool, "commit", stored_and_yet_refused)
        page = await person.write(inbox, "only once")
    assert page.status == 503
    assert (await person.write(page, page.by_id("text").text or "")).status == 200
    assert [record for _, record in await line.arrived()][1:] == [PersonText("only once")]


@pytest.mark.rule("T8")
@pytest.mark.parametrize("text", ["a\x00b", "one\rtwo\n\x1b \ufdd0 я"])
async def test_a_message_that_is_tried_again_is_stored_letter_by_letter(
    person: Person, line: Line, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    inbox = await person.open((await person.apply()).receipt)

    async def full(_commit: Commit) -> Outcome:
        raise SpoolFull(Lane.KNOWN)

    with monkeypatch.context() as broken:
        broken.setattr(line.spool, "commit", full)
        page = await person.write(inbox, text)
        page = await person.write(page, page.by_id("text").text or "")
    await person.write(page, page.by_id("text").text or "")
    await person.write(page, "changed")
    assert [record for _, record in await line.arrived()][1:] == [PersonText(text), PersonText("changed")]


async def test_a_board_that_cannot_be_remembered_is_believed_all_the_same(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(_kept: Kept) -> None:
        raise SpoolUnavailable("busy")

    monkeypatch.setattr(line.spool, "keep", unavailable)
    async with line.client() as client:
        assert (await client.get("/en/apply")).status_code == 200


@pytest.mark.rule("T9")
@pytest.mark.parametrize("error", [SpoolUnavailable("busy"), SpoolFull(Lane.FIRST)])
async def test_a_spool_that_fails_while_it_is_read_is_told_as_full(
    person: Person, line: Line, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    review, inbox = await person.review(), await person.open((await person.apply()).receipt)
    shown = await person.post("apply", review.hidden)

    async def failing(*_: object) -> None:
        raise error

    for name in ("kept", "find", "replies"):
        monkeypatch.setattr(line.spool, name, failing)
    repeated = await person.post("apply", review.hidden)
    typed = await person.post("apply", {"ticket": shown.hidden["ticket"], "last_group": "0000"})
    for page in (repeated, typed, await person.act(inbox, "look"), await person.open(shown.receipt)):
        assert page.status == 503
        assert "Nothing can be stored at the moment." in page.text
    monkeypatch.undo()
    again = await person.post("apply", repeated.hidden)  # it was stored before: the same receipt comes with it
    assert again.receipt == shown.receipt


@pytest.mark.rule("R49")
async def test_an_error_of_ours_tells_and_logs_no_value(
    person: Person, line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    review = await person.review(text="my secret words")

    async def broken(commit: Commit) -> Outcome:
        raise RuntimeError(f"cannot store {commit!r} my secret words")

    monkeypatch.setattr(line.spool, "commit", broken)
    with caplog.at_level(logging.DEBUG):
        page = await person.post("apply", review.hidden)
    assert page.status == 500
    assert "Something went wrong on our side." in page.text
    logged = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("safeconduct"))
    assert "RuntimeError at " in logged
    assert "secret" not in logged + page.answer.text
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.rule("T8")
async def test_a_body_that_is_too_long_is_told_the_limit(person: Person) -> None:
    for size in (BODY_MAX + 1, 3 * BODY_MAX):
        page = await person.post("apply", {"text": "a" * size})
        assert page.status == 413
        assert "10000 characters" in page.text


async def test_a_post_from_another_site_is_refused(client: httpx.AsyncClient) -> None:
    fields = {"type": "individual", "stage": "front"}
    for site, status in (("cross-site", 403), ("same-origin", 200), ("none", 200)):
        answer = await client.post("/en/apply", data=fields, headers={"sec-fetch-site": site})
        assert answer.status_code == status
    assert (await client.post("/en/inbox", data={}, headers={"sec-fetch-site": "cross-site"})).status_code == 403


@pytest.mark.rule("T7")
async def test_a_first_contact_is_never_told_to_slow_down(person: Person) -> None:
    assert {(await person.apply()).status for _ in range(50)} == {200}
